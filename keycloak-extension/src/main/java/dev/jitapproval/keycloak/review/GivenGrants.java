package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.Command;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.GrantQuery;
import dev.jitapproval.keycloak.approval.Grants;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** What somebody approved and that is still good, for their inbox. */
final class GivenGrants {

    private static final int LISTED = 50;

    private final KeycloakSession session;

    GivenGrants(KeycloakSession session) {
        this.session = session;
    }

    List<Map<String, Object>> list(RealmModel realm, UserModel user, Locale locale) {
        Instant now = KeycloakClock.now();
        GrantQuery query = new GrantQuery(null, null, null, user.getId(), true, now, null);
        return Grants.of(session).list(realm.getId(), query, LISTED).stream()
                .map(grant -> entry(grant, locale, now))
                .toList();
    }

    /** Takes a grant back in the name of who gave it. One that is not theirs, or over by now, stays as it is: the fold sees to that. */
    void revoke(RealmModel realm, UserModel user, String grantId) {
        String personKey = session.getProvider(EligibilityLookup.class).personKey(realm, user);
        if (Grants.of(session).find(realm.getId(), grantId).isPresent()) {
            JitApprovalProvider.of(session).approvals().execute(
                    realm.getId(), grantId, Command.revoke(null), Actor.user(user.getId(), user.getUsername(), personKey));
        }
    }

    private static Map<String, Object> entry(Grant grant, Locale locale, Instant now) {
        RequestView view = new RequestView(grant.request(), locale, now);
        Map<String, Object> entry = view.model();
        entry.put("until", grant.until().toString());
        entry.put("untilText", view.time(grant.until()));
        return entry;
    }
}
