package dev.jitapproval.keycloak.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.engine.Advance.StageState;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageLineTest {

    private static final StageProgress MANAGER_DONE =
            new StageProgress("two-eyes/manager", StageState.DONE, 1, 1, List.of("bob"));
    private static final StageProgress SECURITY_HALF =
            new StageProgress("two-eyes/it-security", StageState.CURRENT, 1, 2, List.of("carol"));
    private static final StageProgress DUTY_ASIDE =
            new StageProgress("two-eyes/duty-officer", StageState.STANDBY, 0, null, List.of());

    private static List<StageLine> lines(boolean showApprovers, StageProgress... progress) {
        return StageLine.of(Requests.request(RequestStatus.PENDING, showApprovers, progress), Requests.english());
    }

    @Test
    void saysWhoIsAskedAndHowFarItIs() {
        assertThat(lines(false, MANAGER_DONE, SECURITY_HALF, DUTY_ASIDE))
                .containsExactly(
                        new StageLine("two-eyes/manager", "done", "Your manager", "Approved"),
                        new StageLine("two-eyes/it-security", "current", "It security", "1 of 2 approvals given"));
    }

    @Test
    void namesPeopleOnlyIfTheChainSaysSo() {
        assertThat(lines(false, MANAGER_DONE)).noneMatch(line -> line.text().contains("bob"));
        assertThat(lines(true, MANAGER_DONE)).extracting(StageLine::text).containsExactly("Approved by bob");
    }

    @Test
    void neverNamesWhoApprovedAStageThatIsNotDone() {
        assertThat(lines(true, SECURITY_HALF)).noneMatch(line -> line.text().contains("carol"));
    }

    @Test
    void tellsWhatComesNext() {
        StageProgress manager = new StageProgress("two-eyes/manager", StageState.CURRENT, 0, 1, List.of());
        StageProgress security = new StageProgress("two-eyes/it-security", StageState.WAITING, 0, 2, List.of());
        assertThat(lines(false, manager, security))
                .extracting(StageLine::text)
                .containsExactly("1 approval needed", "Next: 2 approvals needed");
    }

    @Test
    void showsWhoStoodInForAStageThatTimedOut() {
        StageProgress manager = new StageProgress("two-eyes/manager", StageState.TIMED_OUT, 0, 1, List.of());
        StageProgress duty = new StageProgress("two-eyes/duty-officer", StageState.CURRENT, 0, null, List.of());
        assertThat(lines(false, manager, duty))
                .containsExactly(
                        new StageLine("two-eyes/manager", "timed_out", "Your manager", "No answer in time"),
                        new StageLine("two-eyes/duty-officer", "current", "Duty officer", "Everyone must approve, 0 so far"));
    }

    @Test
    void letsTheRealmNameItsStages() {
        Messages realm = (key, arguments) -> key.equals("jitStage.manager") ? "Line manager" : key;
        assertThat(StageLine.of(Requests.request(RequestStatus.PENDING, false, MANAGER_DONE), realm))
                .extracting(StageLine::label)
                .containsExactly("Line manager");
    }

    @Test
    void givesTheScriptWhatThePageShows() {
        Status status = Status.waiting(Requests.request(RequestStatus.PENDING, false, MANAGER_DONE), Requests.english());
        assertThat(status.state()).isEqualTo("waiting");
        assertThat(status.stages()).isEqualTo(lines(false, MANAGER_DONE));
        assertThat(status.deadline()).isEqualTo("2026-11-24T15:00:00.500Z");
    }
}
