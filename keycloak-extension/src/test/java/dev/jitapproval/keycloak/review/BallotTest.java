package dev.jitapproval.keycloak.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.approval.Command;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BallotTest {

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
        "POST, none, true",
        "POST, same-origin, true",
        "POST, same-site, false",
        "POST, cross-site, false",
        "POST, 'none ', false",
        "POST, '', false",
        "GET, none, false",
        "GET, same-origin, false",
        "HEAD, none, false",
        "PUT, same-origin, false",
    })
    void onlyAPostFromOurOwnPageDecides(String method, String site, boolean decides) {
        assertThat(Ballot.isOwnForm(method, site)).isEqualTo(decides);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "APPROVE", "yes", "approve ", "cancel"})
    void nothingButAKnownDecisionIsOne(String pressed) {
        MultivaluedMap<String, String> form = form();
        form.putSingle("decision", pressed);
        assertThat(Ballot.read(form)).isEmpty();
    }

    @Test
    void noDecisionIsNone() {
        assertThat(Ballot.read(form())).isEmpty();
    }

    @Test
    void twoDecisionsAreNone() {
        MultivaluedMap<String, String> form = form();
        form.add("decision", "approve");
        form.add("decision", "deny");
        assertThat(Ballot.read(form)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"digest", "stage"})
    void aVoteOnNothingInParticularIsNone(String field) {
        MultivaluedMap<String, String> form = form();
        form.putSingle("decision", "approve");
        form.putSingle(field, " ");
        assertThat(Ballot.read(form)).isEmpty();
    }

    @Test
    void anApprovalCarriesWhatWasShownAndTyped() {
        MultivaluedMap<String, String> form = form();
        form.putSingle("decision", "approve");
        form.putSingle("comment", " fine\r\nby me\u202E ");
        form.putSingle("match_code", " J6R-8VD ");
        Command command = Ballot.read(form).orElseThrow().command(true);
        assertThat(command.kind()).isEqualTo(Command.Kind.APPROVE);
        assertThat(command.shown()).isEqualTo(new Command.Shown("sha256:ab", "two/security"));
        assertThat(command.comment()).isEqualTo("fine\nby me");
        assertThat(command.matchCode()).isEqualTo("J6R-8VD");
        assertThat(command.acrReached()).isTrue();
    }

    @Test
    void anEmptyCommentIsNoComment() {
        MultivaluedMap<String, String> form = form();
        form.putSingle("decision", "deny");
        form.putSingle("comment", "   ");
        assertThat(Ballot.read(form).orElseThrow().command(false).comment()).isNull();
    }

    @Test
    void aReportIsADenialThatSaysSo() {
        MultivaluedMap<String, String> form = form();
        form.putSingle("decision", "report");
        form.putSingle("comment", "who is this");
        Command command = Ballot.read(form).orElseThrow().command(false);
        assertThat(command.kind()).isEqualTo(Command.Kind.DENY);
        assertThat(Reports.isReport(command.comment())).isTrue();
        assertThat(Reports.withoutMark(command.comment())).isEqualTo("who is this");
    }

    @Test
    void aPlainDenialCannotPretendToReport() {
        MultivaluedMap<String, String> form = form();
        form.putSingle("decision", "deny");
        form.putSingle("comment", Reports.mark("not really"));
        assertThat(Ballot.read(form).orElseThrow().command(false).comment()).isEqualTo("not really");
    }

    @Test
    void aLongCommentIsCut() {
        MultivaluedMap<String, String> form = form();
        form.putSingle("decision", "deny");
        form.putSingle("comment", "x".repeat(5_000));
        assertThat(Ballot.read(form).orElseThrow().comment()).hasSize(Ballot.MAX_COMMENT);
    }

    private static MultivaluedMap<String, String> form() {
        MultivaluedMap<String, String> form = new MultivaluedHashMap<>();
        form.putSingle("digest", "sha256:ab");
        form.putSingle("stage", "two/security");
        return form;
    }
}
