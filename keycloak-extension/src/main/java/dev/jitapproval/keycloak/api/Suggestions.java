package dev.jitapproval.keycloak.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Which known name somebody may have meant. */
final class Suggestions {

    private static final int LONGEST = 64;

    private Suggestions() {}

    /** The nearest known name, where it is near enough to be a slip. */
    static Optional<String> nearest(String written, Collection<String> known) {
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        int near = Math.max(1, written.length() / 3);
        return known.stream()
                .sorted()
                .filter(name -> distance(written, name) <= near)
                .min(Comparator.comparingInt(name -> distance(written, name)));
    }

    /** A sentence that names the nearest, or lists what there is. */
    static String sentence(String written, Collection<String> known) {
        return nearest(written, known)
                .map(name -> "Did you mean `" + name + "`?")
                .orElse(known.isEmpty() ? "There are none." : "There are: " + String.join(", ", known.stream().sorted().toList()) + ".");
    }

    /** Levenshtein's distance. */
    private static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(above[j - 1] + change, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[other.length()];
    }
}
