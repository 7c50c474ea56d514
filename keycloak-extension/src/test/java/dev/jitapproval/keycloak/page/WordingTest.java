package dev.jitapproval.keycloak.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.context.DecisionContext.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WordingTest {

    private static final Target BOB = new Target("user", "5b2b", "bob");
    private static final Change ADMIN = new Change(List.of("role"), null, Map.of("role", List.of("admin")));

    /** The actions of the context schema, from the reference that is generated from it. */
    static Stream<String> actions() throws IOException {
        String reference = Files.readString(Path.of("../docs/context-reference.md"));
        String table = reference.substring(reference.indexOf("## Actions"), reference.indexOf("## Fields"));
        List<String> actions = Pattern.compile("(?m)^\\| `([^`]+)` \\| (?!when)")
                .matcher(table)
                .results()
                .map(row -> row.group(1))
                .filter(action -> !action.startsWith("x-"))
                .toList();
        assertThat(actions).contains("login", "activate-policy").hasSizeGreaterThan(25);
        return actions.stream();
    }

    @ParameterizedTest
    @MethodSource("actions")
    void everyActionOfTheSchemaHasSentencesOfItsOwn(String action) {
        assertThat(Wording.of(action, ADMIN, BOB).key()).isEqualTo(action);
        for (String language : List.of("en", "de", "fr", "es", "ja")) {
            assertThat(ThemeTexts.load(language).stringPropertyNames())
                    .as(language)
                    .contains("jitWhat." + action, "jitReviewQuestion." + action, "jitReviewAction." + action, "jitReviewEffect." + action);
        }
    }

    /** A sentence never has a hole: what it names is there, or another one is said. */
    @ParameterizedTest
    @MethodSource("actions")
    void aSentenceThatWouldLackANameIsNotSaid(String action) {
        Properties english = ThemeTexts.load("en");
        String question = english.getProperty("jitReviewQuestion." + action);
        String what = english.getProperty("jitWhat." + action);
        assertThat(Wording.of(action, ADMIN, null).key()).isEqualTo(question.contains("{3}") ? "other" : action);
        assertThat(Wording.of(action, null, BOB).key()).isEqualTo(question.contains("{4}") ? "other" : action);
        assertThat(what.contains("{2}")).isEqualTo(question.contains("{3}"));
        assertThat(what.contains("{3}")).isEqualTo(question.contains("{4}"));
    }

    @Test
    void theRequesterReadsWhatIsAboutToHappenToWhom() {
        assertThat(what("admin-grant-role", ADMIN, BOB)).isEqualTo("Give the role “admin” to bob");
        assertThat(what("admin-grant-role", ADMIN, new Target("group", "/staff", null))).isEqualTo("Give the role “admin” to /staff (group)");
        assertThat(what("admin-change-realm", null, new Target("flow", "1", "browser")))
                .isEqualTo("Change what guards this realm: browser (authentication flow)");
    }

    @Test
    void anUnlinkIsNoLink() {
        Target google = new Target("identity-provider", "google", "Google");
        Change removal = new Change(
                List.of("identity-provider"), Map.of("identity-provider", List.of("google")), Map.of("identity-provider", List.of()));
        assertThat(what("link-idp", new Change(List.of("identity-provider"), null, null), google))
                .isEqualTo("Link an account of Google with yours");
        assertThat(what("link-idp", removal, google)).isEqualTo("Remove the link with your account of Google");
    }

    @Test
    void anActionWithoutASentenceIsNeverCalledASignIn() {
        assertThat(what("x-export", null, null)).isEqualTo("“x-export” at Payroll");
        assertThat(what("admin-impersonate", null, null)).isEqualTo("“admin-impersonate” at Payroll");
    }

    @Test
    void onlyWhatComesIsNamedAndNotMoreThanASentenceCarries() {
        Change change = new Change(
                List.of("role"), Map.of("role", List.of("user")), Map.of("role", List.of("user", "a", "b", "c", "d", "e", "f")));
        assertThat(Wording.of("admin-grant-role", change, BOB).gained()).isEqualTo("a, b, c, d, e, …");
    }

    @Test
    void namesThatOthersWroteAreCleaned() {
        Target hostile = new Target("user", "1", "\u202Ebob\n${x}");
        assertThat(what("admin-impersonate", null, hostile)).isEqualTo("Sign in as bob $ {x}");
        Target unseen = new Target("no such type", "1", "\u200B");
        assertThat(what("admin-impersonate", null, unseen)).isEqualTo("Sign in as 1 (unknown kind)");
    }

    private static String what(String action, Change change, Target target) {
        return Wording.of(action, change, target).what("Payroll", Requests.english());
    }
}
