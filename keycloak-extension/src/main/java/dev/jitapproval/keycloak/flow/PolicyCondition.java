package dev.jitapproval.keycloak.flow;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.review.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jboss.logging.Logger;
import org.keycloak.authentication.AuthenticationFlowCallback;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticatorUtil;
import org.keycloak.authentication.authenticators.conditional.ConditionalAuthenticator;
import org.keycloak.authentication.authenticators.util.AcrStore;
import org.keycloak.models.AuthenticatorConfigModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.utils.AcrUtils;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The policy's demand for a stronger factor, as the condition of a subflow with one. It lets nobody in and keeps nobody out: when the
 * subflow has succeeded it notes the level that was reached, and the checkpoint behind it decides.
 */
final class PolicyCondition implements ConditionalAuthenticator, AuthenticationFlowCallback {

    private static final Logger LOG = Logger.getLogger(PolicyCondition.class);

    /**
     * Where it cannot be told what the policy demands, the factor is asked for: the checkpoint will refuse, or it was worth asking. Nobody is
     * asked under {@code prompt=none}, where Keycloak would answer a form with {@code login_required}: the checkpoint says it better.
     */
    @Override
    public boolean matchCondition(AuthenticationFlowContext context) {
        if (context.getUser() == null || CheckpointStep.isPassive(context.getAuthenticationSession())) {
            return false;
        }
        OptionalInt offered = offered(context);
        if (offered.isEmpty()) {
            return false;
        }
        try {
            return demands(context, offered.getAsInt());
        } catch (RuntimeException e) {
            LOG.errorf(e, "What the policy of realm %s demands of user %s is not known, so the stronger factor is asked for",
                    context.getRealm().getName(), context.getUser().getUsername());
            return true;
        }
    }

    private static boolean demands(AuthenticationFlowContext context, int offered) {
        Optional<String> demanded = new CheckpointStep(new FlowDoor(context)).demandedLevel();
        if (demanded.isEmpty()) {
            return false;
        }
        AuthenticationSessionModel authSession = context.getAuthenticationSession();
        OptionalInt level = Level.of(demanded.get(), AcrUtils.getAcrLoaMap(authSession.getClient()));
        if (level.isEmpty() || level.getAsInt() > offered) {
            return false;
        }
        if (provenBefore(context, offered)) {
            new AcrStore(context.getSession(), authSession).setLevelAuthenticatedToCurrentRequest(offered);
            return false;
        }
        return true;
    }

    private static boolean provenBefore(AuthenticationFlowContext context, int offered) {
        return !AuthenticatorUtil.isForcedReauthentication(context.getAuthenticationSession())
                && ProvenLevel.holds(
                        context.getSession(), context.getAuthenticationSession(), offered, maxAge(context), KeycloakClock.now());
    }

    /**
     * Notes the level, if the factor was really used. A user who has none is sent by Keycloak to set one up, for which the subflow counts
     * as successful: whoever has only the password could bring a factor of their own that way.
     */
    @Override
    public void onParentFlowSuccess(AuthenticationFlowContext context) {
        OptionalInt offered = offered(context);
        if (offered.isEmpty() || !new UsedFactors(context).any()) {
            return;
        }
        AuthenticationSessionModel authSession = context.getAuthenticationSession();
        AcrStore levels = new AcrStore(context.getSession(), authSession);
        if (levels.getLevelOfAuthenticationFromCurrentAuthentication() < offered.getAsInt()) {
            levels.setLevelAuthenticatedToCurrentRequest(offered.getAsInt());
        }
        ProvenLevel.remember(authSession, offered.getAsInt(), KeycloakClock.now());
    }

    private static OptionalInt offered(AuthenticationFlowContext context) {
        AuthenticatorConfigModel config = context.getAuthenticatorConfig();
        OptionalInt level = number(config, PolicyConditionFactory.LEVEL);
        if (level.isEmpty() || level.getAsInt() < 1) {
            LOG.warnf("A condition \"JIT policy\" of realm %s does not say which level its subflow reaches, so it never holds: set %s",
                    context.getRealm().getName(), PolicyConditionFactory.LEVEL);
            return OptionalInt.empty();
        }
        return level;
    }

    private static Duration maxAge(AuthenticationFlowContext context) {
        return Duration.ofSeconds(number(context.getAuthenticatorConfig(), PolicyConditionFactory.MAX_AGE).orElse(0));
    }

    private static OptionalInt number(AuthenticatorConfigModel config, String key) {
        String written = config == null || config.getConfig() == null ? null : config.getConfig().get(key);
        try {
            return written == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(written.strip()));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    @Override
    public void action(AuthenticationFlowContext context) {}

    @Override
    public boolean requiresUser() {
        return true;
    }

    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public void close() {}
}
