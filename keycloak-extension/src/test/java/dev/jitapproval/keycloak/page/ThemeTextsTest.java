package dev.jitapproval.keycloak.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThemeTextsTest {

    /** A key in quotation marks; one that ends with a dot is completed with a status, an action and the like. */
    private static final Pattern KEY = Pattern.compile("\"(jit[A-Z][\\w.]*)\"");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\d+)");
    private static final List<String> TRANSLATIONS = List.of("de", "fr", "es", "ja");

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "ja"})
    void everyKeyThatPagesUseHasAText(String language) throws IOException {
        Set<String> texts = ThemeTexts.load(language).stringPropertyNames();
        TreeSet<String> used = usedKeys();
        assertThat(used).hasSizeGreaterThan(100);
        // A realm may give a stage a name of its own; the jar knows no stages.
        used.remove("jitStage.");
        assertThat(used).allSatisfy(key -> assertThat(texts).anyMatch(text -> covers(key, text)));
    }

    @Test
    void noTextIsThereForNothing() throws IOException {
        TreeSet<String> used = usedKeys();
        assertThat(ThemeTexts.load("en").stringPropertyNames())
                // Keycloak itself asks for the name of an authenticator.
                .filteredOn(text -> text.startsWith("jit") && !text.startsWith("jit-"))
                .allSatisfy(text -> assertThat(used).as("the uses of %s", text).anyMatch(key -> covers(key, text)));
    }

    @Test
    void everyLanguageSaysTheSameThings() {
        Properties english = ThemeTexts.load("en");
        for (String language : TRANSLATIONS) {
            Properties translation = ThemeTexts.load(language);
            assertThat(translation.keySet()).as(language).isEqualTo(english.keySet());
            english.stringPropertyNames().forEach(key -> assertThat(placeholders(translation.getProperty(key)))
                    .as("placeholders of %s in %s", key, language)
                    .isEqualTo(placeholders(english.getProperty(key))));
        }
    }

    @Test
    void everyTextIsTranslated() {
        Properties english = ThemeTexts.load("en");
        // Placeholders and punctuation alone, or a word that both languages share.
        Set<String> maySayTheSame = Set.of(
                "jitTitlePage", "jitReviewAction.other", "jitReviewScopes", "jitReviewDuration.minutes", "jitReviewIn", "jitTargetNamed",
                "jitTarget.client", "jitTarget.realm", "jitField.passkey", "jitField.version");
        for (String language : TRANSLATIONS) {
            Properties translation = ThemeTexts.load(language);
            assertThat(english.stringPropertyNames())
                    .filteredOn(key -> english.getProperty(key).equals(translation.getProperty(key)))
                    .as("left in English in %s", language)
                    .isSubsetOf(maySayTheSame);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "ja"})
    void everyTextIsAMessageThatCanBeFilledIn(String language) {
        Object[] numbers = {2, 3, 4, 5, 6};
        ThemeTexts.load(language).forEach((key, text) -> {
            String filledIn = new MessageFormat((String) text, Locale.forLanguageTag(language)).format(numbers);
            assertThat(filledIn).as("%s in %s", key, language).isNotBlank().doesNotContain("{", "}");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "ja"})
    void noTextHasTheApostropheThatMessageFormatSwallows(String language) {
        ThemeTexts.load(language).forEach((key, text) -> assertThat((String) text).as((String) key).doesNotContain("'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "ja"})
    void noTextBreaksOutOfItsLineOrItsTag(String language) {
        ThemeTexts.load(language)
                .forEach((key, text) -> assertThat((String) text).as((String) key).doesNotContain("\n", "\r", "&", "<b", "<a"));
    }

    /** A repeated key says the last of its texts, whichever was meant. */
    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "fr", "es", "ja"})
    void noKeyIsThereTwice(String language) throws IOException {
        assertThat(Files.readAllLines(ThemeTexts.file(language)))
                .filteredOn(line -> line.startsWith("jit"))
                .map(line -> line.substring(0, line.indexOf('=')))
                .doesNotHaveDuplicates();
    }

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean covers(String used, String text) {
        return used.endsWith(".") ? text.startsWith(used) : text.equals(used);
    }

    private static TreeSet<String> usedKeys() throws IOException {
        TreeSet<String> keys = new TreeSet<>();
        for (Path root : new Path[] {ThemeTexts.RESOURCES.resolve("templates"), Path.of("src/main/java")}) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Matcher matcher = KEY.matcher(Files.readString(file));
                    while (matcher.find()) {
                        keys.add(matcher.group(1));
                    }
                }
            }
        }
        return keys;
    }
}
