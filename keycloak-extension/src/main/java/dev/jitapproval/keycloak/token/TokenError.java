package dev.jitapproval.keycloak.token;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import org.keycloak.OAuthErrorException;

/**
 * An error of the token endpoint (RFC 6749, section 5.2), with what a client needs to go on.
 *
 * @param acrValues the level that is wanted (RFC 9470), or null
 * @param request the approval request, or null
 * @param statusUri where the requester can follow it with an access token of their own, or null
 * @param interval how many seconds to wait at least before the next attempt, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TokenError(
        String error,
        @JsonProperty("error_description") String description,
        @JsonProperty("acr_values") String acrValues,
        @JsonProperty("jit_request") String request,
        @JsonProperty("jit_status_uri") URI statusUri,
        Integer interval) {

    /** What RFC 8628 has a client wait that is told nothing else. */
    private static final int INTERVAL_SECONDS = 5;

    /** RFC 9470, section 3. */
    private static final String STEP_UP = "insufficient_user_authentication";

    static TokenError denied(String why) {
        return new TokenError(OAuthErrorException.ACCESS_DENIED, why, null, null, null, null);
    }

    static TokenError denied(String why, String request, URI statusUri) {
        return new TokenError(OAuthErrorException.ACCESS_DENIED, why, null, request, statusUri, null);
    }

    static TokenError interactionRequired(String why) {
        return new TokenError(OAuthErrorException.INTERACTION_REQUIRED, why, null, null, null, null);
    }

    static TokenError stepUp(String why, String acr) {
        return new TokenError(STEP_UP, why, acr, null, null, null);
    }

    static TokenError held(String why, String request, URI statusUri) {
        return new TokenError(OAuthErrorException.INTERACTION_REQUIRED, why, null, request, statusUri, INTERVAL_SECONDS);
    }

    boolean isStepUp() {
        return STEP_UP.equals(error);
    }

    /**
     * The challenge of RFC 9470.
     *
     * @return null where this is another error, or the level has characters that cannot stand between quotes
     */
    String challenge() {
        if (!isStepUp()) {
            return null;
        }
        String level = acrValues != null && acrValues.matches("[ !#-\\[\\]-~]+") ? ", acr_values=\"" + acrValues + "\"" : "";
        return "Bearer error=\"" + STEP_UP + "\", error_description=\"" + description + "\"" + level;
    }
}
