package dev.jitapproval.keycloak.gate;

import dev.jitapproval.keycloak.context.DecisionContext;
import java.util.Optional;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * One step of a flow, as a door hands it to the {@link Gate}.
 *
 * @param realm where
 * @param user who; authenticated by the steps before
 * @param client what is asked into
 * @param context the facts, as they are now
 * @param browser the browser's secret; empty where it has none yet
 * @param interactive whether the user can be shown a page now
 * @param kcAction the application-initiated action that the client asked for, or null
 * @param tabRequest the request that this very tab waits for, or null
 * @param spentRequest the request whose approval this login has spent already, or null
 * @param restarted whether the tab went back to the start of the login since it was given {@code tabRequest}
 * @param confirmedDigest the digest of the decision that the user confirmed, or null
 * @param justification what the user wrote, or null
 */
public record Step(
        RealmModel realm,
        UserModel user,
        ClientModel client,
        DecisionContext context,
        Optional<BrowserSecret> browser,
        boolean interactive,
        String kcAction,
        String tabRequest,
        String spentRequest,
        boolean restarted,
        String confirmedDigest,
        String justification) {}
