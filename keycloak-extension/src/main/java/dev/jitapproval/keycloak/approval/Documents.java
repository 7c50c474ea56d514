package dev.jitapproval.keycloak.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup.Eligible;
import dev.jitapproval.keycloak.engine.WireTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The JSON documents that a host writes for the fold, and the events that it reads; see docs/wire-format.md. */
final class Documents {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Documents() {}

    /** Facts about a command, looked up at the moment that it is given. */
    record Facts(List<Integer> matches, boolean acr, boolean matchCode, Map<String, Eligible> eligible) {}

    /** What a request is to be opened with: the body of {@code pin}. */
    static String toPin(String requestId, NewRequest wanted, Instant openedAt) {
        ObjectNode body = MAPPER.createObjectNode();
        body.putObject("about")
                .put("request", requestId)
                .put("realm", wanted.key().realmId())
                .put("client", wanted.key().clientId())
                .put("action", wanted.key().action())
                .put("policy", wanted.policy().hash())
                .put("rule", wanted.decision().rule());
        body.set("chain", tree(wanted.decision().obligations().approval().json()));
        if (wanted.decision().obligations().grant() != null) {
            body.set("grant", MAPPER.valueToTree(wanted.decision().obligations().grant()));
        }
        body.set("requester", MAPPER.valueToTree(wanted.requester()));
        body.put("opened_at", WireTime.format(openedAt));
        body.put("digest", wanted.decision().digest());
        ObjectNode shown = body.putObject("shown");
        shown.set("facts", tree(wanted.facts()));
        shown.put("reason", wanted.decision().reason()).put("justification", wanted.justification());
        body.put("salt", Salt.next());
        return body.toString();
    }

    static String open(Requester requester, String justification, Facts facts) {
        ObjectNode command = command("open", requester.asActor(), facts);
        if (justification != null) {
            command.put("comment", justification);
        }
        return command.toString();
    }

    static String command(Command wanted, Actor actor, Facts facts) {
        ObjectNode command = command(wanted.kind().wireName(), actor, facts);
        if (wanted.shown() != null) {
            command.putObject("shown")
                    .put("digest", wanted.shown().digest())
                    .put("stage", wanted.shown().stage());
        }
        if (wanted.comment() != null) {
            command.put("comment", wanted.comment());
        }
        if (wanted.code() != null) {
            command.put("code", wanted.code());
        }
        return command.toString();
    }

    private static ObjectNode command(String kind, Actor actor, Facts facts) {
        ObjectNode command = MAPPER.createObjectNode();
        command.put("kind", kind);
        command.put("salt", Salt.next());
        command.set("actor", MAPPER.valueToTree(actor));
        ObjectNode written = command.putObject("facts");
        ArrayNode matches = written.putArray("matches");
        facts.matches().forEach(matches::add);
        written.put("acr", facts.acr());
        written.put("match_code", facts.matchCode());
        ObjectNode eligible = written.putObject("eligible");
        facts.eligible().forEach((stage, people) -> {
            ObjectNode entry = eligible.putObject(stage);
            entry.put("count", people.count());
            ArrayNode keys = entry.putArray("people");
            people.people().forEach(keys::add);
        });
        return command;
    }

    static ApprovalEvent event(String json) {
        JsonNode event = tree(json);
        try {
            return new ApprovalEvent(
                    event.required("seq").asLong(),
                    Instant.parse(event.required("at").textValue()),
                    event.required("kind").textValue(),
                    event.path("stage").textValue(),
                    actor(event),
                    event.path("personal").path("comment").textValue(),
                    event.path("code").textValue(),
                    json);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IllegalStateException("an event cannot be read: " + e.getMessage(), e);
        }
    }

    private static Actor actor(JsonNode event) throws JsonProcessingException {
        ObjectNode actor = event.required("actor").deepCopy();
        JsonNode person = event.path("personal").path("actor");
        if (person.isMissingNode()) {
            return Actor.erased(MAPPER.treeToValue(actor.required("kind"), Actor.Kind.class));
        }
        actor.setAll((ObjectNode) person);
        return MAPPER.treeToValue(actor, Actor.class);
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the engine's JSON cannot be read: " + e.getMessage(), e);
        }
    }
}
