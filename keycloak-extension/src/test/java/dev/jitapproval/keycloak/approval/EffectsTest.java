package dev.jitapproval.keycloak.approval;

import static dev.jitapproval.keycloak.approval.ApprovalsFixture.atOnce;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.request;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.outbox.OutboxMessage;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the engine wants to be done stands in the outbox if and only if its cause stands in the history. */
class EffectsTest {

    private final ApprovalsFixture fixture = new ApprovalsFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void everyStageAndTheOutcomeAreAnnouncedUnderTheRequestAndTheEvent() {
        ApprovalRequest opened =
                fixture.approvals.open(request("b1", stage("one", 1, "", "bob"), stage("two", 1, "", "carol"))).request();
        assertThat(fixture.database.outboxKeys()).containsExactly(opened.id() + "/1/notify_stage/c/one");

        ApprovalRequest second = fixture.approve(opened, "bob").request();
        fixture.approve(second, "carol");
        assertThat(fixture.database.outboxKeys()).containsExactlyInAnyOrder(
                opened.id() + "/1/notify_stage/c/one",
                opened.id() + "/2/notify_stage/c/two",
                opened.id() + "/3/notify_outcome");
    }

    @Test
    void aMessageSaysWhatTheRequestCameToAndNamesNobody() {
        ApprovalRequest opened = fixture.approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.execute(opened, Command.deny(opened.shown(), "a secret reason"), "bob");
        OutboxMessage outcome = fixture.database.outbox().stream()
                .filter(message -> message.kind().equals("notify_outcome"))
                .findFirst()
                .orElseThrow();
        assertThat(outcome.requestId()).isEqualTo(opened.id());
        assertThat(outcome.payload())
                .contains("\"status\":\"denied\"", "\"seq\":2", "https://keycloak.example/")
                .doesNotContain("alice", "bob", "secret");
    }

    @Test
    void twelveWhoDecideAtOnceAnnounceOneOutcome() throws Exception {
        ApprovalRequest opened = fixture.approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        atOnce(Collections.nCopies(12, () -> fixture.approve(opened, "bob")));
        assertThat(fixture.database.outboxKeys())
                .containsExactlyInAnyOrder(opened.id() + "/1/notify_stage/c/one", opened.id() + "/2/notify_outcome");
    }

    @Test
    void aDeadlineThatFiresAnnouncesTheEnd() {
        ApprovalRequest opened = fixture.approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.pass(Duration.ofSeconds(901));
        fixture.approvals.find(ApprovalsFixture.REALM, opened.id());
        assertThat(fixture.database.outboxKeys()).anyMatch(key -> key.startsWith(opened.id() + "/2/notify_outcome"));
    }

    @Test
    void whatIsRejectedAnnouncesNothing() {
        ApprovalRequest opened = fixture.approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        List<String> before = fixture.database.outboxKeys();
        assertThat(fixture.approve(opened, "mallory").accepted()).isFalse();
        assertThat(fixture.database.outboxKeys()).isEqualTo(before);
    }

    @Test
    void whatIsRolledBackAnnouncesNothing() {
        UnitOfWork.Source failsBeforeItsCommit = new UnitOfWork.Source() {
            @Override
            public <T> T inNewTransaction(Function<UnitOfWork, T> work) {
                return fixture.database.inNewTransaction(unit -> {
                    work.apply(unit);
                    throw new IllegalStateException("the database went away");
                });
            }
        };
        Approvals failing = fixture.approvalsIn(failsBeforeItsCommit);
        assertThatThrownBy(() -> failing.open(request("b1", stage("one", 1, "", "bob")))).hasMessage("the database went away");
        assertThat(fixture.database.outboxKeys()).isEmpty();
        assertThat(fixture.approvals.findLive(ApprovalsFixture.key("b1"))).isEmpty();
    }
}
