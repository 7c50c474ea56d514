package dev.jitapproval.keycloak.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jitapproval.keycloak.engine.Engines;
import dev.jitapproval.keycloak.engine.WasmEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyDirectoryTest {

    private static final WasmEngine ENGINE = Engines.fresh();
    private static final String BROKEN = "apiVersion: jit-approval.dev/v1\nname: broken\nrules:\n  - id: r\n    on: [login]\n"
            + "    when: user.role == 1\n    effect: deny\n";

    @TempDir
    private Path folder;

    private Instant written = Instant.parse("2026-11-24T12:00:00Z");

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void readsWhatIsThereWhenTheServerStarts() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();

        Policy active = directory.active("demo").orElseThrow();
        assertThat(active.name()).isEqualTo("first");
        assertThat(active.actions()).containsExactly("login");
        assertThat(active.hash()).startsWith("sha256:");
        assertThat(directory.status("demo").file()).contains("demo.yaml");
        assertThat(directory.active("other")).isEmpty();
    }

    @Test
    void takesAChangeOverOnceItHasLookedTheSameTwice() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();
        write("demo.yaml", policy("second"));

        directory.refresh();
        assertThat(name(directory)).as("it may still be being written").isEqualTo("first");
        directory.refresh();
        assertThat(name(directory)).isEqualTo("second");
    }

    @Test
    void aFileThatIsStillGrowingIsNotRead() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();
        for (int i = 0; i < 5; i++) {
            write("demo.yaml", policy("half-" + "x".repeat(i)));
            directory.refresh();
        }

        assertThat(name(directory)).isEqualTo("first");
    }

    @Test
    void anInvalidFileNeverReplacesTheActivePolicy() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();
        write("demo.yaml", BROKEN);
        settle(directory);

        assertThat(name(directory)).isEqualTo("first");
        assertThat(directory.status("demo").lastError().orElseThrow()).contains("demo.yaml:6").contains("`roles`");

        write("demo.yaml", policy("third"));
        settle(directory);
        assertThat(name(directory)).isEqualTo("third");
        assertThat(directory.status("demo").lastError()).isEmpty();
    }

    @Test
    void goingBackToTheActiveTextEndsAnError() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();
        write("demo.yaml", BROKEN);
        settle(directory);
        write("demo.yaml", policy("first"));
        settle(directory);

        assertThat(directory.status("demo").lastError()).isEmpty();
    }

    @Test
    void anInvalidFileAtTheStartLeavesNoPolicy() throws IOException {
        write("demo.yaml", BROKEN);

        PolicyDirectory directory = started();

        assertThat(directory.active("demo")).isEmpty();
        assertThat(directory.status("demo").lastError()).isPresent();
    }

    @Test
    void whatIsNoTextIsAnError() throws IOException {
        Files.write(folder.resolve("demo.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

        assertThat(started().status("demo").lastError().orElseThrow()).contains("UTF-8");
    }

    @Test
    void twoFilesForOneRealmAreAnError() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();
        write("demo.yml", policy("second"));
        settle(directory);

        assertThat(name(directory)).isEqualTo("first");
        assertThat(directory.status("demo").lastError().orElseThrow()).contains("demo.yaml, demo.yml");

        Files.delete(folder.resolve("demo.yaml"));
        settle(directory);
        assertThat(name(directory)).isEqualTo("second");
    }

    @Test
    void aDeletedFileLeavesItsPolicyActiveUntilTheServerRestarts() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();
        Files.delete(folder.resolve("demo.yaml"));
        settle(directory);

        assertThat(name(directory)).isEqualTo("first");
        assertThat(directory.status("demo").lastError().orElseThrow()).contains("deleted");
        assertThat(started().active("demo")).isEmpty();

        write("demo.yaml", policy("first"));
        settle(directory);
        assertThat(directory.status("demo").lastError()).isEmpty();
    }

    @Test
    void aDirectoryThatGoesAwayChangesNothing() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();
        Files.delete(folder.resolve("demo.yaml"));
        Files.delete(folder);
        settle(directory);

        assertThat(name(directory)).isEqualTo("first");
        Files.createDirectory(folder);
    }

    @Test
    void oddRealmNamesArePercentEncodedInFileNames() throws IOException {
        write("a%2Fb c%25.yaml", policy("first"));
        write("x%2F..%2Fup.yaml", policy("second"));
        write("100%.json", policy("third"));
        PolicyDirectory directory = started();

        assertThat(directory.active("a/b c%")).isPresent();
        assertThat(directory.active("x/../up")).isPresent();
        assertThat(directory.active("100%")).isPresent();
        assertThat(directory.active("../../etc/passwd")).isEmpty();
    }

    @Test
    void otherFilesAreNoPolicies() throws IOException {
        write(".demo.yaml", policy("hidden"));
        write("demo.yaml~", policy("backup"));
        Files.createDirectory(folder.resolve("dir.yaml"));
        PolicyDirectory directory = started();

        assertThat(directory.active("demo")).isEmpty();
        assertThat(directory.active("dir")).isEmpty();
    }

    @Test
    void findsOlderVersionsByTheirHash() throws IOException {
        write("demo.yaml", policy("first"));
        PolicyDirectory directory = started();
        String first = directory.active("demo").orElseThrow().hash();
        write("demo.yaml", policy("second"));
        settle(directory);

        assertThat(directory.byHash(null, first).orElseThrow().name()).isEqualTo("first");
        assertThat(directory.byHash(null, "sha256:archived").orElseThrow().name()).isEqualTo("archived");
        assertThat(directory.byHash(null, "sha256:unknown")).isEmpty();
    }

    private PolicyDirectory started() {
        PolicyArchive archive = (session, hash) ->
                hash.equals("sha256:archived") ? Optional.of(policy("archived")) : Optional.empty();
        PolicyDirectory directory = new PolicyDirectory(folder, new KnownPolicies(ENGINE, archive), Clock.systemUTC());
        directory.readAll();
        return directory;
    }

    private static void settle(PolicyDirectory directory) {
        directory.refresh();
        directory.refresh();
    }

    private static String name(PolicyDirectory directory) {
        return directory.active("demo").orElseThrow().name();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text, StandardCharsets.UTF_8);
        written = written.plusSeconds(1);
        Files.setLastModifiedTime(file, FileTime.from(written));
    }

    private static String policy(String name) {
        return "apiVersion: jit-approval.dev/v1\nname: " + name
                + "\nrules:\n  - id: r\n    on: [login]\n    when: client.id == \"x\"\n    effect: deny\n";
    }
}
