package dev.jitapproval.keycloak.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.engine.Advance.StageState;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndTextTest {

    private static final ApprovalEvent DENIED_BY_BOB = new ApprovalEvent(
            2, Instant.EPOCH, "denied", "two-eyes/manager", Actor.user("u-2", "bob", "u-2"), "not tonight", null, "{}");
    private static final ApprovalEvent DENIED_BY_SYSTEM =
            new ApprovalEvent(2, Instant.EPOCH, "denied", null, Actor.SYSTEM, null, "no_eligible_approver", "{}");

    private static EndText text(RequestStatus status, boolean showApprovers, List<ApprovalEvent> history, StageProgress... progress) {
        return EndText.of(Requests.request(status, showApprovers, progress), history, Requests.english());
    }

    @Test
    void showsTheApproversCommentOnlyIfTheChainShowsApprovers() {
        assertThat(text(RequestStatus.DENIED, true, List.of(DENIED_BY_BOB)).comment()).isEqualTo("not tonight");
        assertThat(text(RequestStatus.DENIED, false, List.of(DENIED_BY_BOB)).comment()).isNull();
    }

    @Test
    void tellsARefusalByPeopleFromOneByTheSystem() {
        assertThat(text(RequestStatus.DENIED, true, List.of(DENIED_BY_BOB)).outcome()).isEqualTo("Your request was denied.");
        assertThat(text(RequestStatus.DENIED, true, List.of(DENIED_BY_SYSTEM)).outcome()).contains("nobody could decide");
    }

    @Test
    void tellsAnApprovalThatWasNotUsedFromARequestThatNobodyDecided() {
        StageProgress done = new StageProgress("two-eyes/manager", StageState.DONE, 1, 1, List.of("bob"));
        StageProgress late = new StageProgress("two-eyes/manager", StageState.TIMED_OUT, 0, 1, List.of());
        assertThat(text(RequestStatus.EXPIRED, false, List.of(), done).outcome()).contains("not used in time");
        assertThat(text(RequestStatus.EXPIRED, false, List.of(), late).outcome()).isEqualTo("Nobody decided in time.");
    }

    @ParameterizedTest
    @EnumSource(value = RequestStatus.class, mode = EnumSource.Mode.EXCLUDE, names = {"PENDING", "APPROVED"})
    void hasWordsForEveryEnd(RequestStatus status) {
        EndText end = text(status, false, List.of());
        assertThat(end.heading()).isNotBlank().doesNotStartWith("jit");
        assertThat(end.outcome()).isNotBlank().doesNotStartWith("jit");
    }

    @ParameterizedTest
    @EnumSource(value = RequestStatus.class, names = {"PENDING", "APPROVED"})
    void hasNoneForARequestThatLives(RequestStatus status) {
        assertThatThrownBy(() -> text(status, false, List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
