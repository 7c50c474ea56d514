package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Advance.StageState;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.engine.Stage;
import dev.jitapproval.keycloak.outbox.Outbox;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Makes one message for each person out of an effect of the engine, in the transaction that notes the effect as done: either
 * all of them are there, or none and it is tried again. So the failure of one mail repeats no other.
 */
abstract class FanOut implements OutboxHandler {

    /** Of these the requester hears; the others they did themselves, or nobody did. */
    private static final Set<RequestStatus> OUTCOMES =
            EnumSet.of(RequestStatus.APPROVED, RequestStatus.DENIED, RequestStatus.EXPIRED, RequestStatus.REVOKED);

    /** Of these the approvers hear who were asked and did not decide. */
    private static final Set<RequestStatus> DONE =
            EnumSet.of(RequestStatus.APPROVED, RequestStatus.DENIED, RequestStatus.CANCELLED);

    /** Stages in these states asked nobody. */
    private static final Set<StageState> SILENT = EnumSet.of(StageState.WAITING, StageState.STANDBY);

    final KeycloakSession session;
    final RealmModel realm;

    private FanOut(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    @Override
    public Delivery begin(OutboxMessage effect) {
        if (realm.getSmtpConfig().isEmpty()) {
            return Delivery.skipped(MailHandler.NO_SETTINGS);
        }
        Optional<ApprovalRequest> request =
                JitApprovalProvider.of(session).approvals().find(realm.getId(), effect.requestId());
        return request.map(found -> begin(effect, MailOrder.parse(effect.payload()), found))
                .orElseGet(() -> Delivery.skipped("the request is gone"));
    }

    abstract Delivery begin(OutboxMessage effect, MailOrder order, ApprovalRequest request);

    void put(OutboxMessage effect, MailOrder mail) {
        Outbox.of(session).put(new OutboxMessage(
                mail.key(effect.key()), effect.realmId(), MailHandlerFactory.KIND, effect.requestId(), mail.json()));
    }

    /** Asks the approvers of a stage. */
    static final class Ask extends FanOut {

        Ask(KeycloakSession session) {
            super(session);
        }

        @Override
        Delivery begin(OutboxMessage effect, MailOrder order, ApprovalRequest request) {
            if (request.status() != RequestStatus.PENDING || !order.stage().equals(request.stageId())) {
                return Delivery.skipped("the stage is over");
            }
            Stage stage = request.chain().stage(order.stage()).orElseThrow();
            if (!stage.notifyApprovers()) {
                return Delivery.skipped("the policy wants no mails for this stage");
            }
            List<String> people = new Recipients(session, realm).approvers(request, List.of(stage), Set.of());
            if (people.isEmpty()) {
                return Delivery.skipped("none of the approvers has an e-mail address");
            }
            people.forEach(user -> put(effect, order.to(Letter.Kind.ASK, user)));
            return Delivery.done();
        }
    }

    /** Tells the requester, and those approvers who were asked and did not decide. */
    static final class Tell extends FanOut {

        Tell(KeycloakSession session) {
            super(session);
        }

        @Override
        Delivery begin(OutboxMessage effect, MailOrder order, ApprovalRequest request) {
            RequestStatus status = RequestStatus.ofWireName(order.status());
            if (OUTCOMES.contains(status)) {
                put(effect, order.to(Letter.Kind.OUTCOME, request.requester().id()));
            }
            if (DONE.contains(status)) {
                Set<String> asked = request.progress().stream()
                        .filter(stage -> !SILENT.contains(stage.state()))
                        .map(stage -> stage.id())
                        .collect(Collectors.toSet());
                List<Stage> stages = request.chain().stages().stream()
                        .filter(stage -> stage.notifyApprovers() && asked.contains(stage.id()))
                        .toList();
                new Recipients(session, realm).approvers(request, stages, voters(request))
                        .forEach(user -> put(effect, order.to(Letter.Kind.DONE, user)));
            }
            return Delivery.done();
        }

        private Set<String> voters(ApprovalRequest request) {
            Set<String> voters = new LinkedHashSet<>();
            JitApprovalProvider.of(session).approvals().history(request.id()).forEach(event -> {
                boolean vote = event.kind().equals("approved") || event.kind().equals("denied");
                if (vote && event.actor() != null && event.actor().id() != null) {
                    voters.add(event.actor().id());
                }
            });
            return voters;
        }
    }
}
