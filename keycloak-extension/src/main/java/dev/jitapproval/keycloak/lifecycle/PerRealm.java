package dev.jitapproval.keycloak.lifecycle;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One value for each realm, kept by this server only. What is remembered of a realm goes when the realm does, so that realms which
 * come and go leave nothing behind; hence a class instead of a static map in each place.
 *
 * @param <T> what is remembered; must be safe for use by several threads
 */
public final class PerRealm<T> {

    private static final List<PerRealm<?>> ALL = new CopyOnWriteArrayList<>();

    private final Map<String, T> values = new ConcurrentHashMap<>();
    private final Consumer<T> discard;

    /** Values that need nothing done when they go. */
    public PerRealm() {
        this(gone -> {});
    }

    /** @param discard called with each value that goes */
    public PerRealm(Consumer<T> discard) {
        this.discard = discard;
        ALL.add(this);
    }

    /** What is remembered of the realm with this id. */
    public Optional<T> get(String realmId) {
        return Optional.ofNullable(values.get(realmId));
    }

    /** The same, made first where there is nothing; two threads get the same. */
    public T getOrMake(String realmId, Supplier<T> make) {
        return values.computeIfAbsent(realmId, id -> make.get());
    }

    /** Remembers a value instead of the one before. */
    public void put(String realmId, T value) {
        values.put(realmId, value);
    }

    /** Forgets everything about a realm, in every place that remembers something. */
    static void forget(String realmId) {
        ALL.forEach(place -> place.drop(realmId));
    }

    /** Forgets the realms that are no longer there; another node may have removed them. */
    static void keepOnly(Predicate<String> isThere) {
        Set<String> known = new TreeSet<>();
        ALL.forEach(place -> known.addAll(place.values.keySet()));
        known.stream().filter(isThere.negate()).forEach(PerRealm::forget);
    }

    private void drop(String realmId) {
        T gone = values.remove(realmId);
        if (gone != null) {
            discard.accept(gone);
        }
    }
}
