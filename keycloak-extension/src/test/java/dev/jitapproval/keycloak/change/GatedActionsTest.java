package dev.jitapproval.keycloak.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.requiredactions.UpdateTotp;
import org.keycloak.authentication.requiredactions.WebAuthnPasswordlessRegisterFactory;
import org.keycloak.authentication.requiredactions.WebAuthnRegisterFactory;

class GatedActionsTest {

    /** Keycloak's authenticators cast the factories: else a user without such a credential would be an error of the server. */
    @Test
    void areOfTheClassesThatKeycloakCastsThemTo() {
        assertThat(of("CONFIGURE_TOTP")).isInstanceOf(UpdateTotp.class);
        assertThat(of("webauthn-register")).isInstanceOf(WebAuthnRegisterFactory.class);
        assertThat(of("webauthn-register-passwordless")).isInstanceOf(WebAuthnPasswordlessRegisterFactory.class);
    }

    @Test
    void takeThePlaceOfKeycloaksOwn() {
        assertThat(ours()).isNotEmpty().allSatisfy(factory -> {
            boolean replaces = !factory.getId().startsWith("jit-");
            assertThat(factory.order() > 0).as(factory.getId()).isEqualTo(replaces);
        });
    }

    private static RequiredActionFactory of(String id) {
        return ours().stream().filter(factory -> factory.getId().equals(id)).findFirst().orElseThrow();
    }

    private static List<RequiredActionFactory> ours() {
        return ServiceLoader.load(RequiredActionFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(factory -> factory.getClass().getName().startsWith("dev.jitapproval."))
                .toList();
    }
}
