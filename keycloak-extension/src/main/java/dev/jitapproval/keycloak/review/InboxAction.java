package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.ApprovalService;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.models.KeycloakSession;

/**
 * Lists the requests that a person may decide now, each of which leads to its review; and the grants that they gave, to be taken back.
 */
final class InboxAction extends EnclosedAction {

    private static final Logger LOG = Logger.getLogger(InboxAction.class);
    private static final String TEMPLATE = "jit-inbox.ftl";

    /** Pending requests that are looked at, the oldest first. */
    private static final int LOOKED_AT = 500;

    private static final int LISTED = 50;
    private static final int RECENT = 10;
    private static final Duration RECENTLY = Duration.ofDays(7);

    private final KeycloakSession session;
    private final GivenGrants given;

    InboxAction(KeycloakSession session) {
        super(ReviewClient.INBOX_ACTION);
        this.session = session;
        this.given = new GivenGrants(session);
    }

    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        ReviewPage bare = new ReviewPage(session, context.getRealm());
        if (!ReviewClient.is(context.getAuthenticationSession().getClient())) {
            context.challenge(bare.bare(context.form(), PageState.WRONG_CLIENT));
            return;
        }
        try {
            context.challenge(list(context));
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "The inbox of a user in realm %s cannot be shown", context.getRealm().getName());
            context.challenge(bare.bare(context.form(), PageState.UNAVAILABLE));
        }
    }

    /** The only form takes a grant back. Whatever else is sent to the inbox, it shows itself. */
    @Override
    public void processAction(RequiredActionContext context) {
        String grant = context.getHttpRequest().getDecodedFormParameters().getFirst("revoke");
        if (grant != null
                && ReviewLinks.isRequestId(grant)
                && ReviewClient.is(context.getAuthenticationSession().getClient())
                && ReviewClient.canRun(context.getRealm(), ReviewClient.INBOX_ACTION)
                && Ballot.isOwnForm(context.getHttpRequest())) {
            try {
                given.revoke(context.getRealm(), context.getUser(), grant);
            } catch (RuntimeException failed) {
                LOG.errorf(failed, "The grant of request %s cannot be taken back", grant);
                context.challenge(new ReviewPage(session, context.getRealm()).bare(context.form(), PageState.UNAVAILABLE));
                return;
            }
        }
        requiredActionChallenge(context);
    }

    private Response list(RequiredActionContext context) {
        Standing standing = new Standing(session, context.getRealm(), context.getUser());
        Locale locale = session.getContext().resolveLocale(context.getUser());
        List<Map<String, Object>> open =
                JitApprovalProvider.of(session).approvals().findPending(context.getRealm().getId(), LOOKED_AT).stream()
                        .filter(standing::mayDecide)
                        .limit(LISTED)
                        .map(request -> entry(context, request, locale))
                        .toList();
        Map<String, Object> model = new HashMap<>();
        model.put("requests", open);
        model.put("recent", recent(context, locale));
        model.put("grants", given.list(context.getRealm(), context.getUser(), locale));
        return Pages.render(session, context.getRealm(), context.form(), TEMPLATE, Response.Status.OK,
                context.form().getMessage("jitInboxTitle"), model);
    }

    private List<Map<String, Object>> recent(RequiredActionContext context, Locale locale) {
        ApprovalService approvals = JitApprovalProvider.of(session).approvals();
        String userId = context.getUser().getId();
        List<Map<String, Object>> recent = new ArrayList<>();
        for (ApprovalRequest request :
                approvals.findDecidedBy(context.getRealm().getId(), userId, now().minus(RECENTLY), RECENT)) {
            List<ApprovalEvent> own = approvals.history(request.id()).stream()
                    .filter(event -> event.actor() != null && userId.equals(event.actor().id()))
                    .toList();
            RequestView.decisions(own, locale).stream().findFirst().ifPresent(decision -> {
                Map<String, Object> entry = new HashMap<>(decision);
                entry.putAll(new RequestView(request, locale, now()).model());
                recent.add(entry);
            });
        }
        recent.sort(Comparator.comparing((Map<String, Object> entry) -> (String) entry.get("at")).reversed());
        return recent;
    }

    private static Instant now() {
        return KeycloakClock.now();
    }

    private Map<String, Object> entry(RequiredActionContext context, ApprovalRequest request, Locale locale) {
        URI base = session.getContext().getUri().getBaseUri();
        Map<String, Object> entry = new RequestView(request, locale, now()).model();
        entry.put("url", ReviewLinks.review(base, context.getRealm(), request.id()).toString());
        return entry;
    }
}
