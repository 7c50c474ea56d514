package dev.jitapproval.keycloak.approval;

import static dev.jitapproval.keycloak.approval.ApprovalsFixture.atOnce;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.request;
import static dev.jitapproval.keycloak.approval.ApprovalsFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.RequestStatus;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApprovalsRaceTest {

    private static final String[] TWELVE =
            IntStream.rangeClosed(1, 12).mapToObj(i -> "approver" + i).toArray(String[]::new);

    private final ApprovalsFixture fixture = new ApprovalsFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void twelvePeopleAtOnceEachCountOnce() throws Exception {
        ApprovalRequest opened = fixture.approvals.open(request("b1", stage("one", 12, "", TWELVE))).request();

        List<Outcome> outcomes = atOnce(Stream.of(TWELVE)
                .<Callable<Outcome>>map(name -> () -> fixture.approve(opened, name))
                .toList());

        assertThat(outcomes).allMatch(Outcome::accepted);
        assertThat(approvers(opened)).containsExactlyInAnyOrder(TWELVE);
        assertThat(fixture.kinds(opened)).hasSize(13);
        assertThat(current(opened).status()).isEqualTo(RequestStatus.APPROVED);
    }

    @Test
    void onePersonTwelveTimesAtOnceCountsOnce() throws Exception {
        ApprovalRequest opened = fixture.approvals.open(request("b1", stage("one", 2, "", "bob", "carol"))).request();

        List<Outcome> outcomes = atOnce(Collections.nCopies(12, () -> fixture.approve(opened, "bob")));

        assertThat(outcomes.stream().filter(Outcome::accepted)).hasSize(1);
        assertThat(outcomes).filteredOn(outcome -> !outcome.accepted())
                .allMatch(outcome -> outcome.rejectionCode().orElseThrow().equals("already_voted"));
        assertThat(approvers(opened)).containsExactly("bob");
    }

    @Test
    void twoWhoDecideDifferentlyAtOnceDoNotBothCount() throws Exception {
        for (int round = 0; round < 10; round++) {
            ApprovalRequest opened =
                    fixture.approvals.open(request("b" + round, stage("one", 1, "", "bob", "carol"))).request();

            List<Outcome> outcomes = atOnce(List.of(
                    () -> fixture.approve(opened, "bob"),
                    () -> fixture.execute(opened, Command.deny(opened.shown(), "no"), "carol")));

            // A denial after the approval may still come before its use; an approval after a denial never.
            List<String> kinds = fixture.kinds(opened);
            if (kinds.get(1).equals("denied")) {
                assertThat(kinds).containsExactly("opened", "denied");
            }
            assertThat(kinds).hasSize(1 + (int) outcomes.stream().filter(Outcome::accepted).count());
        }
    }

    @Test
    void anApprovalIsUsedOnceByTwelveTabs() throws Exception {
        ApprovalRequest opened = fixture.approvals.open(request("b1", stage("one", 1, "", "bob"))).request();
        fixture.approve(opened, "bob");

        List<Outcome> outcomes = atOnce(Collections.nCopies(12, () -> fixture.execute(opened, Command.use(), "alice")));

        assertThat(outcomes.stream().filter(Outcome::accepted)).hasSize(1);
        assertThat(fixture.kinds(opened)).containsExactly("opened", "approved", "used");
    }

    @Test
    void twelveTabsThatOpenAtOnceShareOneRequest() throws Exception {
        List<Outcome> outcomes = atOnce(
                Collections.nCopies(12, () -> fixture.approvals.open(request("b1", stage("one", 1, "", "bob")))));

        assertThat(outcomes).extracting(outcome -> outcome.request().id()).containsOnly(outcomes.get(0).request().id());
        assertThat(outcomes.stream().filter(outcome -> !outcome.appended().isEmpty())).hasSize(1);
        assertThat(fixture.told).filteredOn(change -> change.command().equals("open")).hasSize(1);
    }

    private ApprovalRequest current(ApprovalRequest request) {
        return fixture.approvals.find(ApprovalsFixture.REALM, request.id()).orElseThrow();
    }

    private List<String> approvers(ApprovalRequest request) {
        return fixture.approvals.history(request.id()).stream()
                .filter(event -> event.kind().equals("approved"))
                .map(event -> event.actor().username())
                .toList();
    }
}
