package dev.jitapproval.keycloak.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MailOrderTest {

    private final MailOrder effect = new MailOrder(1, "pending", "c/one", "2026-11-24T12:15:00Z", "https://kc.example/", null, null);

    @Test
    void aPayloadIsReadAsItWasWritten() {
        MailOrder mail = effect.to(Letter.Kind.ASK, "id-bob");
        assertThat(MailOrder.parse(mail.json())).isEqualTo(mail);
        assertThat(mail.json()).contains("\"letter\":\"ask\"");
        assertThat(MailOrder.parse(effect.json())).isEqualTo(effect);
        assertThatThrownBy(() -> MailOrder.parse("[]")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void everyRecipientAndLetterHasAKeyThatFits() {
        String longest = "0f8fad5b-d9cb-469f-a165-70867728950e/" + Long.MAX_VALUE + "/notify_stage/" + "c".repeat(64) + "/" + "s".repeat(64);
        String user = "f:" + "u".repeat(250);
        assertThat(effect.to(Letter.Kind.OUTCOME, user).key(longest)).hasSizeLessThanOrEqualTo(255);
        assertThat(effect.to(Letter.Kind.ASK, "bob").key("k"))
                .isEqualTo(effect.to(Letter.Kind.ASK, "bob").key("k"))
                .isNotEqualTo(effect.to(Letter.Kind.DONE, "bob").key("k"))
                .isNotEqualTo(effect.to(Letter.Kind.ASK, "carol").key("k"));
    }
}
