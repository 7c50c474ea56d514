package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.engine.Stage;
import java.util.Map;
import java.util.OptionalInt;
import org.keycloak.authentication.authenticators.util.AcrStore;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.utils.AcrUtils;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The authentication level that an approver has reached in this very sign-in. The {@code acr_values} of the link are only a
 * wish: anybody can take them out of the address.
 */
public final class Level {

    private Level() {}

    /** Whether the level that the stage requires was reached; an {@code acr} that the realm does not know never is. */
    static boolean reached(KeycloakSession session, AuthenticationSessionModel authSession, Stage stage) {
        return stage.require().acr()
                .map(acr -> reached(
                        new AcrStore(session, authSession).getLevelOfAuthenticationFromCurrentAuthentication(),
                        acr, AcrUtils.getAcrLoaMap(authSession.getClient())))
                .orElse(true);
    }

    /** Whether a level is the {@code acr} that is required, or a higher one, under a given mapping of {@code acr} to levels. */
    public static boolean reached(int level, String acr, Map<String, Integer> levels) {
        OptionalInt required = of(acr, levels);
        return required.isPresent() && level >= required.getAsInt();
    }

    /** The level that an {@code acr} stands for; empty where neither the mapping nor the {@code acr} itself is a number from 0. */
    public static OptionalInt of(String acr, Map<String, Integer> levels) {
        Integer level = levels.get(acr);
        if (level == null) {
            try {
                level = Integer.valueOf(acr);
            } catch (NumberFormatException unknown) {
                return OptionalInt.empty();
            }
        }
        return level >= 0 ? OptionalInt.of(level) : OptionalInt.empty();
    }
}
