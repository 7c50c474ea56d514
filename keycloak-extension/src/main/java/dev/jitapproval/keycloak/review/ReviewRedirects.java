package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.keycloak.OAuth2Constants;
import org.keycloak.common.util.Base64Url;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.OIDCLoginProtocolService;
import org.keycloak.protocol.oidc.utils.PkceUtils;

/**
 * Where the links of mails lead: into an ordinary OIDC sign-in of the client {@code jit-approval} that ends in a review. Nothing
 * is decided and nothing about a request is told here, since nobody has signed in yet.
 */
public final class ReviewRedirects {

    private static final int RANDOM_BYTES = 32;

    private final KeycloakSession session;
    private final RealmModel realm;

    public ReviewRedirects(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    /** {@code GET /realms/{realm}/jit-approval/review/{id}}. */
    public Response review(String requestId) {
        if (!ReviewLinks.isRequestId(requestId)) {
            return page("not-found", Response.Status.NOT_FOUND);
        }
        return signIn(ReviewClient.REVIEW_ACTION, requestId, requiredAcr(requestId));
    }

    /** {@code GET /realms/{realm}/jit-approval/inbox}. */
    public Response inbox() {
        return signIn(ReviewClient.INBOX_ACTION, null, Optional.empty());
    }

    /** {@code GET /realms/{realm}/jit-approval/ended}: where a sign-in that failed comes back to. */
    public Response ended() {
        return page("ended", Response.Status.OK);
    }

    private Response signIn(String action, String parameter, Optional<String> acr) {
        ClientModel client = realm.getClientByClientId(ReviewClient.CLIENT_ID);
        if (client == null || !client.isEnabled() || !ReviewClient.canRun(realm, action)) {
            return page("not-ready", Response.Status.NOT_FOUND);
        }
        URI base = session.getContext().getUri().getBaseUri();
        UriBuilder uri = OIDCLoginProtocolService.authUrl(UriBuilder.fromUri(base))
                .queryParam(OAuth2Constants.CLIENT_ID, ReviewClient.CLIENT_ID)
                .queryParam(OAuth2Constants.REDIRECT_URI, "{redirect}")
                .queryParam(OAuth2Constants.RESPONSE_TYPE, OAuth2Constants.CODE)
                .queryParam(OAuth2Constants.SCOPE, OAuth2Constants.SCOPE_OPENID)
                .queryParam(OAuth2Constants.STATE, random())
                .queryParam(OIDCLoginProtocol.NONCE_PARAM, random())
                .queryParam(OAuth2Constants.CODE_CHALLENGE, PkceUtils.generateS256CodeChallenge(random()))
                .queryParam(OAuth2Constants.CODE_CHALLENGE_METHOD, OAuth2Constants.PKCE_METHOD_S256)
                .queryParam(Constants.KC_ACTION, parameter == null ? action : action + ":" + parameter);
        acr.ifPresent(value -> uri.queryParam(OAuth2Constants.ACR_VALUES, "{acr}"));
        return Response.status(Response.Status.FOUND)
                .location(uri.buildFromMap(Map.of(
                        "realm", realm.getName(), "redirect", ReviewLinks.ended(base, realm).toString(), "acr", acr.orElse(""))))
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }

    private Optional<String> requiredAcr(String requestId) {
        return JitApprovalProvider.of(session).approvals().find(realm.getId(), requestId)
                .flatMap(ApprovalRequest::currentStage)
                .flatMap(stage -> stage.require().acr());
    }

    /** The code that such a sign-in would end in is never issued, so that nobody keeps these. */
    private static String random() {
        return Base64Url.encode(SecretGenerator.getInstance().randomBytes(RANDOM_BYTES));
    }

    private Response page(String state, Response.Status status) {
        LoginFormsProvider forms = session.getProvider(LoginFormsProvider.class).setDetachedAuthSession();
        Map<String, Object> model = new HashMap<>();
        model.put("state", state);
        return Pages.render(session, realm, forms, "jit-review.ftl", status, forms.getMessage("jitReviewTitle." + state), model);
    }
}
