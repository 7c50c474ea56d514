package dev.jitapproval.keycloak.approval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequesterTest {

    @Test
    void namesSomebodyWithoutAnAccountByProviderAndSubject() {
        assertThat(Requester.idOf("partner", "a:b")).isEqualTo("idp:partner:a:b");
        assertThat(Requester.hasAccount("idp:partner:a:b")).isFalse();
        assertThat(Requester.hasAccount("5b2bd0a7-0a4c-4c59-9d52-0f5a7b1f2a11")).isTrue();
        assertThat(Requester.hasAccount("f:ldap:idp:x")).isTrue();
    }

    @Test
    void saysWhichIdentityAnIdMeansWhereItIsToldInClear() {
        assertThat(Requester.identity(Requester.idOf("partner", "a:b"))).contains(new Requester.Identity("partner", "a:b"));
        assertThat(Requester.identity(Requester.idOf("partner", "s".repeat(300)))).isEmpty();
        assertThat(Requester.identity("5b2bd0a7-0a4c-4c59-9d52-0f5a7b1f2a11")).isEmpty();
    }

    @Test
    void tellsLongSubjectsApartWithinWhatTheDatabaseTakes() {
        String one = Requester.idOf("partner", "s".repeat(300) + "1");
        String other = Requester.idOf("partner", "s".repeat(300) + "2");

        assertThat(one).hasSizeLessThanOrEqualTo(255).isNotEqualTo(other);
        assertThat(Requester.hasAccount(one)).isFalse();
    }
}
