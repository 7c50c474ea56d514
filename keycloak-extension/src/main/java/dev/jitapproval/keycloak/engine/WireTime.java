package dev.jitapproval.keycloak.engine;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Instants as the wire format has them: RFC 3339 in UTC with exactly three digits of a second. */
public final class WireTime {

    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private WireTime() {}

    /** {@code 2026-11-24T14:32:38.000Z}. */
    public static String format(Instant instant) {
        return MILLISECONDS.format(instant.truncatedTo(ChronoUnit.MILLIS));
    }
}
