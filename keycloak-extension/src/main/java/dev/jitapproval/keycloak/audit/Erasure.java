package dev.jitapproval.keycloak.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.audit.jpa.ErasureStore;
import dev.jitapproval.keycloak.audit.jpa.ErasureStore.Stored;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.Proof;
import dev.jitapproval.keycloak.engine.Remains;
import dev.jitapproval.keycloak.gate.ShownFacts;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Forgets a person: takes what identifies them, and what they wrote, out of requests that have ended and out of the decision log. The
 * hash chains hold without it, for they cover commitments; see docs/audit.md.
 *
 * <p>Each request is a transaction of its own. Where one fails, the ones before stay erased, and erasing again goes on with the rest.
 */
final class Erasure {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a context says of the step itself, and not of who took it. */
    private static final Set<String> IMPERSONAL = Set.of("action", "now", "realm", "flow", "client");

    private static final int DECISIONS_AT_ONCE = 100;

    private final Engine engine;
    private final Transactions transactions;

    Erasure(Engine engine, Transactions transactions) {
        this.engine = engine;
        this.transactions = transactions;
    }

    /** Begins transactions. */
    interface Transactions {
        <T> T run(Function<ErasureStore, T> work);
    }

    /**
     * What was erased.
     *
     * @param requests how many requests
     * @param decisions how many kept decisions
     */
    record Erased(int requests, int decisions) {}

    /** The requests that somebody opened or acted on and that are live, or have a grant that is good; as long as there are any, the person cannot be forgotten. */
    List<String> live(String realmId, String userId) {
        return transactions.run(store -> store.liveOf(realmId, userId, KeycloakClock.now()));
    }

    /**
     * Forgets a person.
     *
     * @param known who they are as far as Keycloak still knows; empty for a user who was removed
     */
    Erased erase(String realmId, String userId, Optional<Person> known) {
        List<String> own = transactions.run(store -> store.endedOf(realmId, userId));
        // People are renamed, so old documents may call them otherwise.
        Set<Person> names = new LinkedHashSet<>();
        known.ifPresent(names::add);
        for (String id : own) {
            transactions.run(store -> store.find(id)).ifPresent(stored -> names.addAll(namesIn(stored, userId)));
        }
        Set<String> ids = new TreeSet<>(own);
        for (Person name : names) {
            for (String text : List.of(name.username(), name.personKey())) {
                ids.addAll(transactions.run(store -> store.endedNaming(realmId, quote(text))));
            }
        }
        int requests = 0;
        for (String id : ids) {
            if (transactions.run(store -> store.find(id).filter(stored -> erase(store, stored, names)).isPresent())) {
                requests++;
            }
        }
        transactions.run(store -> {
            store.removeSightings(realmId, userId);
            return null;
        });
        return new Erased(requests, eraseDecisions(realmId, userId));
    }

    private static Set<Person> namesIn(Stored stored, String userId) {
        Set<Person> names = new LinkedHashSet<>();
        Person.in(tree(stored.pinned()).path("personal").path("requester"), userId).ifPresent(names::add);
        for (String event : stored.events()) {
            Person.in(tree(event).path("personal").path("actor"), userId).ifPresent(names::add);
        }
        return names;
    }

    private boolean erase(ErasureStore store, Stored stored, Set<Person> names) {
        Remains remains = new Remains(stored.pinned(), stored.events(), null);
        Proof.Erased before = engine.verify(stored.pinned(), stored.events()).erased();
        for (Person name : names) {
            remains = engine.erase(remains.pinned(), remains.events(), name.json());
        }
        if (remains.erased() == null || remains.erased().equals(before)) {
            return false;
        }
        for (long seq : remains.erased().events()) {
            if (!before.events().contains(seq)) {
                store.eraseEvent(stored.id(), seq, remains.events().get(Math.toIntExact(seq) - 1));
            }
        }
        if (remains.erased().pinned() && !before.pinned()) {
            store.eraseRequester(stored.id(), remains.pinned(), ShownFacts.parse(stored.facts()).erased().toJson());
        }
        store.eraseProgress(stored.id(), progress(remains));
        store.eraseMessages(stored.id());
        return true;
    }

    /** How far the stages were, as the fold says it without the names. */
    private String progress(Remains remains) {
        ObjectNode tick = JSON.createObjectNode();
        tick.put("kind", "tick").put("salt", "0".repeat(32));
        tick.set("actor", JSON.valueToTree(Actor.SYSTEM));
        ObjectNode facts = tick.putObject("facts");
        facts.putArray("matches");
        facts.put("acr", false).put("match_code", false).putObject("eligible");
        try {
            return JSON.writeValueAsString(
                    engine.advance(remains.pinned(), remains.events(), tick.toString(), Instant.EPOCH).stages());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("progress cannot be written as JSON", e);
        }
    }

    private int eraseDecisions(String realmId, String userId) {
        int erased = 0;
        int batch;
        do {
            batch = transactions.run(store -> {
                List<Object[]> rows = store.decisionsOf(realmId, userId, DECISIONS_AT_ONCE);
                for (Object[] row : rows) {
                    eraseDecision(store, (String) row[0], (String) row[1], (String) row[2]);
                }
                return rows.size();
            });
            erased += batch;
        } while (batch == DECISIONS_AT_ONCE);
        return erased;
    }

    private static void eraseDecision(ErasureStore store, String id, String context, String redacted) {
        ObjectNode left = (ObjectNode) tree(context);
        Set<String> paths = new LinkedHashSet<>();
        tree(redacted).forEach(path -> paths.add(path.textValue()));
        left.fieldNames().forEachRemaining(name -> {
            if (!IMPERSONAL.contains(name)) {
                paths.add(name);
            }
        });
        // As the engine redacts: what was taken out can be told from what was never there.
        paths.stream().filter(left::has).forEach(left::putNull);
        ArrayNode written = JSON.createArrayNode();
        paths.forEach(written::add);
        store.eraseDecision(id, left.toString(), written.toString());
    }

    private static String quote(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document cannot be read: " + e.getMessage(), e);
        }
    }
}
