package dev.jitapproval.keycloak.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.outbox.jpa.OutboxStore.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxPagesTest {

    private final OutboxFixture outbox = new OutboxFixture();

    @AfterEach
    void close() {
        outbox.close();
    }

    @Test
    void pagesShowEveryRowOnceThoughManyAreOfTheSameMoment() {
        for (int i = 0; i < 7; i++) {
            outbox.put("message-" + i);
            if (i == 3) {
                outbox.pass(Duration.ofMillis(1));
            }
        }
        List<String> seen = new ArrayList<>();
        Position after = null;
        List<OutboxRow> page = page(after);
        while (!page.isEmpty()) {
            page.forEach(row -> seen.add(row.message().key()));
            OutboxRow last = page.get(page.size() - 1);
            after = new Position(last.createdAt().toEpochMilli(), last.id());
            page = page(after);
        }
        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void anItemShowsNoPayload() {
        outbox.put("a");
        OutboxResource.Item item = OutboxResource.Item.of(outbox.only(OutboxState.PENDING));
        assertThat(item.toString()).doesNotContain("\"for\"");
        assertThat(item.nextAttemptAt()).isEqualTo(outbox.now());
    }

    private List<OutboxRow> page(Position after) {
        return outbox.run(store -> store.list(OutboxFixture.REALM, OutboxState.PENDING, "test", after, 2));
    }
}
