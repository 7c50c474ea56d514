package dev.jitapproval.keycloak.approval.jpa;

import dev.jitapproval.keycloak.approval.RequestKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One short text for a {@link RequestKey}, so that the database can keep live requests with the same key apart. */
final class LiveKey {

    private LiveKey() {}

    static String of(RequestKey key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : new String[] {
                key.realmId(), key.userId(), key.clientId(), key.action(), key.browserHash()
            }) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
