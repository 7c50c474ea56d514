package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.approval.spi.ApprovalListener;
import dev.jitapproval.keycloak.engine.Advance.SideEffect;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.engine.Stage;
import dev.jitapproval.keycloak.review.Reports;
import dev.jitapproval.keycloak.review.ReviewLinks;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Turns what the engine wants people to be told into mails. Called after the change was committed. */
final class MailListener implements ApprovalListener {

    /** Of these the requester hears; the others they did themselves, or nobody did. */
    private static final Set<RequestStatus> OUTCOMES =
            EnumSet.of(RequestStatus.APPROVED, RequestStatus.DENIED, RequestStatus.EXPIRED, RequestStatus.REVOKED);

    /** Of these the approvers hear who were asked and did not decide. */
    private static final Set<RequestStatus> DONE =
            EnumSet.of(RequestStatus.APPROVED, RequestStatus.DENIED, RequestStatus.CANCELLED);

    private final KeycloakSession session;

    MailListener(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void onChange(ApprovalChange change) {
        RealmModel realm = session.getContext().getRealm();
        if (change.effects().isEmpty() || realm.getSmtpConfig().isEmpty()) {
            return;
        }
        Optional<URI> base = new FrontendAddress(session).of(realm);
        if (base.isEmpty()) {
            return;
        }
        for (SideEffect effect : change.effects()) {
            switch (effect.kind()) {
                case SideEffect.NOTIFY_STAGE -> ask(realm, change.request(), effect.stage(), base.get());
                case SideEffect.NOTIFY_OUTCOME -> tell(realm, change, base.get());
                default -> throw new IllegalStateException("unknown side effect " + effect.kind());
            }
        }
    }

    private void ask(RealmModel realm, ApprovalRequest request, String stageId, URI base) {
        Stage stage = request.chain().stage(stageId).orElseThrow();
        if (stage.notifyApprovers()) {
            new MailRoom(session, realm).post(
                    new Letter(Letter.Kind.ASK, request, null, null),
                    new Recipients(session, realm).approvers(request, stage, Set.of()),
                    ReviewLinks.review(base, realm, request.id()).toString());
        }
    }

    private void tell(RealmModel realm, ApprovalChange change, URI base) {
        ApprovalRequest request = change.request();
        ApprovalEvent last = change.events().isEmpty() ? null : change.events().get(change.events().size() - 1);
        MailRoom room = new MailRoom(session, realm);
        if (OUTCOMES.contains(request.status())) {
            boolean mayKnow = request.chain().showApprovers();
            room.post(
                    new Letter(Letter.Kind.OUTCOME, request, mayKnow ? personOf(last) : null, mayKnow ? commentOf(last) : null),
                    List.of(request.requester().id()), base.toString());
        }
        if (DONE.contains(request.status()) && last != null && last.stage() != null) {
            Stage stage = request.chain().stage(last.stage()).orElseThrow();
            if (stage.notifyApprovers()) {
                Set<String> decided = last.actor() == null || last.actor().id() == null ? Set.of() : Set.of(last.actor().id());
                room.post(
                        new Letter(Letter.Kind.DONE, request, personOf(last), null),
                        new Recipients(session, realm).approvers(request, stage, decided),
                        ReviewLinks.review(base, realm, request.id()).toString());
            }
        }
    }

    private static String personOf(ApprovalEvent event) {
        return event == null || event.actor() == null || event.actor().kind() == Actor.Kind.SYSTEM ? null : event.actor().username();
    }

    private static String commentOf(ApprovalEvent event) {
        return event == null || Reports.isReport(event.comment()) ? null : event.comment();
    }
}
