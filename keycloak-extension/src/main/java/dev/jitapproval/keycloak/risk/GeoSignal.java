package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.risk.GeoDatabase.Entry;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * Where an address is, by MaxMind database files that the option {@code databases} names; without it, everything it tells is absent.
 *
 * <p>Impossible travel is told of two places at least {@link #NEAR_KM} apart, for a database is that wrong now and then.
 */
public final class GeoSignal implements RiskSignalFactory, RiskSignal {

    /** The signal's id. */
    public static final String ID = "geo";

    /** Faster than an airliner. */
    static final double FASTEST_KMH = 900;

    /** Below this, two places may be one. */
    static final double NEAR_KM = 100;

    private static final String DATABASES = "databases";

    private List<GeoDatabase> databases = List.of();

    @Override
    public void init(Config.Scope config) {
        open(config.get(DATABASES, ""));
    }

    /** @param files names, separated by commas; relative ones begin at Keycloak's home */
    void open(String files) {
        Path home = Path.of(System.getProperty("kc.home.dir", ""));
        databases = Arrays.stream(files.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(name -> new GeoDatabase(home.resolve(name).toAbsolutePath().normalize()))
                .toList();
    }

    @Override
    public void assess(Attempt attempt, Findings findings) {
        Entry entry = find(attempt.ip());
        entry.country().ifPresent(country -> findings.set("country", country));
        entry.asn().ifPresent(asn -> findings.set("asn", asn));
        if (attempt.memory() != null) {
            impossible(attempt, entry).ifPresent(impossible -> findings.set("impossible_travel", impossible));
        }
    }

    /** What all databases together have of an address. */
    Entry find(String ip) {
        Optional<InetAddress> address = Marks.address(ip);
        return address.isEmpty()
                ? Entry.NONE
                : databases.stream().map(database -> database.find(address.get())).reduce(Entry.NONE, Entry::or);
    }

    private static Optional<Boolean> impossible(Attempt attempt, Entry entry) {
        return entry.place().flatMap(here -> attempt.memory().lastPlace().flatMap(there -> attempt.memory()
                .lastLogin()
                .map(then -> isImpossible(there.kilometresTo(here), Duration.between(then, attempt.now())))));
    }

    static boolean isImpossible(double kilometres, Duration took) {
        return kilometres >= NEAR_KM && kilometres > FASTEST_KMH * Math.max(0, took.toMillis()) / Duration.ofHours(1).toMillis();
    }

    @Override
    public Set<String> fields() {
        return Set.of("risk.country", "risk.asn", "risk.impossible_travel");
    }

    @Override
    public boolean computesOnly() {
        return true;
    }

    @Override
    public RiskSignal create(KeycloakSession session) {
        return this;
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return ProviderConfigurationBuilder.create()
                .property()
                .name(DATABASES)
                .type(ProviderConfigProperty.STRING_TYPE)
                .helpText("Database files in MaxMind's format (City or Country, ASN), separated by commas. Without them nothing is known of"
                        + " where an address is.")
                .add()
                .build();
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    /** Called for the factory as well as for each session's use of it; the files stay open as long as the server runs. */
    @Override
    public void close() {}
}
