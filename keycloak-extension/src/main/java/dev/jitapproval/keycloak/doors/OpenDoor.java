package dev.jitapproval.keycloak.doors;

import java.util.List;
import java.util.stream.Stream;

/**
 * A door that stands open.
 *
 * @param code which
 * @param severity how much it lets through
 * @param what the sentence that names what stands open
 * @param names the first {@value #MOST_NAMED} of the clients, providers or actions that it is about, sorted; often none
 * @param count how many there are
 * @param closedBy what closes it
 */
public record OpenDoor(DoorCode code, Severity severity, String what, List<String> names, int count, String closedBy) {

    private static final int MOST_NAMED = 20;

    static OpenDoor of(DoorCode code, String what, String closedBy) {
        return new OpenDoor(code, code.severity(), what, List.of(), 0, closedBy);
    }

    /** One finding about several things. @param what the sentence, without the names and its stop */
    static Stream<OpenDoor> about(DoorCode code, List<String> all, String what, String closedBy) {
        if (all.isEmpty()) {
            return Stream.empty();
        }
        List<String> names = all.stream().sorted().limit(MOST_NAMED).toList();
        String more = all.size() > names.size() ? " and " + (all.size() - names.size()) + " more" : "";
        return Stream.of(new OpenDoor(
                code, code.severity(), what + ": " + String.join(", ", names) + more + ".", names, all.size(), closedBy));
    }
}
