package dev.jitapproval.keycloak.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.RequestKey;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.engine.Advance.StageState;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.page.Messages;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestViewTest {

    private static final Instant OPENED = Instant.parse("2026-11-24T14:32:38Z");
    private static final Instant NOW = Instant.parse("2026-11-24T14:37:38Z");

    @Test
    void everyStringThatOthersWroteIsCleaned() throws IOException {
        Map<String, Object> model = view("Al\\u202Eice\\n${x}", "pay\\u200Broll", "evil\\u0007agent").model();
        assertThat(model).containsEntry("name", "Alice $ {x}").containsEntry("client", "payroll").containsEntry("userAgent", "evilagent");
    }

    @Test
    void timesSayTheirZoneAndHowLongIsLeft() throws IOException {
        Map<String, Object> model = view("Alice", "Payroll", "x").model();
        assertThat(model).containsEntry("deadlineText", "Nov 24, 2026, 2:47 PM UTC").containsEntry("deadline", "2026-11-24T14:47:38Z");
        assertThat(model.get("timeLeft")).isEqualTo(Map.of("number", 10L, "unit", "minutes"));
        assertThat(view("Alice", "Payroll", "x").deadlineBriefly()).isEqualTo("2:47 PM UTC");
    }

    @Test
    void aYoungAccountAndASecondBrowserAreMarked() throws IOException {
        Map<String, Object> model = view("Alice", "Payroll", "x").model();
        assertThat(model).containsEntry("newAccount", true).containsEntry("others", 1);
    }

    @Test
    void theStageSaysWhatAVoteNeedsAndWhatComesAfter() throws IOException {
        Map<String, Object> model = view("Alice", "Payroll", "x").model();
        assertThat(model).containsEntry("commentRequired", true).containsEntry("matchCodeRequired", false)
                .containsEntry("approvals", 1).containsEntry("needed", 2).containsEntry("stagesAhead", 1);
    }

    @Test
    void anUnknownActionIsShownByItsName() throws IOException {
        Map<String, Object> model = new RequestView(request(facts("Alice", "Payroll", "x").replace("login", "x-export")), Locale.ENGLISH, NOW).model();
        assertThat(model).containsEntry("action", "other").containsEntry("actionName", "x-export");
    }

    @Test
    void aSubjectSaysWhatIsDoneWhereThatIsNoSignIn() throws IOException {
        Messages keys = (key, arguments) -> key;
        assertThat(view("Alice", "Payroll", "x").briefly(keys)).isEqualTo("Payroll");
        RequestView deletion = new RequestView(
                request(facts("Alice", "Payroll", "x").replace("\"login\"", "\"delete-account\"")), Locale.ENGLISH, NOW);
        assertThat(deletion.briefly(keys)).isEqualTo("jitReviewAction.delete-account");
    }

    @Test
    void aReportedDenialIsToldAsSuchWithoutItsMark() {
        ApprovalEvent denial = new ApprovalEvent(
                2, NOW, "denied", "two/first", Actor.user("1", "bob", "1"), Reports.mark("who is this"), null, "{}");
        assertThat(RequestView.decisions(List.of(denial), Locale.ENGLISH)).singleElement()
                .satisfies(told -> assertThat(told).containsEntry("kind", "reported").containsEntry("comment", "who is this"));
    }

    private static RequestView view(String name, String client, String userAgent) throws IOException {
        return new RequestView(request(facts(name, client, userAgent)), Locale.ENGLISH, NOW);
    }

    private static String facts(String name, String client, String userAgent) {
        return """
                {"v":1,"who":{"id":"u1","username":"alice","name":"%s","email":"a@x.example","email_verified":true,
                "created_at":"2026-11-20T00:00:00.000Z","federated":false},
                "what":{"action":"login","client_id":"payroll","client_name":"%s","scopes":["openid"]},
                "where":{"ip":"192.0.2.7","user_agent":"%s","sso":false},"when":"2026-11-24T14:32:38.000Z",
                "why":{"policy":"demo","rule":"r"},"others":[{"id":"o","client_id":"c","opened_at":"2026-11-24T14:30:00.000Z"}]}"""
                .formatted(name, client, userAgent);
    }

    static ApprovalRequest request(String facts) throws IOException {
        Chain chain = Chain.of(new ObjectMapper().readTree("""
                {"stages":[
                  {"id":"two/first","chain":"two","name":"first","approvers":[{"user":"bob"}],"quorum":2,"timeout":900,
                   "on_timeout":"deny","standby":false,"allow_repeat":false,"notify":true,
                   "require":{"comment":true,"match_code":false,"acr":null}},
                  {"id":"two/second","chain":"two","name":"second","approvers":[{"user":"carol"}],"quorum":1,"timeout":900,
                   "on_timeout":"deny","standby":false,"allow_repeat":false,"notify":true,
                   "require":{"comment":false,"match_code":false,"acr":null}}],
                 "justification":false,"show_approvers":false,"use_by":600}"""));
        return new ApprovalRequest(
                "3f2c1d9e-7a4b-4c1d-9e7a-4b4c1d9e7a4b", new RequestKey("realm", "u1", "c1", "login", "sha256:00"),
                new Requester("u1", "alice", "u1"), "demo", "sha256:11", "r", "because", "sha256:22", facts, null, chain, null, "ABC",
                RequestStatus.PENDING, "two/first", OPENED.plusSeconds(900),
                List.of(
                        new StageProgress("two/first", StageState.CURRENT, 1, 2, List.of("bob")),
                        new StageProgress("two/second", StageState.WAITING, 0, 1, List.of())),
                OPENED, OPENED, 2);
    }
}
