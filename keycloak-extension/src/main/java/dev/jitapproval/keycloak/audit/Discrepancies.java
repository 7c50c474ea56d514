package dev.jitapproval.keycloak.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the database says now that it could not say if everything had gone through the approval service since the last checkpoint.
 *
 * <p>An alarm, no proof: who can write the database could have changed the stored checkpoint as well. The proof is the copy that has
 * left the database.
 */
final class Discrepancies {

    private Discrepancies() {}

    /** Sentences for the log, one for each request. */
    static List<String> between(CheckpointPayload before, CheckpointPayload now) {
        Map<String, Head> heads = now.heads().stream().collect(Collectors.toMap(Head::request, Function.identity()));
        Set<String> removed = now.removed().stream().map(Head::request).collect(Collectors.toSet());
        List<String> found = new ArrayList<>();
        for (Head then : before.heads()) {
            Head head = heads.get(then.request());
            if (head == null) {
                if (!removed.contains(then.request())) {
                    found.add("request " + then.request() + " is gone, and retention did not remove it");
                }
            } else if (head.seq() < then.seq()) {
                found.add("request " + then.request() + " had " + then.seq() + " events and has " + head.seq());
            } else if (head.seq() == then.seq() && !head.head().equals(then.head())) {
                found.add("request " + then.request() + " has another event " + then.seq() + " than it had");
            }
        }
        return found;
    }
}
