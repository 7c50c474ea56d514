package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.risk.Attempt.Memory;
import dev.jitapproval.keycloak.risk.jpa.SightingStore.Sighting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What can be seen of one user at one moment: what is looked for among earlier logins, and what is noted once this one has passed. Pure: rows go
 * in and out.
 *
 * @param marks the realm's keys, the active one first
 * @param device what the browser's cookie says, or null
 * @param clientId Keycloak's own id of the client, or null
 */
record Seen(List<Marks> marks, String userId, DeviceToken device, String userAgent, String ip, String clientId) {

    static final String DEVICE = "device";
    static final String IP = "ip";
    static final String PREFIX = "prefix";
    static final String CLIENT = "client";
    static final String LOGIN = "login";
    static final String RESET = "reset";

    /** The mark of what a user has only one of. */
    private static final String LAST = "last";

    /** The same in a browser that is given a device's id now. */
    Seen with(DeviceToken given) {
        return new Seen(marks, userId, given, userAgent, ip, clientId);
    }

    /** What an earlier login may have left. */
    Set<String> lookedFor() {
        Set<String> wanted = new LinkedHashSet<>(List.of(LAST));
        if (device != null) {
            wanted.addAll(every(mark -> Optional.of(mark.device(userId, device.id()))));
        }
        wanted.addAll(every(mark -> mark.ip(userId, ip)));
        wanted.addAll(every(mark -> mark.prefix(userId, ip)));
        if (clientId != null) {
            wanted.add(clientId);
        }
        return wanted;
    }

    /** What the rows of {@link #lookedFor()} say. */
    Memory remembered(Collection<Sighting> rows) {
        Optional<Sighting> known = device == null ? Optional.empty() : find(rows, DEVICE, mark -> Optional.of(mark.device(userId, device.id())));
        Optional<Sighting> login = rows.stream().filter(row -> LOGIN.equals(row.kind())).findFirst();
        return new Memory(
                known.isPresent(),
                known.map(row -> marks.stream().anyMatch(mark -> mark.userAgent(userId, userAgent).equals(row.detail()))),
                seen(rows, IP, mark -> mark.ip(userId, ip)),
                seen(rows, PREFIX, mark -> mark.prefix(userId, ip)),
                Optional.ofNullable(clientId)
                        .map(id -> rows.stream().anyMatch(row -> CLIENT.equals(row.kind()) && id.equals(row.mark()))),
                login.map(Sighting::lastSeen),
                login.flatMap(row -> Place.parse(row.detail())),
                rows.stream().filter(row -> RESET.equals(row.kind())).map(Sighting::lastSeen).findFirst());
    }

    /**
     * What a login that has passed leaves behind.
     *
     * @param proven whether credentials were proven, rather than a cookie shown: a stolen cookie must not make its thief's address known
     * @param place where it was, or null
     */
    List<Sighting> left(boolean proven, Place place, Instant now) {
        List<Sighting> sightings = new ArrayList<>();
        Marks active = marks.get(0);
        if (proven) {
            if (device != null) {
                sightings.add(new Sighting(DEVICE, active.device(userId, device.id()), active.userAgent(userId, userAgent), now));
            }
            active.ip(userId, ip).ifPresent(mark -> sightings.add(new Sighting(IP, mark, null, now)));
            active.prefix(userId, ip).ifPresent(mark -> sightings.add(new Sighting(PREFIX, mark, null, now)));
            sightings.add(new Sighting(LOGIN, LAST, place == null ? null : place.written(), now));
        }
        if (clientId != null) {
            sightings.add(new Sighting(CLIENT, clientId, null, now));
        }
        return sightings;
    }

    /** What a reset of the password leaves behind. */
    static Sighting reset(Instant now) {
        return new Sighting(RESET, LAST, null, now);
    }

    /** How many of a kind are kept for one user. */
    static int most(String kind) {
        return switch (kind) {
            case DEVICE -> 20;
            case CLIENT -> 200;
            case LOGIN, RESET -> 1;
            default -> 50;
        };
    }

    private Optional<Boolean> seen(Collection<Sighting> rows, String kind, Function<Marks, Optional<String>> mark) {
        return every(mark).isEmpty() ? Optional.empty() : Optional.of(find(rows, kind, mark).isPresent());
    }

    private Optional<Sighting> find(Collection<Sighting> rows, String kind, Function<Marks, Optional<String>> mark) {
        List<String> wanted = every(mark);
        return rows.stream().filter(row -> kind.equals(row.kind()) && wanted.contains(row.mark())).findFirst();
    }

    private List<String> every(Function<Marks, Optional<String>> mark) {
        return marks.stream().map(mark).flatMap(Optional::stream).toList();
    }
}
