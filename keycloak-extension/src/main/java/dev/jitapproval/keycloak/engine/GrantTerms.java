package dev.jitapproval.keycloak.engine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * For how long an approval stays good after it was used, and what must be as it was then; see docs/wire-format.md.
 *
 * @param seconds from the approval
 * @param boundTo never empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"seconds", "bound_to"})
public record GrantTerms(
        @JsonProperty("seconds") long seconds, @JsonProperty("bound_to") Set<Binding> boundTo) {

    public GrantTerms {
        requireNonNull(boundTo, "boundTo");
        EnumSet<Binding> inOrder = EnumSet.noneOf(Binding.class);
        inOrder.addAll(boundTo);
        boundTo = Collections.unmodifiableSet(inOrder);
    }

    /** What a grant can be bound to. */
    public enum Binding {
        @JsonProperty("client")
        CLIENT,
        @JsonProperty("scopes")
        SCOPES,
        @JsonProperty("device")
        DEVICE,
        @JsonProperty("session")
        SESSION
    }

    /** How long. */
    public Duration duration() {
        return Duration.ofSeconds(seconds);
    }
}
