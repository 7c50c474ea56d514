package dev.jitapproval.keycloak.token;

import java.util.Arrays;
import java.util.Optional;
import org.keycloak.OAuth2Constants;
import org.keycloak.events.EventType;

/**
 * The grants that nobody with a browser stands behind. Of the others, the authorization code, the implicit flow and the device grant were
 * judged in the browser, and nobody gets in anew by a UMA ticket.
 */
enum Grant {
    PASSWORD(OAuth2Constants.PASSWORD, "direct-grant", EventType.LOGIN),
    CLIENT_CREDENTIALS(OAuth2Constants.CLIENT_CREDENTIALS, "client-credentials", EventType.CLIENT_LOGIN),
    REFRESH(OAuth2Constants.REFRESH_TOKEN, "token-refresh", EventType.REFRESH_TOKEN),
    EXCHANGE(OAuth2Constants.TOKEN_EXCHANGE_GRANT_TYPE, "token-exchange", EventType.TOKEN_EXCHANGE),
    JWT(OAuth2Constants.JWT_AUTHORIZATION_GRANT, "jwt-grant", EventType.JWT_AUTHORIZATION_GRANT),
    /** Judged when it is begun, before anybody's device is asked; by its token there is nothing left to decide. */
    CIBA(OAuth2Constants.CIBA_GRANT_TYPE, "ciba", EventType.LOGIN);

    private final String type;
    private final String action;
    private final EventType event;

    Grant(String type, String action, EventType event) {
        this.type = type;
        this.action = action;
        this.event = event;
    }

    /**
     * The grant that is judged when its tokens are about to leave.
     *
     * @param type the parameter {@code grant_type}, or null
     */
    static Optional<Grant> judgedAtTheEnd(String type) {
        return Arrays.stream(values()).filter(grant -> grant != CIBA && grant.type.equals(type)).findFirst();
    }

    /** The parameter {@code grant_type}. */
    String type() {
        return type;
    }

    /** The action of the context schema. */
    String action() {
        return action;
    }

    /** The event that Keycloak tells of this grant. */
    EventType event() {
        return event;
    }
}
