package dev.jitapproval.keycloak.registration;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Enables the account of a registration that was approved. A side effect of the approval, not of the page that waits for it: who has closed the
 * tab would be lost otherwise, with a user name that nobody can register again.
 */
public final class Admission implements OutboxHandler {

    /** The kind of message in the outbox. */
    public static final String KIND = "admit_registration";

    private static final String REGISTER = "register";

    private final KeycloakSession session;
    private final RealmModel realm;

    Admission(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    /** The message that follows from a change; empty for all but the approval of a registration. */
    public static Optional<OutboxMessage> after(ApprovalChange change) {
        ApprovalRequest request = change.request();
        boolean approved = request.status() == RequestStatus.APPROVED && change.before() != RequestStatus.APPROVED;
        return approved && REGISTER.equals(request.key().action())
                ? Optional.of(new OutboxMessage(request.id() + "/" + KIND, request.key().realmId(), KIND, request.id(), "{}"))
                : Optional.empty();
    }

    @Override
    public Delivery begin(OutboxMessage message) {
        Optional<ApprovalRequest> request = JitApprovalProvider.of(session).approvals().find(realm.getId(), message.requestId());
        if (request.isEmpty()) {
            return Delivery.skipped("the request is gone");
        }
        RequestStatus status = request.get().status();
        if (status != RequestStatus.APPROVED && status != RequestStatus.USED) {
            return Delivery.skipped("the request is " + status.wireName());
        }
        UserModel user = session.users().getUserById(realm, request.get().key().userId());
        if (!HeldAccount.is(user)) {
            return Delivery.skipped("the account does not wait for it: it was let in, changed or removed meanwhile");
        }
        HeldAccount.admit(session, realm, user, request.get().id());
        return Delivery.done();
    }
}
