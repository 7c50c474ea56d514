package dev.jitapproval.keycloak.token;

import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.grant.RestsOn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.mappers.AbstractOIDCProtocolMapper;
import org.keycloak.protocol.oidc.mappers.AcrProtocolMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAccessTokenMapper;
import org.keycloak.protocol.oidc.mappers.OIDCAttributeMapperHelper;
import org.keycloak.protocol.oidc.mappers.OIDCIDTokenMapper;
import org.keycloak.protocol.oidc.mappers.TokenIntrospectionTokenMapper;
import org.keycloak.protocol.oidc.mappers.UserInfoTokenMapper;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.IDToken;

/**
 * Puts the approval that a session rests on into its tokens, as the claim {@code jit_approval}: {@code request}, {@code rule},
 * {@code approved_at}, {@code expires_at} (where the approval stays good for a while) and {@code acr}. Instants are seconds since 1970,
 * as in every JWT. A session that nobody had to approve has no such claim, and neither has one whose grant is over; one that rests on more than one
 * approval tells of the latest.
 */
public final class ApprovalMapper extends AbstractOIDCProtocolMapper
        implements OIDCAccessTokenMapper, OIDCIDTokenMapper, UserInfoTokenMapper, TokenIntrospectionTokenMapper {

    /** The provider's id. */
    public static final String ID = "jit-approval-facts";

    /** The claim. */
    public static final String CLAIM = "jit_approval";

    private static final List<ProviderConfigProperty> PROPERTIES = new ArrayList<>();

    static {
        OIDCAttributeMapperHelper.addIncludeInTokensConfig(PROPERTIES, ApprovalMapper.class);
    }

    /** A mapper that puts the claim wherever it can stand. */
    public static ProtocolMapperModel model() {
        ProtocolMapperModel model = new ProtocolMapperModel();
        model.setName(ID);
        model.setProtocolMapper(ID);
        model.setProtocol(OIDCLoginProtocol.LOGIN_PROTOCOL);
        model.setConfig(new LinkedHashMap<>(Map.of(
                OIDCAttributeMapperHelper.INCLUDE_IN_ACCESS_TOKEN, "true",
                OIDCAttributeMapperHelper.INCLUDE_IN_ID_TOKEN, "true",
                OIDCAttributeMapperHelper.INCLUDE_IN_USERINFO, "true",
                OIDCAttributeMapperHelper.INCLUDE_IN_INTROSPECTION, "true")));
        return model;
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayType() {
        return "JIT approval";
    }

    @Override
    public String getDisplayCategory() {
        return TOKEN_MAPPER_CATEGORY;
    }

    @Override
    public String getHelpText() {
        return "Adds the claim jit_approval with the approval that the session rests on: request, rule, approved_at, expires_at and acr";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return PROPERTIES;
    }

    @Override
    protected void setClaim(
            IDToken token,
            ProtocolMapperModel mapper,
            UserSessionModel userSession,
            KeycloakSession session,
            ClientSessionContext context) {
        AuthenticatedClientSessionModel clientSession = context.getClientSession();
        RestsOn.of(clientSession).stream()
                .filter(rests -> !rests.isOver(KeycloakClock.now()))
                .max(Comparator.comparing(RestsOn::approvedAt))
                .ifPresent(rests -> token.getOtherClaims().put(CLAIM, claim(rests, Levels.of(clientSession))));
    }

    /**
     * Tells of an approval that let a token out after Keycloak had run its mappers.
     *
     * @param context of the client, which has this mapper or not
     */
    static void tell(KeycloakSession session, AccessToken token, ClientSessionContext context, RestsOn rests) {
        if (token != null && isWanted(session, context)) {
            token.getOtherClaims().put(CLAIM, claim(rests, Levels.of(context.getClientSession())));
        }
    }

    /** Whether an access token is to have the claim. @param context of the client, which has this mapper or not */
    static boolean isWanted(KeycloakSession session, ClientSessionContext context) {
        boolean lightweight = getShouldUseLightweightToken(session);
        return context.getProtocolMappersStream()
                .filter(mapper -> ID.equals(mapper.getProtocolMapper()))
                .anyMatch(lightweight
                        ? OIDCAttributeMapperHelper::includeInLightweightAccessToken
                        : OIDCAttributeMapperHelper::includeInAccessToken);
    }

    static Map<String, Object> claim(RestsOn rests, String acr) {
        Map<String, Object> claim = new LinkedHashMap<>();
        claim.put("request", rests.request());
        claim.put("rule", rests.rule());
        claim.put("approved_at", rests.approvedAt());
        if (rests.until() != null) {
            claim.put("expires_at", rests.until());
        }
        claim.put("acr", acr);
        return claim;
    }

    /** The level as Keycloak's own mapper tells it. */
    private static final class Levels extends AcrProtocolMapper {

        static String of(AuthenticatedClientSessionModel clientSession) {
            return new Levels().getAcr(clientSession);
        }
    }
}
