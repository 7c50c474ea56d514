package dev.jitapproval.keycloak.change;

import dev.jitapproval.keycloak.context.DecisionContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.broker.provider.IdpLinkAction;
import org.keycloak.models.Constants;
import org.keycloak.models.IdentityProviderModel;
import org.keycloak.models.KeycloakSession;

/** An account of an identity provider that a person links with their own, or unlinks. */
final class Links {

    private static final String FIELD = "identity-provider";

    private Links() {}

    /**
     * The link that the application asked for.
     *
     * @return empty once the identity provider has been asked: Keycloak makes the link when it answers, and the action only tells the outcome.
     *     Empty as well where there is no such provider
     */
    static Optional<Planned> link(RequiredActionContext context) {
        boolean answered = Boolean.parseBoolean(
                context.getAuthenticationSession().getAuthNote(IdpLinkAction.KC_ACTION_LINKING_IDENTITY_PROVIDER));
        String alias = context.getAuthenticationSession().getClientNote(Constants.KC_ACTION_PARAMETER);
        return answered || alias == null ? Optional.empty() : of(context.getSession(), alias);
    }

    /**
     * The end of a link. It has a value before and none afterwards, by which a policy tells the two apart.
     *
     * @param alias of the identity provider, which may be gone
     */
    static Planned unlink(KeycloakSession session, String alias) {
        IdentityProviderModel provider = session.identityProviders().getByAlias(alias);
        DecisionContext.Change change = new DecisionContext.Change(
                List.of(FIELD), Map.of(FIELD, List.of(alias)), Map.of(FIELD, List.of()));
        return new Planned("link-idp", change, null).on(FIELD, alias, provider == null ? null : provider.getDisplayName());
    }

    static Optional<Planned> of(KeycloakSession session, String alias) {
        IdentityProviderModel provider = session.identityProviders().getByAlias(alias);
        return Optional.ofNullable(provider)
                .map(found -> Planned.of("link-idp", FIELD)
                        .on(FIELD, found.getAlias(), found.getDisplayName()));
    }
}
