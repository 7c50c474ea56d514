package dev.jitapproval.keycloak.approval;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Salts for the engine's commitments: 16 random bytes each, as hex digits; see docs/wire-format.md. */
final class Salt {

    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Salt() {}

    static String next() {
        byte[] salt = new byte[BYTES];
        RANDOM.nextBytes(salt);
        return HexFormat.of().formatHex(salt);
    }
}
