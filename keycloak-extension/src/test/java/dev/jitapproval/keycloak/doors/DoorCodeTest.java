package dev.jitapproval.keycloak.doors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DoorCodeTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (high|medium|low) \\|");

    @Test
    void everyCodeIsDocumentedWithItsSeverity_andNoOther() throws IOException {
        String audit = Files.readString(Path.of("../docs/doors.md"));
        audit = audit.substring(audit.indexOf("### Door audit"));
        List<String> written = new ArrayList<>();
        for (Matcher row = ROW.matcher(audit); row.find();) {
            written.add(row.group(1) + " " + row.group(2));
        }
        assertThat(written).containsExactlyInAnyOrderElementsOf(Arrays.stream(DoorCode.values())
                .map(door -> door.code() + " " + door.severity().wireName())
                .toList());
    }

    @Test
    void aFindingNamesTheFirstTwentyAndSaysHowManyThereAre() {
        List<String> clients = IntStream.range(0, 23).mapToObj(i -> "client-%02d".formatted(22 - i)).toList();
        assertThat(OpenDoor.about(DoorCode.CIBA, clients, "Clients", "Nothing.")).singleElement().satisfies(door -> {
            assertThat(door.names()).hasSize(20).startsWith("client-00").endsWith("client-19");
            assertThat(door.count()).isEqualTo(23);
            assertThat(door.what()).endsWith("client-19 and 3 more.");
        });
        assertThat(OpenDoor.about(DoorCode.CIBA, List.of(), "Clients", "Nothing.")).isEmpty();
    }
}
