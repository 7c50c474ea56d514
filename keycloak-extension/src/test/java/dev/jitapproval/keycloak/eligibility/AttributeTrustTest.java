package dev.jitapproval.keycloak.eligibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.userprofile.config.UPAttribute;
import org.keycloak.representations.userprofile.config.UPAttributePermissions;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.representations.userprofile.config.UPConfig.UnmanagedAttributePolicy;

class AttributeTrustTest {

    private final UPConfig profile = new UPConfig();

    @BeforeEach
    void declareNothing() {
        profile.setAttributes(new ArrayList<>());
    }

    @Test
    void anAttributeThatUsersEditIsNotTrusted() {
        declare("manager", Set.of("admin", "user"));
        assertThat(AttributeTrust.adminOnly(profile, "manager")).isFalse();
    }

    @Test
    void anAttributeThatOnlyAdminsEditIsTrustedWhateverTheUnmanagedOnesMay() {
        profile.setUnmanagedAttributePolicy(UnmanagedAttributePolicy.ENABLED);
        declare("manager", Set.of("admin"));
        assertThat(AttributeTrust.adminOnly(profile, "manager")).isTrue();
    }

    @Test
    void anUndeclaredAttributeIsNotTrustedWhereUsersMayWriteAny() {
        profile.setUnmanagedAttributePolicy(UnmanagedAttributePolicy.ENABLED);
        assertThat(AttributeTrust.adminOnly(profile, "manager")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = UnmanagedAttributePolicy.class, names = {"ADMIN_VIEW", "ADMIN_EDIT"})
    void anUndeclaredAttributeIsTrustedWhereOnlyAdminsWriteThem(UnmanagedAttributePolicy policy) {
        profile.setUnmanagedAttributePolicy(policy);
        assertThat(AttributeTrust.adminOnly(profile, "manager")).isTrue();
    }

    @Test
    void anUndeclaredAttributeIsTrustedWhereNobodyWritesThem() {
        assertThat(AttributeTrust.adminOnly(profile, "manager")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"username", "email", "firstName", "lastName", "locale"})
    void whatEveryAccountHasIsNeverTrusted(String field) {
        declare(field, Set.of("admin"));
        assertThat(AttributeTrust.adminOnly(profile, field)).isFalse();
    }

    private void declare(String name, Set<String> editors) {
        UPAttribute attribute = new UPAttribute(name);
        attribute.setPermissions(new UPAttributePermissions(Set.of("admin"), editors));
        profile.addOrReplaceAttribute(attribute);
    }
}
