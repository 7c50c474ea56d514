package dev.jitapproval.keycloak.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.RequestKey;
import dev.jitapproval.keycloak.approval.Requester;
import dev.jitapproval.keycloak.approval.UsedOn;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.Effect;
import dev.jitapproval.keycloak.engine.GrantTerms;
import dev.jitapproval.keycloak.engine.GrantTerms.Binding;
import dev.jitapproval.keycloak.engine.RequestStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which grant answers which decision. */
class GrantedTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Holder BROWSER = Holder.backChannel("alice's browser");
    private static final UsedOn LOGIN = new UsedOn(List.of("openid", "profile"), null, "session-1");
    private static final Here HERE = new Here("client-1", BROWSER, LOGIN);
    private static final Set<Binding> ALL = EnumSet.allOf(Binding.class);

    @Test
    void answersTheSameStepUntilItsEnd() {
        assertThat(answers(ALL, HERE, NOON)).isTrue();
        assertThat(answers(ALL, HERE, NOON.plusSeconds(3_599))).isTrue();
        assertThat(answers(ALL, HERE, NOON.plusSeconds(3_600))).isFalse();
    }

    @Test
    void isBoundToWhatItSays() {
        Here otherClient = new Here("client-2", BROWSER, LOGIN);
        Here otherBrowser = new Here("client-1", Holder.backChannel("mallory's browser"), LOGIN);
        Here otherSession = new Here("client-1", BROWSER, new UsedOn(LOGIN.scopes(), null, "session-2"));
        Here noSession = new Here("client-1", BROWSER, new UsedOn(LOGIN.scopes(), null, null));
        Here moreScopes = new Here("client-1", BROWSER, new UsedOn(List.of("openid", "profile", "admin"), null, "session-1"));

        for (Here elsewhere : List.of(otherClient, otherBrowser, otherSession, noSession, moreScopes)) {
            assertThat(answers(ALL, elsewhere, NOON)).as("%s", elsewhere).isFalse();
        }
        assertThat(answers(Set.of(Binding.DEVICE), otherClient, NOON)).isTrue();
        assertThat(answers(Set.of(Binding.CLIENT), otherBrowser, NOON)).isTrue();
        assertThat(answers(Set.of(Binding.CLIENT), noSession, NOON)).isTrue();
        assertThat(answers(Set.of(Binding.SCOPES), moreScopes, NOON)).isFalse();
    }

    @Test
    void fewerScopesAreFine() {
        assertThat(answers(ALL, new Here("client-1", BROWSER, new UsedOn(List.of("openid"), null, "session-1")), NOON)).isTrue();
    }

    @Test
    void anApprovedChangeIsNoOther() {
        Here change = new Here("client-1", BROWSER, new UsedOn(LOGIN.scopes(), "sha256:1", "session-1"));
        Grant ofAnother = grant(Set.of(Binding.CLIENT), new UsedOn(LOGIN.scopes(), "sha256:2", "session-1"), null);

        assertThat(answers(Set.of(Binding.CLIENT), change, NOON)).isFalse();
        assertThat(Granted.answers(ofAnother, decision("rule", chain("bob"), 3_600, Set.of(Binding.CLIENT)), change, NOON)).isFalse();
        assertThat(Granted.answers(ofAnother, decision("rule", chain("bob"), 3_600, Set.of(Binding.CLIENT)), HERE, NOON)).isFalse();
    }

    @Test
    void whatTheRuleSaysTodayCountsToo() {
        Grant grant = grant(Set.of(Binding.CLIENT), LOGIN, null);
        Here otherBrowser = new Here("client-1", Holder.backChannel("mallory's browser"), LOGIN);

        assertThat(Granted.answers(grant, decision("rule", chain("bob"), 60, Set.of(Binding.CLIENT)), HERE, NOON.plusSeconds(60))).isFalse();
        assertThat(Granted.answers(grant, decision("rule", chain("bob"), 3_600, ALL), otherBrowser, NOON)).isFalse();
        assertThat(Granted.answers(grant, decision("other", chain("bob"), 3_600, ALL), HERE, NOON)).isFalse();
        assertThat(Granted.answers(grant, decision("rule", chain("carol"), 3_600, ALL), HERE, NOON)).isFalse();
    }

    @Test
    void oneThatWasTakenBackAnswersNothing() {
        Grant revoked = grant(ALL, LOGIN, NOON.plusSeconds(5));
        assertThat(Granted.answers(revoked, decision("rule", chain("bob"), 3_600, ALL), HERE, NOON.plusSeconds(10))).isFalse();
    }

    @Test
    void aPolicyKnowsOfThoseThatHoldHere() {
        Here otherBrowser = new Here("client-1", Holder.backChannel("mallory's browser"), LOGIN);
        assertThat(Granted.until(List.of(grant(ALL, LOGIN, null)), HERE)).containsExactly(java.util.Map.entry("rule", NOON.plusSeconds(3_600)));
        assertThat(Granted.until(List.of(grant(ALL, LOGIN, null)), otherBrowser)).isEmpty();
    }

    private static boolean answers(Set<Binding> boundTo, Here here, Instant now) {
        return Granted.answers(grant(boundTo, LOGIN, null), decision("rule", chain("bob"), 3_600, boundTo), here, now);
    }

    private static Grant grant(Set<Binding> boundTo, UsedOn usedOn, Instant revokedAt) {
        ApprovalRequest request = new ApprovalRequest(
                "r-1", new RequestKey("realm", "alice", "client-1", "login", BROWSER.hash()), new Requester("alice", "alice", "alice"),
                "production", "sha256:old", "rule", null, "sha256:22", "{}", null, chain("bob"), new GrantTerms(3_600, boundTo), "ABC",
                RequestStatus.USED, null, null, List.of(), NOON, NOON, 3);
        return new Grant(request, usedOn, NOON, NOON.plusSeconds(3_600), revokedAt);
    }

    private static Decision decision(String rule, Chain chain, long seconds, Set<Binding> boundTo) {
        return new Decision(
                new Decision.PolicyRef("production", "sha256:new"), Effect.REQUIRE_APPROVAL,
                new Decision.Obligations(null, false, null, chain, new GrantTerms(seconds, boundTo)), rule, List.of(), null, List.of(), "sha256:33");
    }

    private static Chain chain(String approver) {
        try {
            return Chain.of(new ObjectMapper().readTree("{\"stages\":[{\"id\":\"c/s\",\"chain\":\"c\",\"name\":\"s\",\"approvers\":[{\"user\":\""
                    + approver + "\"}],\"quorum\":1,\"timeout\":900,\"on_timeout\":\"deny\"}],\"use_by\":600}"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
