package dev.jitapproval.keycloak.gate;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.risk.Remembered;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.keycloak.models.KeycloakSession;

/**
 * Confirmations that hold for later steps, as far as the rule says: for the user and the browser that gave them, under the same policy, on the
 * same facts.
 */
final class Confirmations {

    private final KeycloakSession session;

    Confirmations(KeycloakSession session) {
        this.session = session;
    }

    /** Whether the user has confirmed this decision before, in this browser, and not too long ago. */
    boolean holds(Step step, Decision decision) {
        Long seconds = decision.obligations().remember();
        if (seconds == null || step.user() == null || step.holder().secret().isEmpty()) {
            return false;
        }
        Instant now = KeycloakClock.now();
        return new Remembered(session, step.realm())
                .confirmedAt(step.userId(), mark(step, decision))
                .filter(at -> !at.isAfter(now) && now.isBefore(at.plus(Duration.ofSeconds(seconds))))
                .isPresent();
    }

    /** Remembers what the user has confirmed just now, once the step's transaction is committed. */
    void remember(Step step, Decision decision) {
        if (decision.obligations().remember() != null && step.user() != null && step.holder().secret().isPresent()) {
            new Remembered(session, step.realm()).confirmed(step.userId(), mark(step, decision), KeycloakClock.now());
        }
    }

    /** Of all that a confirmation is good for; the digest says on which facts, the policy's hash and the rule what was shown. */
    private static String mark(Step step, Decision decision) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : new String[] {
                step.holder().hash(), decision.policy().hash(), String.valueOf(decision.rule()), String.valueOf(decision.reason()),
                decision.digest()
            }) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                digest.update(bytes);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
