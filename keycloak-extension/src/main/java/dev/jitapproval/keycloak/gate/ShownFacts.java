package dev.jitapproval.keycloak.gate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.context.ContextBuilder;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.context.Instants;
import dev.jitapproval.keycloak.engine.Decision;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.UserModel;

/**
 * What an approver is shown about a request, as it was when it was opened: {@code docs/request-facts.md}. Stored with the request as
 * JSON; whoever renders it must escape every string, for most of them were written by the requester or their browser.
 *
 * @param v the version of this record, 1
 * @param when when the step was held, RFC 3339
 * @param others open requests of the same person from other browsers: a reason to ask whether both are theirs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ShownFacts(int v, Who who, What what, Where where, String when, Why why, List<Other> others) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * The requester.
     *
     * @param name first and last name, or null
     * @param createdAt since when the account exists, or null
     * @param federated whether the account comes from a user federation
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Who(
            String id, String username, String name, String email, boolean emailVerified, String createdAt, boolean federated) {}

    /**
     * What is asked for.
     *
     * @param action an action of the context schema
     * @param clientId the OAuth {@code client_id}
     * @param clientName its name for people
     * @param change what changes, as the policy saw it, or null
     * @param target what is acted on, as the policy saw it, or null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record What(
            String action, String clientId, String clientName, List<String> scopes, DecisionContext.Change change,
            DecisionContext.Target target) {}

    /**
     * From where.
     *
     * @param userAgent what the browser says that it is, or null
     * @param sso whether an existing sign-in answered, rather than a password
     * @param impersonator the user name of the admin who acts in the requester's name, or null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Where(String ip, String userAgent, boolean sso, String impersonator) {}

    /**
     * Why approval is needed.
     *
     * @param rule the rule that decided, or null for the policy's default
     * @param reason the policy's sentence, or null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Why(String policy, String rule, String reason) {}

    /**
     * Another open request of the same person.
     *
     * @param id the request
     * @param clientId what it is for: Keycloak's internal id of the client
     * @param openedAt RFC 3339
     */
    public record Other(String id, String clientId, String openedAt) {}

    static ShownFacts of(Step step, Decision decision, List<ApprovalRequest> others) {
        DecisionContext context = step.context();
        DecisionContext.Session proven = context.session();
        return new ShownFacts(
                1,
                who(step),
                new What(
                        context.action(),
                        context.client().id(),
                        ContextBuilder.displayName(step.client()),
                        context.request().scopes(),
                        context.change(),
                        context.target()),
                new Where(
                        context.request().ip(),
                        context.request().userAgent(),
                        proven != null && Boolean.TRUE.equals(proven.sso()),
                        step.impersonator() == null ? null : step.impersonator().username()),
                context.now(),
                new Why(decision.policy().name(), decision.rule(), decision.reason()),
                others.stream()
                        .map(other -> new Other(other.id(), other.key().clientId(), Instants.of(other.openedAt())))
                        .toList());
    }

    private static Who who(Step step) {
        DecisionContext.User user = step.context().user();
        if (step.user() == null || user == null) {
            return new Who(step.userId(), step.username(), null, null, false, null, false);
        }
        return new Who(
                user.id(), user.username(), fullName(step.user()), user.email(), user.emailVerified(), user.createdAt(), user.federated());
    }

    private static String fullName(UserModel user) {
        String name = Stream.of(user.getFirstName(), user.getLastName())
                .filter(part -> part != null && !part.isBlank())
                .collect(Collectors.joining(" "));
        return name.isEmpty() ? null : name;
    }

    /** What may stay once the requester is to be forgotten: what was asked for, when, and which rule asked whom. */
    public ShownFacts erased() {
        return new ShownFacts(
                v,
                new Who(Actor.ERASED, Actor.ERASED, null, null, false, null, false),
                new What(what.action(), what.clientId(), what.clientName(), List.of(), null, null),
                new Where(null, null, where.sso(), null),
                when,
                new Why(why.policy(), why.rule(), null),
                List.of());
    }

    /** As the request stores it. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings can always be written", e);
        }
    }

    /**
     * Reads {@link #toJson()}.
     *
     * @throws IllegalArgumentException if it is not this record
     */
    public static ShownFacts parse(String json) {
        try {
            return JSON.readValue(json, ShownFacts.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("these are no facts of a request: " + e.getOriginalMessage(), e);
        }
    }
}
