package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.context.Instants;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What signals found: the fields of {@code risk.*}. What is not said is absent. */
public final class Findings {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final String SIGNALS = "signals";

    private final Map<String, Object> fields = new TreeMap<>();

    /**
     * Raises a signal: its name stands in {@code risk.signals}.
     *
     * @param name lower-case letters, digits, {@code .}, {@code _} and {@code -}; at most 64 characters
     * @throws IllegalArgumentException for any other name
     */
    public Findings raise(String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a signal's name has lower-case letters, digits, `.`, `_` and `-`, at most 64 in all");
        }
        signals().add(name);
        return this;
    }

    /** Says that signals were looked for, whether or not one was raised: {@code risk.signals} is there, if empty. */
    Findings looked() {
        signals();
        return this;
    }

    /** Takes {@code risk.signals} out: where one of several signals gave no answer, nobody can say what is not raised. */
    void withoutSignals() {
        fields.remove(SIGNALS);
    }

    /** The names in {@code risk.signals}, sorted; a list that is not there is no empty one. */
    private TreeSet<String> signals() {
        @SuppressWarnings("unchecked")
        TreeSet<String> raised = (TreeSet<String>) fields.computeIfAbsent(SIGNALS, none -> new TreeSet<String>());
        return raised;
    }

    Findings set(String field, boolean value) {
        fields.put(field, value);
        return this;
    }

    Findings set(String field, long value) {
        fields.put(field, value);
        return this;
    }

    Findings set(String field, String value) {
        if (value != null) {
            fields.put(field, value);
        }
        return this;
    }

    Findings set(String field, Optional<Boolean> value) {
        value.ifPresent(known -> fields.put(field, known));
        return this;
    }

    Findings at(String field, Optional<Instant> value) {
        value.ifPresent(instant -> fields.put(field, Instants.of(instant)));
        return this;
    }

    /** Adds what another signal found. */
    void add(Findings other) {
        other.fields.forEach((field, value) -> {
            if (SIGNALS.equals(field)) {
                signals().addAll(other.signals());
            } else {
                fields.put(field, value);
            }
        });
    }

    /** The fields by their names without {@code risk.}, sorted. */
    public Map<String, Object> fields() {
        return Collections.unmodifiableMap(new TreeMap<>(fields));
    }
}
