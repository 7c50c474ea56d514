package dev.jitapproval.keycloak.engine;

import java.time.Instant;

/** Documents of a request of alice's, and commands for it. */
final class Pins {

    static final String SALT = "000102030405060708090a0b0c0d0e0f";
    static final String DIGEST = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private Pins() {}

    /** What is to be pinned. */
    static String wanted(Chain chain, Instant openedAt) {
        return "{\"about\":{\"request\":\"8a1e\",\"realm\":\"demo\",\"action\":\"login\",\"policy\":\"" + DIGEST + "\"},"
                + "\"chain\":" + chain.json() + ",\"requester\":" + person("1", "alice") + ",\"opened_at\":\""
                + WireTime.format(openedAt) + "\",\"digest\":\"" + DIGEST + "\",\"shown\":{\"facts\":{}},\"salt\":\"" + SALT + "\"}";
    }

    static String person(String id, String username) {
        return "{\"id\":\"" + id + "\",\"username\":\"" + username + "\",\"person_key\":\"" + id + "\"}";
    }

    /** A command by a user. {@code more} are further members, each after a comma. */
    static String command(String kind, String id, String username, String more) {
        return "{\"kind\":\"" + kind + "\",\"salt\":\"" + SALT + "\",\"actor\":{\"kind\":\"user\",\"id\":\"" + id
                + "\",\"username\":\"" + username + "\",\"person_key\":\"" + id + "\"}" + more + "}";
    }
}
