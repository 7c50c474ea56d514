package dev.jitapproval.keycloak.context;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.keycloak.models.KeycloakSession;

/** Reads the HTTP request and what was asked for by it. */
final class RequestFacts {

    /** The headers that the context schema allows, by lower-case name. */
    static final List<String> HEADERS = List.of("accept-language", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform");

    private static final int MAX_HEADER = 1024;

    private RequestFacts() {}

    static DecisionContext.Request of(KeycloakSession session, Collection<String> scopes, Collection<String> acrValues) {
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        return new DecisionContext.Request(
                session.getContext().getConnection().getRemoteAddr(),
                header(headers, "user-agent"),
                scopes.stream().distinct().sorted().toList(),
                acrValues.stream().distinct().sorted().toList(),
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

    /** The words of a parameter as OAuth writes lists; {@code null} is none. */
    static List<String> words(String spaceSeparated) {
        return spaceSeparated == null || spaceSeparated.isBlank()
                ? List.of()
                : List.of(spaceSeparated.trim().split("\\s+"));
    }
}
