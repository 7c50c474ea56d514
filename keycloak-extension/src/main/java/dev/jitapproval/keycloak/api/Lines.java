package dev.jitapproval.keycloak.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import org.keycloak.models.KeycloakSession;

/** An answer of many lines of JSON, which are sent as they are read: it takes any length, and no memory for it. */
public final class Lines {

    /** Newline-delimited JSON. */
    public static final String MEDIA_TYPE = "application/x-ndjson";

    private Lines() {}

    /** Writes the lines. */
    @FunctionalInterface
    public interface Writer {

        /** Reads in transactions of its own: the one of the session is over by then. */
        void write(OutputStream out) throws IOException;
    }

    /**
     * 200 with the lines.
     *
     * @param fileName what a browser proposes to save them as
     */
    public static Response of(KeycloakSession session, String fileName, Writer writer) {
        StreamingOutput stream = out -> {
            // Keycloak would keep it, and its database connection, until the last line has been taken by whoever reads at the other end.
            if (session.getTransactionManager().isActive()) {
                session.getTransactionManager().commit();
            }
            writer.write(out);
        };
        return Response.ok(stream, MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + fileName + "\"")
                .build();
    }
}
