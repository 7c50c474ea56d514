package dev.jitapproval.keycloak.review;

import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.UUID;
import org.keycloak.models.RealmModel;
import org.keycloak.services.Urls;

/** Every address of the approvers' pages, built in one place. */
public final class ReviewLinks {

    /** The realm resource below which the pages' addresses lie. */
    static final String RESOURCE = "jit-approval";

    private static final String ENDED = "ended";

    private ReviewLinks() {}

    /**
     * The link that mails and chats carry: it leads to the review page, and decides nothing.
     *
     * @param base the server's frontend address
     * @param requestId the request
     */
    public static URI review(URI base, RealmModel realm, String requestId) {
        return below(base, realm).path("review").path(requestId).build();
    }

    /** The link to the list of what a person may decide. */
    public static URI inbox(URI base, RealmModel realm) {
        return below(base, realm).path("inbox").build();
    }

    /** Where the client {@code jit-approval} is sent back to when a sign-in fails. */
    static URI ended(URI base, RealmModel realm) {
        return below(base, realm).path(ENDED).build();
    }

    /** The path of {@link #ended}, as the client's redirect URI relative to its root. */
    public static String endedPath(RealmModel realm) {
        return UriBuilder.fromPath("/realms/{realm}/" + RESOURCE + "/" + ENDED).build(realm.getName()).toString();
    }

    /** The path of {@link #inbox}, as the client's base URL. */
    public static String inboxPath(RealmModel realm) {
        return UriBuilder.fromPath("/realms/{realm}/" + RESOURCE + "/inbox").build(realm.getName()).toString();
    }

    /**
     * Whether the text can be the id of a request: a UUID. Keycloak cuts {@code kc_action} at its second colon, and nothing
     * that cannot be an id is worth a look-up.
     */
    public static boolean isRequestId(String text) {
        if (text == null || text.length() != 36) {
            return false;
        }
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException notAnId) {
            return false;
        }
    }

    private static UriBuilder below(URI base, RealmModel realm) {
        return Urls.realmBase(base).path(realm.getName()).path(RESOURCE);
    }
}
