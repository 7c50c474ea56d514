package dev.jitapproval.keycloak.engine;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a policy or a rule holds people up, or only looks on. */
public enum PolicyMode {
    /** What is decided happens. */
    @JsonProperty("enforce")
    ENFORCE,
    /** Decided, counted and logged, and never held. */
    @JsonProperty("observe")
    OBSERVE
}
