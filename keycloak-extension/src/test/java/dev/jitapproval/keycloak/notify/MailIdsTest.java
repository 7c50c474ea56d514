package dev.jitapproval.keycloak.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailIdsTest {

    /** RFC 5322: msg-id = "<" dot-atom-text "@" dot-atom-text ">". */
    private static final String MSG_ID = "<[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*>";

    private static final String KEY = "0f8fad5b-d9cb-469f-a165-70867728950e/1/notify_stage/manager/first line/ask/00ff";

    @Test
    void anIdIsMadeOfTheKeyAndTheSendersDomain() {
        MailIds ids = new MailIds("keycloak@acme.example");
        assertThat(ids.mail(KEY))
                .matches(MSG_ID)
                .startsWith("<0f8fad5b-d9cb-469f-a165-70867728950e.1.notify_stage.manager.first.line.ask.00ff.")
                .endsWith("@acme.example>")
                .isEqualTo(new MailIds("keycloak@acme.example").mail(KEY));
        assertThat(ids.thread("0f8fad5b-d9cb-469f-a165-70867728950e")).isEqualTo("<0f8fad5b-d9cb-469f-a165-70867728950e@acme.example>");
    }

    @Test
    void keysThatDifferInSpecialCharactersOnlyHaveDifferentIds() {
        MailIds ids = new MailIds("keycloak@acme.example");
        assertThat(ids.mail("r/1/notify_stage/a b")).isNotEqualTo(ids.mail("r/1/notify_stage/a.b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@bücher.example", "a@[127.0.0.1]", "a@", "", "x>\r\nBcc: y@z", "a@exa mple", "..@.."})
    void whateverTheSenderIsTheIdIsOne(String from) {
        assertThat(new MailIds(from).mail(KEY)).matches(MSG_ID);
        assertThat(new MailIds(null).mail("/..//\r\n>,é")).matches(MSG_ID);
    }
}
