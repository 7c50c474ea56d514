package dev.jitapproval.keycloak.context;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Instants as the wire format writes them: RFC 3339 in UTC with milliseconds. */
public final class Instants {

    private static final DateTimeFormatter WIRE = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Instants() {}

    /** The instant in the wire format; anything finer than a millisecond is cut off. */
    public static String of(Instant instant) {
        return WIRE.format(instant);
    }

    /** The instant so many milliseconds after 1970 in the wire format. */
    public static String ofMillis(long millis) {
        return of(Instant.ofEpochMilli(millis));
    }

    /** The instant so many seconds after 1970 in the wire format. */
    public static String ofSeconds(long seconds) {
        return of(Instant.ofEpochSecond(seconds));
    }
}
