package dev.jitapproval.keycloak.change;

import jakarta.ws.rs.HttpMethod;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call that changes an account without a page, as its address says. The patterns are wider than Keycloak's own paths, so that no other way to
 * write one passes.
 *
 * @param kind which change
 * @param realm by name
 * @param subject the id of the credential, or the alias of the identity provider
 */
record AccountCall(Kind kind, String realm, String subject) {

    /** The calls of Keycloak that change an account by their address alone. */
    enum Kind {
        /** {@code DELETE …/account/credentials/{id}}. */
        DELETE_CREDENTIAL(HttpMethod.DELETE, "/+account.*/credentials"),
        /** {@code DELETE …/account/linked-accounts/{alias}}. */
        UNLINK(HttpMethod.DELETE, "/+account.*/linked-accounts"),
        /** {@code GET …/account/linked-accounts/{alias}}: asks for an address of {@link #LINK}. */
        LINK_ADDRESS(HttpMethod.GET, "/+account.*/linked-accounts"),
        /** {@code GET …/broker/{alias}/link}: followed in a browser. */
        LINK(HttpMethod.GET, "/+broker");

        private final String method;
        private final Pattern path;

        Kind(String method, String above) {
            this.method = method;
            this.path = Pattern.compile("realms/+([^/;]+)(?:;[^/]*)?" + above + "(?:;[^/]*)?/+([^/;]+)(?:;[^/]*)?(/+link(?:[/;]|$))?");
        }

        private Optional<AccountCall> in(String asked, String decodedPath) {
            Matcher matcher = path.matcher(decodedPath);
            // Keycloak answers HEAD by what it does for GET.
            String effective = HttpMethod.HEAD.equals(asked) ? HttpMethod.GET : asked;
            boolean found = method.equals(effective) && matcher.find() && (this != LINK || matcher.group(3) != null);
            return found ? Optional.of(new AccountCall(this, matcher.group(1), matcher.group(2))) : Optional.empty();
        }
    }

    /** The call that a request is, if it is one. */
    static Optional<AccountCall> of(String method, String decodedPath) {
        return Arrays.stream(Kind.values()).flatMap(kind -> kind.in(method, decodedPath).stream()).findFirst();
    }

    /** Whether it comes from a program with a token, rather than from a browser with a cookie. */
    boolean isRest() {
        return kind != Kind.LINK;
    }
}
