package dev.jitapproval.keycloak.token;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.List;
import org.keycloak.OAuth2Constants;
import org.keycloak.authorization.authorization.AuthorizationTokenService;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.utils.StringUtil;

/** What a token request asks for beyond its scopes: parameters that are no secrets and change what the token is good for. */
final class AskedFor {

    /** A name on this list goes into the hash by which a request is found again; a credential would be open to guessing there. */
    private static final List<String> PARAMETERS = List.of(
            OAuth2Constants.AUDIENCE,
            "resource",
            "authorization_details",
            "claims",
            OAuth2Constants.REQUESTED_TOKEN_TYPE,
            OAuth2Constants.REQUESTED_SUBJECT,
            OAuth2Constants.REQUESTED_ISSUER,
            OAuth2Constants.SUBJECT_ISSUER,
            OAuth2Constants.SUBJECT_TOKEN_TYPE);

    private AskedFor() {}

    /** The names and values that were sent, in an order that does not depend on the sender's. */
    static List<String> parts(KeycloakSession session) {
        MultivaluedMap<String, String> form = form(session);
        List<String> parts = new ArrayList<>();
        if (form != null) {
            for (String name : PARAMETERS) {
                for (String value : form.getOrDefault(name, List.of()).stream().sorted().toList()) {
                    parts.add(name);
                    parts.add(value);
                }
            }
        }
        return parts;
    }

    /** The clients that a token exchange asks a token for, by {@code client_id}. */
    static List<String> audience(KeycloakSession session) {
        MultivaluedMap<String, String> form = form(session);
        return form == null ? List.of() : form.getOrDefault(OAuth2Constants.AUDIENCE, List.of());
    }

    /** The parameter {@code grant_type} as Keycloak reads it, or null. */
    static String grantType(KeycloakSession session) {
        MultivaluedMap<String, String> form = form(session);
        String type = form == null ? null : form.getFirst(OAuth2Constants.GRANT_TYPE);
        return type == null ? null : StringUtil.removeControlCharacters(type);
    }

    /** What a request for permissions (UMA) says its {@code claim_token} is, or null where there is none; an ID token if it does not say. */
    static String claimTokenFormat(KeycloakSession session) {
        MultivaluedMap<String, String> form = form(session);
        String format = form == null ? null : form.getFirst("claim_token_format");
        return format == null && claimToken(session) != null ? AuthorizationTokenService.CLAIM_TOKEN_FORMAT_ID_TOKEN : format;
    }

    /** The parameter {@code claim_token}, or null. */
    static String claimToken(KeycloakSession session) {
        MultivaluedMap<String, String> form = form(session);
        return form == null ? null : form.getFirst("claim_token");
    }

    private static MultivaluedMap<String, String> form(KeycloakSession session) {
        HttpRequest request = session.getContext().getHttpRequest();
        return request == null ? null : request.getDecodedFormParameters();
    }
}
