package dev.jitapproval.keycloak.risk;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place on Earth, to a tenth of a degree (11 km at most): a GeoIP database knows no better, and nobody should be remembered better.
 *
 * @param latitude degrees north, from -90 to 90
 * @param longitude degrees east, from -180 to 180
 */
public record Place(double latitude, double longitude) {

    private static final double EARTH_RADIUS_KM = 6371;
    private static final Pattern WRITTEN = Pattern.compile("(-?\\d{1,2}\\.\\d),(-?\\d{1,3}\\.\\d)");

    public Place {
        latitude = Math.round(latitude * 10) / 10.0;
        longitude = Math.round(longitude * 10) / 10.0;
    }

    /** The way over the ground to another place, in kilometres (haversine). */
    public double kilometresTo(Place other) {
        double fromLatitude = Math.toRadians(latitude);
        double toLatitude = Math.toRadians(other.latitude);
        double north = Math.sin((toLatitude - fromLatitude) / 2);
        double east = Math.sin(Math.toRadians(other.longitude - longitude) / 2);
        double a = north * north + Math.cos(fromLatitude) * Math.cos(toLatitude) * east * east;
        return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)));
    }

    /** As it is stored: {@code 47.4,8.5}. */
    public String written() {
        return String.format(Locale.ROOT, "%.1f,%.1f", latitude, longitude);
    }

    /** Reads {@link #written()}; empty for anything else. */
    public static Optional<Place> parse(String written) {
        var found = WRITTEN.matcher(written == null ? "" : written);
        return found.matches()
                ? Optional.of(new Place(Double.parseDouble(found.group(1)), Double.parseDouble(found.group(2))))
                : Optional.empty();
    }
}
