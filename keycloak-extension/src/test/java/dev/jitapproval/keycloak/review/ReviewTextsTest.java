package dev.jitapproval.keycloak.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.RequestStatus;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that templates put together at run time, and that no search for literals finds. */
class ReviewTextsTest {

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyStateStatusAndDecisionHasItsText(String language) throws IOException {
        Properties texts = new Properties();
        try (Reader reader = Files.newBufferedReader(
                Path.of("src/main/resources/theme-resources/messages/messages_" + language + ".properties"))) {
            texts.load(reader);
        }
        assertThat(texts.stringPropertyNames()).containsAll(keys());
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (PageState state : PageState.values()) {
            switch (state) {
                case OPEN -> {}
                case CONFLICT, STEP_UP -> keys.add("jitReviewText." + state.wireName());
                case DECIDED, EXPIRED, CANCELLED -> keys.add("jitReviewTitle." + state.wireName());
                default -> {
                    keys.add("jitReviewTitle." + state.wireName());
                    keys.add("jitReviewText." + state.wireName());
                }
            }
        }
        for (RequestStatus status : RequestStatus.values()) {
            keys.add("jitReviewStatus." + status.wireName());
        }
        for (Ballot.Decision decision : Ballot.Decision.values()) {
            String name = decision.name().toLowerCase(Locale.ROOT);
            keys.addAll(List.of("jitReviewDone." + name, "jitReviewDoneText." + name, "jitReviewDoneText." + name + ".pending"));
        }
        for (String kind : List.of("approved", "denied", "reported", "cancelled", "used", "revoked")) {
            keys.addAll(List.of("jitReviewDecision." + kind, "jitReviewDecisionBy." + kind));
        }
        keys.addAll(List.of("jitReviewDecision.timed_out", "jitReviewDecision.escalated"));
        for (String outcome : List.of("approved", "denied", "expired", "revoked")) {
            keys.addAll(List.of("jitMailOutcomeSubject." + outcome, "jitMailOutcome." + outcome));
        }
        for (String outcome : List.of("approved", "denied", "cancelled")) {
            keys.add("jitMailDoneSubject." + outcome);
        }
        for (String kind : List.of("approved", "denied", "reported")) {
            keys.add("jitInboxYou." + kind);
        }
        keys.addAll(List.of("jitReviewText.not-ready", "jitReviewText.ended", "jitReviewDuration.minutes", "jitReviewDuration.hours",
                "jitReviewDuration.days", "jitReviewProblem.comment_required", "jitReviewProblem.match_code_required"));
        return keys;
    }
}
