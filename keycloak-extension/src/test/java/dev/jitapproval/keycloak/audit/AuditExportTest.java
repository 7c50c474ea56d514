package dev.jitapproval.keycloak.audit;

import static dev.jitapproval.keycloak.audit.AuditFixture.NOON;
import static dev.jitapproval.keycloak.audit.AuditFixture.PINNED;
import static dev.jitapproval.keycloak.audit.AuditFixture.REALM;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jitapproval.keycloak.audit.jpa.HistoryStore.Filter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditExportTest {

    private static final Filter ALL = new Filter(REALM, null, null, null);
    private static final String HEADER =
            "{\"type\":\"realm\",\"v\":1,\"realm\":\"acme\",\"realm_id\":\"realm-1\",\"at\":\"2026-11-24T12:00:00.000Z\"}";

    private final AuditFixture fixture = new AuditFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void anEmptyRealmIsAHeadAndAnEnd() throws IOException {
        assertThat(export(ALL)).containsExactly(HEADER, "{\"type\":\"end\",\"requests\":0,\"events\":0}");
    }

    @Test
    void aRequestComesWithItsEvents() throws IOException {
        fixture.request("r1", "used", NOON, 2);
        fixture.request("r0", "pending", NOON, 1);

        assertThat(export(ALL)).containsExactly(
                HEADER,
                request("r0", "pending", 1),
                "{\"type\":\"event\",\"request\":\"r0\",\"event\":{\"seq\":1}}",
                request("r1", "used", 2),
                "{\"type\":\"event\",\"request\":\"r1\",\"event\":{\"seq\":1}}",
                "{\"type\":\"event\",\"request\":\"r1\",\"event\":{\"seq\":2}}",
                "{\"type\":\"end\",\"requests\":2,\"events\":3}");
    }

    @Test
    void filtersByTimeAndById() throws IOException {
        fixture.request("r1", "used", NOON, 1);
        fixture.request("r2", "used", NOON, 1);
        fixture.sql("update JIT_REQUEST set OPENED_AT = " + NOON.plusSeconds(60).toEpochMilli() + " where ID = 'r2'");
        fixture.sql("update JIT_REQUEST set REALM_ID = 'another' where ID = 'r3'");

        assertThat(ids(new Filter(REALM, NOON, NOON.plusSeconds(60), null))).containsExactly("r1");
        assertThat(ids(new Filter(REALM, NOON.plusSeconds(1), null, null))).containsExactly("r2");
        assertThat(ids(new Filter(REALM, null, null, "r2"))).containsExactly("r2");
        assertThat(ids(new Filter("another", null, null, "r2"))).isEmpty();
    }

    @Test
    void moreThanAPageComesWhole() throws IOException {
        for (int i = 0; i < 401; i++) {
            fixture.request("r%03d".formatted(i), "used", NOON, 1);
        }
        assertThat(ids(ALL)).hasSize(401).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void whatWasTamperedWithIsExportedAsItIs() throws IOException {
        fixture.request("r1", "used", NOON, 2);
        fixture.sql("update JIT_EVENT set EVENT = 'no \"JSON\"' where SEQ = 1");
        fixture.sql("update JIT_EVENT set EVENT = '{\n\"seq\": 2 }' where SEQ = 2");
        fixture.event("r1", 3, "{\"seq\":3}");

        assertThat(export(ALL)).contains(
                "{\"type\":\"event\",\"request\":\"r1\",\"event\":\"no \\\"JSON\\\"\"}",
                "{\"type\":\"event\",\"request\":\"r1\",\"event\":{\"seq\":2}}",
                "{\"type\":\"event\",\"request\":\"r1\",\"event\":{\"seq\":3}}",
                "{\"type\":\"end\",\"requests\":1,\"events\":3}");
    }

    @Test
    void aTruncatedHistoryIsExportedAsItIs() throws IOException {
        fixture.request("r1", "used", NOON, 2);
        fixture.sql("delete from JIT_EVENT where SEQ = 2");

        assertThat(export(ALL)).containsSequence(
                request("r1", "used", 2),
                "{\"type\":\"event\",\"request\":\"r1\",\"event\":{\"seq\":1}}",
                "{\"type\":\"end\",\"requests\":1,\"events\":1}");
    }

    @Test
    void whatWasShownGoesWithTheSaltThatProvedIt() throws IOException {
        fixture.request("r1", "used", NOON, 1);
        fixture.sql("update JIT_REQUEST set PINNED = '{\"about\":{}}'");

        assertThat(export(ALL)).contains("{\"type\":\"request\",\"id\":\"r1\",\"status\":\"used\",\"seq\":1,"
                + "\"head\":\"sha256:r1-1\",\"pinned\":{\"about\":{}}}");
    }

    @Test
    void hostileWordsStayInTheirLine() throws IOException {
        fixture.request("r1", "used", NOON, 1);
        fixture.sql("update JIT_REQUEST set JUSTIFICATION = 'a\"}\n{\"type\":\"end\"', REASON = '\u2028'");

        assertThat(export(ALL)).hasSize(4).allSatisfy(line -> assertThat(new ObjectMapper().readTree(line).has("type")).isTrue());
    }

    private static String request(String id, String status, int seq) {
        return "{\"type\":\"request\",\"id\":\"" + id + "\",\"status\":\"" + status + "\",\"seq\":" + seq + ",\"head\":\"sha256:" + id
                + "-" + seq + "\",\"pinned\":" + PINNED
                + ",\"shown\":{\"facts\":{\"client\":\"app\"},\"reason\":null,\"justification\":null}}";
    }

    private List<String> ids(Filter filter) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<String> lines = export(filter);
        List<String> ids = new java.util.ArrayList<>();
        for (String line : lines) {
            if (mapper.readTree(line).path("type").textValue().equals("request")) {
                ids.add(mapper.readTree(line).path("id").textValue());
            }
        }
        return ids;
    }

    private List<String> export(Filter filter) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new AuditExport(fixture).write(filter, "acme", NOON, out);
        String written = out.toString(StandardCharsets.UTF_8);
        assertThat(written).endsWith("\n");
        return List.of(written.substring(0, written.length() - 1).split("\n", -1));
    }
}
