package dev.jitapproval.keycloak.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFileTest {

    @TempDir
    private Path directory;

    private CheckpointFile file;

    @BeforeEach
    void open() {
        file = new CheckpointFile(directory.resolve("made"), "realm-1");
    }

    @Test
    void appendsALineForEachCheckpoint() throws IOException {
        deliver(1);
        deliver(2);
        assertThat(lines()).containsExactly(jws(1), jws(2));
        assertThat(Files.readString(path())).endsWith("\n");
    }

    @Test
    void aCheckpointThatIsDeliveredAgainAppendsNothing() throws IOException {
        deliver(1);
        deliver(2);
        deliver(1);
        deliver(2);
        assertThat(lines()).containsExactly(jws(1), jws(2));
    }

    @Test
    void oneThatOvertookOthersBringsThemAlong() throws IOException {
        deliver(3);
        deliver(1);
        assertThat(lines()).containsExactly(jws(1), jws(2), jws(3));
    }

    @Test
    void halfALineThatACrashLeftIsWrittenAgain() throws IOException {
        deliver(1);
        Files.writeString(path(), jws(2).substring(0, 20), StandardOpenOption.APPEND);
        deliver(2);
        assertThat(lines()).containsExactly(jws(1), jws(2));
    }

    @Test
    void aFirstLineThatACrashCutIsWrittenAgain() throws IOException {
        Files.createDirectories(path().getParent());
        Files.writeString(path(), jws(1).substring(0, 20));
        deliver(1);
        assertThat(lines()).containsExactly(jws(1));
    }

    @Test
    void aDatabaseThatWasPutBackIsNoticed() throws IOException {
        deliver(1);
        deliver(2);
        deliver(3);
        assertThatThrownBy(() -> file.append(2, last -> List.of(), number -> jws(number, "sha256:other")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has another checkpoint 2 than the database");
        assertThatThrownBy(() -> file.append(4, last -> List.of(4L), number -> jws(number, "sha256:other")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not continue");
        assertThat(lines()).containsExactly(jws(1), jws(2), jws(3));
    }

    @Test
    void aRealmsIdIsNoPath() throws IOException {
        Path folder = directory.resolve("only-here");
        new CheckpointFile(folder, "../../elsewhere").append(1, last -> List.of(1L), CheckpointFileTest::jws);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).singleElement().extracting(Path::getFileName).hasToString("..%2F..%2Felsewhere.checkpoints");
        }
    }

    private void deliver(long number) throws IOException {
        file.append(number, last -> LongStream.rangeClosed(last + 1, number).boxed().toList(), CheckpointFileTest::jws);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(path());
    }

    private Path path() {
        return directory.resolve("made").resolve("realm-1.checkpoints");
    }

    private static String jws(long number) {
        return jws(number, number == 1 ? null : CheckpointPayload.hash(jws(number - 1)));
    }

    /** Longer than what is read at once, so that lines begin in one piece and end in another. */
    private static String jws(long number, String previous) {
        List<Head> heads = IntStream.range(0, 900)
                .mapToObj(i -> new Head("request-" + i, number, "sha256:" + "0".repeat(64)))
                .toList();
        byte[] payload = new CheckpointPayload("realm-1", "acme", number, Instant.EPOCH, previous, heads, List.of()).bytes();
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload) + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString("signature".getBytes(StandardCharsets.US_ASCII));
    }
}
