package dev.jitapproval.keycloak.review;

import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;

/** The client that approvers sign in to. Nothing but deciding happens there. */
public final class ReviewClient {

    /** The client id. Every realm that the checkpoint guards has this client. */
    public static final String CLIENT_ID = "jit-approval";

    /** The required action that decides one request; its parameter is the request's id. */
    public static final String REVIEW_ACTION = "jit-review";

    /** The required action that lists what a person may decide. */
    public static final String INBOX_ACTION = "jit-inbox";

    private ReviewClient() {}

    /** Whether this is the approvers' client. */
    public static boolean is(ClientModel client) {
        return client != null && CLIENT_ID.equals(client.getClientId());
    }

    /** Whether the realm can run the action: registered and enabled. Keycloak silently skips it otherwise. */
    public static boolean canRun(RealmModel realm, String action) {
        var model = realm.getRequiredActionProviderByAlias(action);
        return model != null && model.isEnabled();
    }
}
