package dev.jitapproval.keycloak.page;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The texts that the jar brings for the login theme. */
final class ThemeTexts {

    static final Path RESOURCES = Path.of("src/main/resources/theme-resources");

    private ThemeTexts() {}

    static Path file(String language) {
        return RESOURCES.resolve("messages/messages_" + language + ".properties");
    }

    static Properties load(String language) {
        Properties texts = new Properties();
        try (Reader reader = Files.newBufferedReader(file(language), StandardCharsets.UTF_8)) {
            texts.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
