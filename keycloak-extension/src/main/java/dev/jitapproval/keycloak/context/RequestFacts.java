package dev.jitapproval.keycloak.context;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Reads the HTTP request and the parameters of the protocol that led to it. */
final class RequestFacts {

    /** The headers that the context schema allows, by lower-case name. */
    static final List<String> HEADERS = List.of("accept-language", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform");

    private static final int MAX_HEADER = 1024;

    private RequestFacts() {}

    static DecisionContext.Request of(KeycloakSession session, AuthenticationSessionModel authSession) {
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        return new DecisionContext.Request(
                session.getContext().getConnection().getRemoteAddr(),
                header(headers, "user-agent"),
                words(authSession.getClientNote(OIDCLoginProtocol.SCOPE_PARAM)),
                words(authSession.getClientNote(OIDCLoginProtocol.ACR_PARAM)),
                allowed(headers));
    }

    private static Map<String, String> allowed(HttpHeaders headers) {
        Map<String, String> allowed = new TreeMap<>();
        for (String name : HEADERS) {
            String value = header(headers, name);
            if (value != null) {
                allowed.put(name, value);
            }
        }
        return allowed;
    }

    private static String header(HttpHeaders headers, String name) {
        String value = headers.getHeaderString(name);
        return value == null || value.length() <= MAX_HEADER ? value : value.substring(0, MAX_HEADER);
    }

    private static List<String> words(String spaceSeparated) {
        return spaceSeparated == null || spaceSeparated.isBlank()
                ? List.of()
                : Arrays.stream(spaceSeparated.trim().split("\\s+")).distinct().sorted().toList();
    }
}
