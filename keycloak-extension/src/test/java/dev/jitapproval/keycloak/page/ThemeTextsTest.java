package dev.jitapproval.keycloak.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThemeTextsTest {

    private static final Pattern KEY = Pattern.compile("\"(jit[A-Z]\\w+)\"");

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyKeyThatPagesUseHasAText(String language) throws IOException {
        TreeSet<String> missing = usedKeys();
        assertThat(missing).hasSizeGreaterThan(30);
        missing.removeAll(ThemeTexts.load(language).stringPropertyNames());
        assertThat(missing).isEmpty();
    }

    @Test
    void bothLanguagesSayTheSameThings() {
        Properties german = ThemeTexts.load("de");
        ThemeTexts.load("en").forEach((key, text) -> {
            assertThat(german).as("German text of %s", key).containsKey(key);
            assertThat(new MessageFormat(german.getProperty((String) key)).getFormatsByArgumentIndex())
                    .as("placeholders of %s", key)
                    .hasSameSizeAs(new MessageFormat((String) text).getFormatsByArgumentIndex());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void noTextHasTheApostropheThatMessageFormatSwallows(String language) {
        ThemeTexts.load(language).forEach((key, text) -> assertThat((String) text).as((String) key).doesNotContain("'"));
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
