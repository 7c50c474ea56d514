package dev.jitapproval.keycloak.context;

import java.util.Locale;

/** Tells which client attributes hold secrets; those enter no context, and so no decision, request or mail. */
public final class ClientSecrets {

    private ClientSecrets() {}

    /** Whether the name alone says that the value is to be kept. */
    public static boolean isSecret(String attribute) {
        String name = attribute.toLowerCase(Locale.ROOT);
        return name.contains("secret") || name.contains("private") || name.contains("password") || name.contains("registration.token");
    }
}
