package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.grant.RestsOn;
import java.util.Optional;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.RefreshToken;

/**
 * The approval that a refresh token rests on which was given in a session that was there before: a claim of that token, which only Keycloak reads,
 * and of every one that is given for it. The session's own refresh tokens go on without it.
 */
final class RefreshGround {

    private static final String CLAIM = "jit_rests_on";

    /** When what it rests on is over, where it is not known which approval that is; seconds since 1970. */
    private static final String END = "jit_ends";

    private RefreshGround() {}

    /** @param token null where there is none */
    static Optional<RestsOn> of(RefreshToken token) {
        return token == null ? Optional.empty() : RestsOn.parse((String) token.getOtherClaims().get(CLAIM));
    }

    /** @param token null where none is given */
    static void put(RefreshToken token, RestsOn rests) {
        if (token != null) {
            token.getOtherClaims().put(CLAIM, rests.toText());
        }
    }

    /**
     * A refresh token that expires then, and nothing that is given for it lasts longer.
     *
     * @param token null where none is given
     * @param end seconds since 1970
     */
    static void end(RefreshToken token, long end) {
        if (token != null) {
            token.getOtherClaims().put(END, end);
            GrantGuard.endWith(token, end);
        }
    }

    /** What is given for a refresh token rests on what that does, and ends when it has to. */
    static void carry(TokenPostProcessorContext issued) {
        of(issued.requestRefreshToken()).ifPresent(rests -> put(issued.refreshToken(), rests));
        if (issued.requestRefreshToken() != null && issued.requestRefreshToken().getOtherClaims().get(END) instanceof Number end) {
            GrantGuard.endWith(issued.accessToken(), end.longValue());
            end(issued.refreshToken(), end.longValue());
        }
    }
}
