package dev.jitapproval.keycloak.eligibility;

import dev.jitapproval.keycloak.lifecycle.PerRealm;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.representations.userprofile.config.UPAttribute;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.userprofile.UserProfileConstants;
import org.keycloak.userprofile.UserProfileProvider;

/**
 * Tells whether a user attribute may be relied on. One that users can edit themselves may not: whoever writes their own
 * {@code manager} chooses who approves, and whoever writes their own {@code person_key} becomes somebody else.
 */
public final class AttributeTrust {

    private static final Logger LOG = Logger.getLogger(AttributeTrust.class);
    private static final int REMEMBERED_PER_REALM = 50;

    /** Part of every account; who may change them depends on more than the user profile. */
    private static final Set<String> ACCOUNT_FIELDS =
            Set.of(UserModel.USERNAME, UserModel.EMAIL, UserModel.FIRST_NAME, UserModel.LAST_NAME, UserModel.LOCALE);

    private static final PerRealm<Set<String>> REFUSED = new PerRealm<>();

    private AttributeTrust() {}

    /**
     * Whether only admins (or a user federation) can set the attribute in this realm. An answer of {@code false} is logged
     * once and kept for {@link #refused}.
     */
    public static boolean adminOnly(KeycloakSession session, RealmModel realm, String attribute) {
        boolean trusted = adminOnly(session.getProvider(UserProfileProvider.class).getConfiguration(), attribute);
        Set<String> refused = REFUSED.getOrMake(realm.getId(), ConcurrentHashMap::newKeySet);
        if (trusted) {
            refused.remove(attribute);
        } else if (refused.size() < REMEMBERED_PER_REALM && refused.add(attribute)) {
            LOG.warnf("Realm %s lets users edit their own attribute '%s', so it cannot decide who approves: nobody matches by it. "
                    + "Make it editable by admins only (Realm settings, User profile).", realm.getName(), attribute);
        }
        return trusted;
    }

    /** The attributes that were needed and found to be editable by users, since the server started. */
    public static Set<String> refused(RealmModel realm) {
        return new TreeSet<>(REFUSED.get(realm.getId()).orElse(Set.of()));
    }

    /** As {@link #adminOnly(KeycloakSession, RealmModel, String)}, of a given user profile configuration. */
    static boolean adminOnly(UPConfig profile, String attribute) {
        if (ACCOUNT_FIELDS.contains(attribute)) {
            return false;
        }
        UPAttribute declared = profile.getAttribute(attribute);
        if (declared != null) {
            return declared.getPermissions() == null
                    || !declared.getPermissions().getEdit().contains(UserProfileConstants.ROLE_USER);
        }
        return profile.getUnmanagedAttributePolicy() != UPConfig.UnmanagedAttributePolicy.ENABLED;
    }
}
