package dev.jitapproval.keycloak.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShownFactsTest {

    private static final ShownFacts FACTS = new ShownFacts(
            1,
            new ShownFacts.Who("u-1", "alice", "Alice \"<b>\" Liddell", "alice@demo.example", true, "2025-01-02T03:04:05.000Z", false),
            new ShownFacts.What("login", "prod-console", "Production Console", List.of("email", "openid"), null, null),
            new ShownFacts.Where("192.0.2.7", null, true, "root"),
            "2026-11-24T14:32:38.000Z",
            new ShownFacts.Why("production", "prod-console", null),
            List.of(new ShownFacts.Other("r-2", "c-9", "2026-11-24T14:30:00.000Z")));

    @Test
    void comeBackFromTheDatabaseAsTheyWere() {
        assertThat(ShownFacts.parse(FACTS.toJson())).isEqualTo(FACTS);
    }

    @Test
    void areWrittenAsDocumented() {
        assertThat(FACTS.toJson())
                .isEqualTo("{\"v\":1,"
                        + "\"who\":{\"id\":\"u-1\",\"username\":\"alice\",\"name\":\"Alice \\\"<b>\\\" Liddell\","
                        + "\"email\":\"alice@demo.example\",\"email_verified\":true,\"created_at\":\"2025-01-02T03:04:05.000Z\","
                        + "\"federated\":false},"
                        + "\"what\":{\"action\":\"login\",\"client_id\":\"prod-console\",\"client_name\":\"Production Console\","
                        + "\"scopes\":[\"email\",\"openid\"]},"
                        + "\"where\":{\"ip\":\"192.0.2.7\",\"sso\":true,\"impersonator\":\"root\"},"
                        + "\"when\":\"2026-11-24T14:32:38.000Z\","
                        + "\"why\":{\"policy\":\"production\",\"rule\":\"prod-console\"},"
                        + "\"others\":[{\"id\":\"r-2\",\"client_id\":\"c-9\",\"opened_at\":\"2026-11-24T14:30:00.000Z\"}]}");
    }

    @Test
    void ofALaterVersionCanStillBeRead() {
        String later = FACTS.toJson().replace("\"v\":1,", "\"v\":2,\"weather\":\"fine\",");
        assertThat(ShownFacts.parse(later).who()).isEqualTo(FACTS.who());
    }

    @Test
    void thatAreNoneAreRefused() {
        assertThatThrownBy(() -> ShownFacts.parse("[1]")).isInstanceOf(IllegalArgumentException.class);
    }
}
