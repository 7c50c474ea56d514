package dev.jitapproval.keycloak.context;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Everything that a policy can read, as in {@code docs/context-reference.md}. An absent ({@code null}) component is left out of
 * the JSON, so that {@code has()} is false for it.
 *
 * @param action an action of the context schema, such as {@code login}
 * @param now the instant of the decision, RFC 3339 in UTC with milliseconds
 * @param flow null where no authentication flow runs
 * @param user null where nobody has an account yet
 * @param session null where there is none
 * @param change what is about to change, or null
 * @param target what is acted on, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DecisionContext(
        String action, String now, Realm realm, Flow flow, Client client, User user, Request request, Session session, Risk risk,
        Change change, Target target) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /** The realm that the step belongs to. */
    public record Realm(String name) {}

    /** The top-level authentication flow that runs. */
    public record Flow(String alias) {}

    /**
     * The client that is asked into.
     *
     * @param id the OAuth {@code client_id}, not Keycloak's internal id
     * @param name its display name, or null where it has none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Client(
            String id, String name, @JsonProperty("public") boolean isPublic, Map<String, List<String>> attributes) {}

    /**
     * The person or account that asks.
     *
     * @param roles names of effective realm roles, sorted
     * @param clientRoles effective roles by {@code client_id}, sorted
     * @param groups paths of the groups that the user is a direct member of, sorted
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record User(
            String id, String username, String email, boolean emailVerified, List<String> roles,
            Map<String, List<String>> clientRoles, List<String> groups, Map<String, List<String>> attributes, String createdAt,
            boolean federated, boolean serviceAccount) {}

    /**
     * The HTTP request that started the step.
     *
     * @param ip the address that Keycloak takes for the browser's, its proxy settings applied
     * @param headers lower-case names; only those of {@link RequestFacts#HEADERS}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Request(
            String ip, String userAgent, List<String> scopes, List<String> acrValues, Map<String, String> headers) {}

    /**
     * What was proven so far.
     *
     * @param startedAt when the existing SSO session began; absent without one
     * @param sso whether the SSO cookie alone answered for this login; absent where nobody logs in
     * @param impersonated whether an admin uses the session in the user's name; absent without one
     * @param level the level of authentication that {@code acr} tells by its name: what levels are compared by. Not part of the JSON
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Session(
            List<String> amr, String acr, String startedAt, Boolean sso, Boolean impersonated, @JsonIgnore int level) {}

    /**
     * Signs of risk.
     *
     * @param fields what could be found out, by the fields' names without {@code risk.}
     */
    public record Risk(@JsonValue Map<String, Object> fields) {

        /** Nothing is known. */
        public static final Risk NONE = new Risk(Map.of());
    }

    /**
     * What is about to change.
     *
     * @param fields names of what changes
     * @param before their values before, or null; never a secret
     * @param after their values afterwards, or null; never a secret
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(List<String> fields, Map<String, List<String>> before, Map<String, List<String>> after) {}

    /**
     * What is acted on, where that is not the account of whoever acts.
     *
     * @param type {@code user}, {@code group}, {@code role}, {@code client}, {@code flow}, {@code required-action}, {@code realm} or
     *     {@code policy}
     * @param id its id, or its name where it has no other
     * @param name its name for people where that is another, or null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Target(String type, String id, String name) {}

    /** This context as the JSON object that the engine's {@code decide} takes. */
    public ObjectNode toJson() {
        return JSON.valueToTree(this);
    }
}
