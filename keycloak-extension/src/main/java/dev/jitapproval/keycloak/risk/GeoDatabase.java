package dev.jitapproval.keycloak.risk;

import com.maxmind.db.Reader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One database file in MaxMind's format (GeoLite2 or GeoIP2 City, Country or ASN, or another that has their fields). A newer file in its
 * place is taken within a minute; put it there by renaming, not by writing into the old one.
 */
final class GeoDatabase implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(GeoDatabase.class);
    private static final long LOOK_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Path file;
    private Reader reader;
    private FileTime version;
    private long lookedAt;

    /** @throws UncheckedIOException if the file is missing, or no such database */
    GeoDatabase(Path file) {
        this.file = file;
        try {
            version = Files.getLastModifiedTime(file);
            reader = new Reader(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("the GeoIP database " + file + " cannot be read: " + e.getMessage(), e);
        }
        lookedAt = System.nanoTime();
    }

    /**
     * What the database has of an address; each part may be missing.
     *
     * @param country ISO 3166-1 alpha-2
     * @param asn the number of the autonomous system
     */
    record Entry(Optional<String> country, Optional<Long> asn, Optional<Place> place) {

        static final Entry NONE = new Entry(Optional.empty(), Optional.empty(), Optional.empty());

        /** What one of two databases knows. */
        Entry or(Entry other) {
            return new Entry(country.or(other::country), asn.or(other::asn), place.or(other::place));
        }
    }

    synchronized Entry find(InetAddress address) {
        follow();
        try {
            Map<?, ?> found = reader.get(address, Map.class);
            return found == null
                    ? Entry.NONE
                    : new Entry(
                            text(found, "country", "iso_code"),
                            number(found, "autonomous_system_number").map(Number::longValue),
                            place(found));
        } catch (IOException e) {
            throw new UncheckedIOException("the GeoIP database " + file + " cannot be read", e);
        }
    }

    private void follow() {
        if (System.nanoTime() - lookedAt < LOOK_EVERY_NANOS) {
            return;
        }
        lookedAt = System.nanoTime();
        try {
            FileTime now = Files.getLastModifiedTime(file);
            if (!now.equals(version)) {
                Reader newer = new Reader(file.toFile());
                reader.close();
                reader = newer;
                version = now;
                LOG.infof("The GeoIP database %s was replaced", file);
            }
        } catch (IOException e) {
            LOG.warnf("The GeoIP database %s cannot be read any more, so the one that was read before goes on: %s", file, e.getMessage());
        }
    }

    private static Optional<Place> place(Map<?, ?> found) {
        Object location = found.get("location");
        if (!(location instanceof Map<?, ?> degrees)) {
            return Optional.empty();
        }
        return number(degrees, "latitude").flatMap(latitude ->
                number(degrees, "longitude").map(longitude -> new Place(latitude.doubleValue(), longitude.doubleValue())));
    }

    private static Optional<String> text(Map<?, ?> found, String group, String name) {
        return found.get(group) instanceof Map<?, ?> inner && inner.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static Optional<Number> number(Map<?, ?> found, String name) {
        return found.get(name) instanceof Number number ? Optional.of(number) : Optional.empty();
    }

    @Override
    public synchronized void close() {
        try {
            reader.close();
        } catch (IOException e) {
            LOG.debugf(e, "The GeoIP database %s could not be closed", file);
        }
    }
}
