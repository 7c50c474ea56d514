package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.review.Level;
import java.util.OptionalInt;
import org.keycloak.authentication.authenticators.util.LoAUtil;
import org.keycloak.models.Constants;
import org.keycloak.models.utils.AuthenticationFlowResolver;
import org.keycloak.protocol.oidc.utils.AcrUtils;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Sends a login back to its start, with a higher level asked for, as if its client had sent {@code acr_values}: Keycloak's conditions on the
 * level of authentication take it from there. Done once for each level and tab, so that a flow which does not reach it is no loop.
 */
final class HigherLevel {

    private static final String ASKED = "jit.level.asked";

    private final AuthenticationSessionModel authSession;

    HigherLevel(AuthenticationSessionModel authSession) {
        this.authSession = authSession;
    }

    /**
     * Asks for the level, where the login's flow has a condition that can reach it and was not asked in this tab before.
     *
     * @param acr the level that the policy demands
     * @return whether the login has to start again
     */
    boolean ask(String acr) {
        OptionalInt needed = Level.of(acr, AcrUtils.getAcrLoaMap(authSession.getClient()));
        if (needed.isEmpty() || asked() >= needed.getAsInt() || !canReach(needed.getAsInt())) {
            return false;
        }
        String written = Integer.toString(needed.getAsInt());
        authSession.setClientNote(ASKED, written);
        if (number(Constants.REQUESTED_LEVEL_OF_AUTHENTICATION) < needed.getAsInt()) {
            authSession.setClientNote(Constants.REQUESTED_LEVEL_OF_AUTHENTICATION, written);
        }
        return true;
    }

    private boolean canReach(int level) {
        String flow = AuthenticationFlowResolver.resolveBrowserFlow(authSession).getId();
        return LoAUtil.getLoaMaxAgesConfiguredInRealmFlow(authSession.getRealm(), flow).keySet().stream()
                .anyMatch(offered -> offered >= level);
    }

    private int asked() {
        return number(ASKED);
    }

    private int number(String note) {
        String written = authSession.getClientNote(note);
        return written == null ? Constants.NO_LOA : Integer.parseInt(written);
    }
}
