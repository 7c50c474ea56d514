package dev.jitapproval.keycloak;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.keycloak.common.util.Time;

/** Keycloak's clock, which its tests can move. */
public final class KeycloakClock {

    /** The same as a clock, in UTC. */
    public static final Clock UTC = ((InstantSource) KeycloakClock::now).withZone(ZoneOffset.UTC);

    private KeycloakClock() {}

    /** What it shows, to the millisecond. */
    public static Instant now() {
        return Instant.ofEpochMilli(Time.currentTimeMillis());
    }
}
