package dev.jitapproval.keycloak.policy;

import static java.util.Objects.requireNonNull;

/**
 * The authenticated admin who put or activated a policy.
 *
 * @param id the user's id in Keycloak
 * @param name the user name at that time
 */
public record Author(String id, String name) {

    public Author {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
    }
}
