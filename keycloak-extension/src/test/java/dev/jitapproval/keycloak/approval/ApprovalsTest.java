package dev.jitapproval.keycloak.approval;

import static dev.jitapproval.keycloak.approval.ApprovalsFixture.REALM;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.key;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.request;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.engine.Advance.SideEffect;
import dev.jitapproval.keycloak.engine.EngineException;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApprovalsTest {

    private final ApprovalsFixture fixture = new ApprovalsFixture();
    private final Approvals approvals = fixture.approvals;

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void opensARequestThatIsFoundAgainByItsBrowser() {
        Outcome opened = approvals.open(request("b1", stage("one", 1, "", "bob")));

        assertThat(opened.accepted()).isTrue();
        ApprovalRequest found = approvals.findLive(key("b1")).orElseThrow();
        assertThat(found).usingRecursiveComparison().isEqualTo(opened.request());
        assertThat(found.status()).isEqualTo(RequestStatus.PENDING);
        assertThat(found.stageId()).isEqualTo("c/one");
        assertThat(found.deadline()).isEqualTo(fixture.now().plusSeconds(900));
        assertThat(found.id()).doesNotContain(":");
        assertThat(found.matchCode()).matches("[A-HJ-NP-Z2-9]{3}-[A-HJ-NP-Z2-9]{3}");
        assertThat(fixture.kinds(found)).containsExactly("opened");
        assertThat(fixture.database.reading().policySource(found.policyHash())).contains("name: production");
    }

    @Test
    void anotherBrowserHasARequestOfItsOwn() {
        ApprovalRequest first = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        ApprovalRequest second = approvals.open(request("b2", stage("one", 1, "", "bob"))).request();
        fixture.approve(first, "bob");

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(approvals.findLive(key("b2")).orElseThrow().status()).isEqualTo(RequestStatus.PENDING);
        assertThat(approvals.findLive(key("b3"))).isEmpty();
        assertThat(approvals.findLiveOfUser(REALM, "id-alice")).extracting(ApprovalRequest::id)
                .containsExactlyInAnyOrder(first.id(), second.id());
    }

    @Test
    void openingAgainGivesTheRequestThatIsThere() {
        ApprovalRequest first = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        Outcome again = approvals.open(request("b1", stage("one", 1, "", "bob")));

        assertThat(again.request().id()).isEqualTo(first.id());
        assertThat(again.appended()).isEmpty();
    }

    @Test
    void anEndedRequestMakesRoomForANewOne() {
        ApprovalRequest first = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.pass(Duration.ofSeconds(901));
        ApprovalRequest second = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.status()).isEqualTo(RequestStatus.PENDING);
        assertThat(approvals.find(REALM, first.id()).orElseThrow().status()).isEqualTo(RequestStatus.EXPIRED);
        assertThat(fixture.told).extracting(ApprovalChange::command).containsExactly("open", "tick", "open");
    }

    @Test
    void goesThroughItsStagesAndIsUsedOnce() {
        ApprovalRequest opened = approvals
                .open(request("b1", stage("one", 1, "", "bob"), stage("two", 1, "", "carol")))
                .request();

        ApprovalRequest second = fixture.approve(opened, "bob").request();
        assertThat(second.stageId()).isEqualTo("c/two");
        assertThat(second.progress().get(0).approvedBy()).containsExactly("bob");
        ApprovalRequest approved = fixture.approve(second, "carol").request();
        assertThat(approved.status()).isEqualTo(RequestStatus.APPROVED);
        assertThat(approved.deadline()).isEqualTo(fixture.now().plusSeconds(600));

        assertThat(fixture.execute(approved, Command.use(), "alice").request().status()).isEqualTo(RequestStatus.USED);
        assertThat(fixture.execute(approved, Command.use(), "alice").accepted()).isFalse();
        assertThat(fixture.kinds(approved)).containsExactly("opened", "approved", "approved", "used");
        assertThat(approvals.findLive(key("b1"))).isEmpty();
    }

    @Test
    void rejectsWhoMayNotVote() {
        ApprovalRequest opened = approvals.open(request("b1", stage("one", 1, "", "bob", "alice"))).request();

        assertThat(fixture.approve(opened, "alice").rejectionCode()).contains("self_approval");
        assertThat(fixture.approve(opened, "mallory").rejectionCode()).contains("not_eligible");
        fixture.directory.remove("bob");
        assertThat(fixture.approve(opened, "bob").rejectionCode()).contains("not_eligible");
        assertThat(fixture.kinds(opened)).containsExactly("opened");
    }

    @Test
    void rejectsAVoteOnWhatIsNotThere() {
        ApprovalRequest opened = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        Command stale = Command.approve(new Command.Shown("sha256:" + "e".repeat(64), "c/one"), null);

        assertThat(fixture.execute(opened, stale, "bob").rejectionCode()).contains("conflict");
    }

    @Test
    void comparesTheMatchCodeItself() {
        ApprovalRequest opened =
                approvals.open(request("b1", stage("one", 1, "\"match_code\":true", "bob"))).request();
        Command vote = Command.approve(opened.shown(), null);

        assertThat(fixture.execute(opened, vote, "bob").rejectionCode()).contains("match_code_required");
        assertThat(fixture.execute(opened, vote.withMatchCode("AAA-AAA"), "bob").accepted()).isFalse();
        String typed = opened.matchCode().toLowerCase(Locale.ROOT).replace('-', ' ');
        assertThat(fixture.execute(opened, vote.withMatchCode(typed), "bob").request().status())
                .isEqualTo(RequestStatus.APPROVED);
    }

    @Test
    void nobodyToAskIsADenial() {
        fixture.directory.remove("bob");

        Outcome opened = approvals.open(request("b1", stage("one", 1, "", "bob")));

        assertThat(opened.request().status()).isEqualTo(RequestStatus.DENIED);
        assertThat(approvals.findLive(key("b1"))).isEmpty();
    }

    @Test
    void readingFiresWhatIsDue() {
        ApprovalRequest opened = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.pass(Duration.ofSeconds(900));

        assertThat(approvals.findLive(key("b1"))).isEmpty();
        assertThat(approvals.findPending(REALM, 10)).isEmpty();
        assertThat(approvals.find(REALM, opened.id()).orElseThrow().status()).isEqualTo(RequestStatus.EXPIRED);
        assertThat(fixture.kinds(opened)).containsExactly("opened", "timed_out");
        assertThat(fixture.approve(opened, "bob").rejectionCode()).contains("terminal");
    }

    @Test
    void aVoteThatComesTooLateFiresTheDeadlineAndIsRejected() {
        ApprovalRequest opened = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.pass(Duration.ofSeconds(1000));

        Outcome late = fixture.approve(opened, "bob");

        assertThat(late.accepted()).isFalse();
        assertThat(late.appended()).extracting(ApprovalEvent::kind).containsExactly("timed_out");
        assertThat(late.request().status()).isEqualTo(RequestStatus.EXPIRED);
    }

    @Test
    void tellsListenersWhatToDo() {
        ApprovalRequest opened = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.approve(opened, "mallory");
        fixture.approve(opened, "bob");

        assertThat(fixture.told).extracting(ApprovalChange::command).containsExactly("open", "approve", "approve");
        assertThat(fixture.told.get(0).effects()).containsExactly(new SideEffect("notify_stage", "c/one", null));
        assertThat(fixture.told.get(1).rejection().code()).isEqualTo("not_eligible");
        assertThat(fixture.told.get(2).before()).isEqualTo(RequestStatus.PENDING);
        assertThat(fixture.told.get(2).effects())
                .containsExactly(new SideEffect("notify_outcome", null, RequestStatus.APPROVED));
    }

    @Test
    void countsWhatSomebodyOpenedWhateverBecameOfIt() {
        ApprovalRequest first = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.execute(first, Command.cancel(), "alice");
        fixture.pass(Duration.ofMinutes(10));
        Instant since = fixture.now();
        ApprovalRequest second = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.execute(second, Command.cancel(), "alice");

        assertThat(approvals.countOpened(REALM, "id-alice", null, since.minus(Duration.ofHours(1)))).isEqualTo(2);
        assertThat(approvals.countOpened(REALM, "id-alice", null, since)).isEqualTo(1);
        assertThat(approvals.countOpened(REALM, "id-bob", null, since)).isZero();
        assertThat(approvals.countOpened("realm-2", "id-alice", null, since)).isZero();
        assertThat(approvals.countOpened(REALM, "id-alice", Set.of("login", "register"), since)).isEqualTo(1);
        assertThat(approvals.countOpened(REALM, "id-alice", Set.of("ciba"), since)).isZero();
    }

    @Test
    void aRealmSeesOnlyItsOwn() {
        ApprovalRequest opened = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();

        assertThat(approvals.find("realm-2", opened.id())).isEmpty();
        assertThat(approvals.findPending("realm-2", 10)).isEmpty();
        assertThatThrownBy(() -> approvals.execute("realm-2", opened.id(), Command.tick(), Actor.SYSTEM))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void aHistoryThatWasTamperedWithCountsForNothing() {
        ApprovalRequest opened = approvals.open(request("b1", stage("one", 2, "", "bob", "carol"))).request();
        fixture.approve(opened, "bob");
        fixture.database.inTransaction(entities -> entities.createQuery(
                        "update JitEvent e set e.event = replace(e.event, 'person-alice', 'person-mallory') where e.key.seq = 1")
                .executeUpdate());

        assertThatThrownBy(() -> fixture.approve(opened, "carol"))
                .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo("broken_history"));
        assertThat(fixture.kinds(opened)).containsExactly("opened", "approved");
    }

    @Test
    void aRemovedRealmLeavesNothingBehind() {
        ApprovalRequest opened = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.database.inNewTransaction(work -> {
            work.requests().removeRealm(REALM);
            return null;
        });

        assertThat(approvals.find(REALM, opened.id())).isEmpty();
        assertThat(approvals.history(opened.id())).isEmpty();
    }

    @Test
    void countsAndListsWhatIsPending() {
        ApprovalRequest first = approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.pass(Duration.ofSeconds(1));
        ApprovalRequest second = approvals.open(request("b2", stage("one", 1, "", "bob"))).request();
        ApprovalRequest third = approvals.open(request("b3", stage("one", 1, "", "bob"))).request();
        fixture.execute(third, Command.cancel(), "alice");

        assertThat(approvals.countPending(REALM)).isEqualTo(2);
        assertThat(approvals.findPending(REALM, 10)).extracting(ApprovalRequest::id)
                .isEqualTo(List.of(first.id(), second.id()));
    }
}
