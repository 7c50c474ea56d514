package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.engine.Stage;
import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** How a person stands to a request, now. The engine has the last word on a vote; this decides what may be seen before it. */
public final class Standing {

    private final KeycloakSession session;
    private final RealmModel realm;
    private final UserModel user;
    private final EligibilityLookup eligibility;
    private final String personKey;

    public Standing(KeycloakSession session, RealmModel realm, UserModel user) {
        this.session = session;
        this.realm = realm;
        this.user = user;
        this.eligibility = session.getProvider(EligibilityLookup.class);
        this.personKey = eligibility.personKey(realm, user);
    }

    /** What the page may show. */
    PageState of(ApprovalRequest request) {
        if (isOwn(request)) {
            return PageState.SELF;
        }
        if (!user.isEnabled()) {
            return PageState.NOT_ELIGIBLE;
        }
        if (request.status() == RequestStatus.PENDING) {
            Stage stage = request.currentStage().orElseThrow();
            boolean asked = isEligible(request, stage);
            boolean spent = votedIn(request, stage.allowRepeat() ? stage.id() : null);
            if (asked && !spent) {
                return PageState.OPEN;
            }
            return asked || votedIn(request, null) ? PageState.DECIDED : PageState.NOT_ELIGIBLE;
        }
        if (!votedIn(request, null) && request.chain().stages().stream().noneMatch(stage -> isEligible(request, stage))) {
            return PageState.NOT_ELIGIBLE;
        }
        return switch (request.status()) {
            case CANCELLED -> PageState.CANCELLED;
            case EXPIRED -> PageState.EXPIRED;
            default -> PageState.DECIDED;
        };
    }

    /** Whether the person can decide the request now. */
    public boolean mayDecide(ApprovalRequest request) {
        return of(request) == PageState.OPEN;
    }

    /** Whether the person may decide the request now, has decided on it, or could decide in one of its stages; never their own. */
    public boolean maySee(ApprovalRequest request) {
        return of(request).tellsFacts();
    }

    private boolean isOwn(ApprovalRequest request) {
        return request.requester().personKey().equals(personKey) || request.requester().id().equals(user.getId());
    }

    private boolean isEligible(ApprovalRequest request, Stage stage) {
        return !eligibility.matches(realm, request.requester(), stage, user).isEmpty();
    }

    private boolean votedIn(ApprovalRequest request, String stage) {
        return history(request).stream()
                .filter(event -> event.kind().equals("approved") || event.kind().equals("denied"))
                .filter(event -> event.actor() != null && personKey.equals(event.actor().personKey()))
                .anyMatch(event -> stage == null || stage.equals(event.stage()));
    }

    private List<ApprovalEvent> history(ApprovalRequest request) {
        return request.seq() <= 1 ? List.of() : JitApprovalProvider.of(session).approvals().history(request.id());
    }
}
