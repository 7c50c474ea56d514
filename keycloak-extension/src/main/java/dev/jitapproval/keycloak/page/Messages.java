package dev.jitapproval.keycloak.page;

/** Texts of the login theme in the reader's language. */
@FunctionalInterface
public interface Messages {

    /**
     * The text with this key, its placeholders filled.
     *
     * @return the key itself where there is no such text
     */
    String get(String key, Object... arguments);
}
