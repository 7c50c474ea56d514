package dev.jitapproval.keycloak.approval;

import static dev.jitapproval.keycloak.approval.ApprovalsFixture.REALM;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.request;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.GrantTerms;
import dev.jitapproval.keycloak.engine.GrantTerms.Binding;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.grant.EndSessions;
import dev.jitapproval.keycloak.outbox.OutboxRow;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Grants as they come into being, are found and end, with the real engine on a real database. */
class GrantsTest {

    private static final GrantTerms FOUR_HOURS = new GrantTerms(14_400, EnumSet.of(Binding.DEVICE, Binding.CLIENT));
    private static final UsedOn LOGIN = new UsedOn(List.of("openid", "profile"), null, "session-1");

    private final ApprovalsFixture fixture = new ApprovalsFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void beginsWithTheApprovalAndIsThereOnceThatIsUsed() {
        ApprovalRequest approved = approved(FOUR_HOURS, "b1");
        Instant at = fixture.now();
        assertThat(live()).isEmpty();

        fixture.pass(Duration.ofMinutes(5));
        fixture.execute(approved, Command.use(LOGIN), "alice");

        Grant grant = live().get(0);
        assertThat(grant.id()).isEqualTo(approved.id());
        assertThat(grant.from()).isEqualTo(at);
        assertThat(grant.until()).isEqualTo(at.plus(Duration.ofHours(4)));
        assertThat(grant.usedOn()).isEqualTo(LOGIN);
        assertThat(grant.terms()).isEqualTo(FOUR_HOURS);
        assertThat(grant.request().status()).isEqualTo(RequestStatus.USED);
    }

    @Test
    void endsByItself() {
        use(approved(FOUR_HOURS, "b1"));
        fixture.pass(Duration.ofHours(4).minusSeconds(1));
        assertThat(live()).hasSize(1);

        fixture.pass(Duration.ofSeconds(1));

        assertThat(live()).isEmpty();
        assertThat(fixture.database.grants().list(REALM, query(null, false), 10)).hasSize(1);
    }

    @Test
    void whoApprovedItTakesItBack() {
        ApprovalRequest used = use(approved(FOUR_HOURS, "b1"));
        assertThat(fixture.execute(used, Command.revoke(null), "carol").rejectionCode()).contains("not_allowed");
        assertThat(live()).hasSize(1);

        fixture.pass(Duration.ofMinutes(1));
        Outcome revoked = fixture.execute(used, Command.revoke("Called away"), "bob");

        assertThat(revoked.request().status()).isEqualTo(RequestStatus.REVOKED);
        assertThat(live()).isEmpty();
        assertThat(fixture.database.grants().find(REALM, used.id()).orElseThrow().revokedAt()).isEqualTo(fixture.now());
        assertThat(fixture.kinds(used)).containsExactly("opened", "approved", "used", "revoked");
    }

    @Test
    void whatRestsOnItIsEndedOnceMoreAndNotBesideTheFirstTime() {
        ApprovalRequest used = use(approved(FOUR_HOURS, "b1"));
        fixture.execute(used, Command.revoke(null), "bob");

        List<OutboxRow> ending = fixture.database.outboxRows().stream()
                .filter(row -> row.message().kind().equals(EndSessions.KIND))
                .toList();
        assertThat(ending).singleElement().satisfies(row -> assertThat(row.nextAttemptAt()).isEqualTo(row.createdAt().plusSeconds(10)));
    }

    @Test
    void theSystemTakesItBack() {
        ApprovalRequest used = use(approved(FOUR_HOURS, "b1"));

        fixture.approvals.execute(REALM, used.id(), Command.revokeBySystem("user_removed"), Actor.SYSTEM);

        assertThat(live()).isEmpty();
    }

    @Test
    void thereIsNoneWithoutAGrantOrWhereNobodySaysWhatItWasUsedOn() {
        use(approved(null, "b1"));
        fixture.execute(approved(FOUR_HOURS, "b2"), Command.use(), "alice");

        assertThat(fixture.database.grants().list(REALM, query(null, null), 10)).isEmpty();
    }

    @Test
    void whoApprovedFindsWhatTheyGave() {
        ApprovalRequest used = use(approved(FOUR_HOURS, "b1"));

        assertThat(fixture.database.grants().list(REALM, query("id-bob", true), 10)).extracting(Grant::id).containsExactly(used.id());
        assertThat(fixture.database.grants().list(REALM, query("id-alice", true), 10)).isEmpty();
        assertThat(fixture.database.grants().list("another", query(null, null), 10)).isEmpty();
    }

    @Test
    void theListGoesOnAfterTheLastOneShown() {
        for (String browser : List.of("b1", "b2", "b3")) {
            use(approved(FOUR_HOURS, browser));
        }
        List<Grant> all = fixture.database.grants().list(REALM, query(null, null), 10);
        Grant first = all.get(0);
        GrantQuery rest = new GrantQuery(
                null, null, null, null, null, fixture.now(), new GrantQuery.Position(first.from(), first.id()));

        assertThat(fixture.database.grants().list(REALM, rest, 10)).isEqualTo(all.subList(1, 3));
    }

    private ApprovalRequest approved(GrantTerms grant, String browser) {
        ApprovalRequest opened = fixture.approvals.open(request(grant, browser, stage("one", 1, "", "bob"))).request();
        return fixture.approve(opened, "bob").request();
    }

    private ApprovalRequest use(ApprovalRequest approved) {
        Outcome outcome = fixture.execute(approved, Command.use(LOGIN), "alice");
        assertThat(outcome.accepted()).isTrue();
        return outcome.request();
    }

    private List<Grant> live() {
        return fixture.database.grants().list(REALM, GrantQuery.liveOf("id-alice", fixture.now()), 10);
    }

    private GrantQuery query(String approver, Boolean live) {
        return new GrantQuery(null, null, null, approver, live, fixture.now(), null);
    }
}
