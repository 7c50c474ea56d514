package dev.jitapproval.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one more idle contender costs in heap: with its rules loaded, after it has decided every context of the case. What all of them share,
 * such as classes and the module, is there before and not counted.
 *
 * <p>Arguments: a case, and the contenders. Prints a line of JSON for each; one that does not take the case says why.
 */
public final class Footprint {

    private static final int COLLECTIONS = 4;

    private Footprint() {}

    public static void main(String[] arguments) throws IOException {
        Case rules = Case.named(arguments[0]);
        JsonMapper mapper = new JsonMapper();
        for (int i = 1; i < arguments.length; i++) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("contender", arguments[i]);
            try {
                line.put("bytes", measure(arguments[i], rules));
            } catch (Contender.RefusedException e) {
                line.put("refused", e.getMessage());
            }
            System.out.println(mapper.writeValueAsString(line));
        }
    }

    private static long measure(String name, Case rules) {
        Contender shared = make(name, rules);
        // So many that what the collector leaves of something else does not matter, and not more than the heap holds.
        Contender[] held = new Contender[rules.rules().size() >= 1_000 ? 4 : 16];
        long before = used();
        for (int i = 0; i < held.length; i++) {
            held[i] = make(name, rules);
        }
        long after = used();
        Reference.reachabilityFence(held);
        Reference.reachabilityFence(shared);
        return (after - before) / held.length;
    }

    private static Contender make(String name, Case rules) {
        Contender contender = Contenders.load(name, rules);
        rules.verify(contender);
        return contender;
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
