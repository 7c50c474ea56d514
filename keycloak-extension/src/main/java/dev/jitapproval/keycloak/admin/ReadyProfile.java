package dev.jitapproval.keycloak.admin;

import dev.jitapproval.keycloak.eligibility.AttributeTrust;
import dev.jitapproval.keycloak.eligibility.PersonKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.userprofile.config.UPAttribute;
import org.keycloak.representations.userprofile.config.UPAttributePermissions;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.userprofile.UserProfileConstants;
import org.keycloak.userprofile.UserProfileProvider;

/** The user attribute {@code person_key}, which decides who counts as one person: only admins may see or edit it. */
final class ReadyProfile {

    private final KeycloakSession session;
    private final RealmModel realm;

    ReadyProfile(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /** Declares the attribute for admins only, where the user profile does not know it yet. */
    void ensure() {
        UserProfileProvider profiles = session.getProvider(UserProfileProvider.class);
        UPConfig config = profiles.getConfiguration();
        if (config.getAttribute(PersonKeys.ATTRIBUTE) == null) {
            Set<String> admin = Set.of(UserProfileConstants.ROLE_ADMIN);
            UPAttribute attribute = new UPAttribute(PersonKeys.ATTRIBUTE);
            attribute.setDisplayName("Person key (accounts with the same key belong to one person)");
            attribute.setPermissions(new UPAttributePermissions(admin, admin));
            config.addOrReplaceAttribute(attribute);
            profiles.setConfiguration(config);
        }
    }

    /** What users could use to become somebody else, in sentences; empty when nothing is known. */
    List<String> problems() {
        Set<String> editable = new TreeSet<>(AttributeTrust.refused(realm));
        if (AttributeTrust.adminOnly(session, realm, PersonKeys.ATTRIBUTE)) {
            editable.remove(PersonKeys.ATTRIBUTE);
        } else {
            editable.add(PersonKeys.ATTRIBUTE);
        }
        List<String> problems = new ArrayList<>();
        for (String attribute : editable) {
            problems.add("Users can edit their own attribute " + attribute + ", so nobody matches by it: make it editable by admins only.");
        }
        if (realm.isEditUsernameAllowed()) {
            problems.add("Users can change their user name, and selectors go by user names: switch off \"Edit username\".");
        }
        return problems;
    }
}
