package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a decision demands, from the strictest to the most lenient. */
public enum Effect {
    /** The step ends here. */
    @JsonProperty("deny")
    DENY,
    /** The step waits until a chain of approvers has agreed. */
    @JsonProperty("require_approval")
    REQUIRE_APPROVAL,
    /** The user must authenticate at a higher level first. */
    @JsonProperty("step_up")
    STEP_UP,
    /** The user must confirm explicitly that they want this. */
    @JsonProperty("confirm")
    CONFIRM,
    /** The step goes on. */
    @JsonProperty("allow")
    ALLOW
}
