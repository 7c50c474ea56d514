package dev.jitapproval.keycloak.decisionlog;

import dev.jitapproval.keycloak.decisionlog.jpa.DecisionStore.Filter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes kept decisions as NDJSON, the oldest first.
 *
 * <p>Each page is read in a transaction of its own: a slow reader on the other side holds neither a connection nor a table in memory.
 */
final class DecisionExport {

    private static final int PAGE = 200;

    private final LogTransactions transactions;

    DecisionExport(LogTransactions transactions) {
        this.transactions = transactions;
    }

    void write(Filter filter, String realmName, OutputStream out) throws IOException {
        LoggedDecision last = null;
        List<LoggedDecision> page;
        do {
            LoggedDecision after = last;
            page = transactions.run(work -> work.decisions().page(filter, after, PAGE));
            for (LoggedDecision kept : page) {
                out.write((DecisionDocument.line(kept, realmName) + "\n").getBytes(StandardCharsets.UTF_8));
                last = kept;
            }
            out.flush();
        } while (page.size() == PAGE);
    }
}
