package dev.jitapproval.keycloak.audit;

import dev.jitapproval.keycloak.audit.jpa.HistoryStore;
import dev.jitapproval.keycloak.audit.jpa.HistoryStore.Filter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes the histories of a realm as NDJSON.
 *
 * <p>Each request is read in a transaction of its own: a slow reader on the other side holds neither a connection nor a table in memory,
 * and a request's line fits its events.
 */
final class AuditExport {

    private static final int PAGE = 200;

    private final Reading reading;

    AuditExport(Reading reading) {
        this.reading = reading;
    }

    /** Runs reads in a transaction of their own. */
    interface Reading {
        <T> T read(Function<HistoryStore, T> read);
    }

    void write(Filter filter, String realmName, Instant now, OutputStream out) throws IOException {
        line(out, ExportLines.realm(filter.realmId(), realmName, now));
        long requests = 0;
        long events = 0;
        String last = null;
        List<String> ids;
        do {
            String after = last;
            ids = reading.read(store -> store.ids(filter, after, PAGE));
            for (String id : ids) {
                last = id;
                Optional<StoredHistory> stored = reading.read(store -> store.find(id));
                if (stored.isPresent()) {
                    write(stored.get(), out);
                    requests++;
                    events += stored.get().events().size();
                }
            }
            out.flush();
        } while (ids.size() == PAGE);
        line(out, ExportLines.end(requests, events));
        out.flush();
    }

    private static void write(StoredHistory stored, OutputStream out) throws IOException {
        line(out, ExportLines.request(stored));
        for (String event : stored.events()) {
            line(out, ExportLines.event(stored.id(), event));
        }
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
