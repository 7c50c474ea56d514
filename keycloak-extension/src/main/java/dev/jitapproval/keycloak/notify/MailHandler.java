package dev.jitapproval.keycloak.notify;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.KeycloakClock;
import dev.jitapproval.keycloak.approval.Actor;
import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.approval.FrontendAddress;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.engine.Stage;
import dev.jitapproval.keycloak.observe.Observations;
import dev.jitapproval.keycloak.outbox.OutboxMessage;
import dev.jitapproval.keycloak.outbox.spi.Delivery;
import dev.jitapproval.keycloak.outbox.spi.OutboxHandler;
import dev.jitapproval.keycloak.registration.HeldAccount;
import dev.jitapproval.keycloak.review.Reports;
import dev.jitapproval.keycloak.review.ReviewLinks;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * One mail to one person: written in the transaction from what the request and the person are by now, sent after it. Somebody who may
 * not decide any more is not told about a request, however long the mail server was away.
 */
final class MailHandler implements OutboxHandler {

    static final String NO_SETTINGS = "the realm has no mail settings";

    private final KeycloakSession session;
    private final RealmModel realm;

    MailHandler(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
    }

    @Override
    public Delivery begin(OutboxMessage message) {
        MailOrder order = MailOrder.parse(message.payload());
        Map<String, String> settings = new HashMap<>(realm.getSmtpConfig());
        if (settings.isEmpty()) {
            return Delivery.skipped(NO_SETTINGS);
        }
        UserModel user = session.users().getUserById(realm, order.user());
        // Who is refused while they register is told so: their account stays disabled, and nothing else would.
        if (user == null || !user.isEnabled() && !HeldAccount.is(user)) {
            return Delivery.skipped("the account is gone or disabled");
        }
        String address = user.getEmail();
        if (address == null || address.isBlank()) {
            return Delivery.skipped("the account has no e-mail address");
        }
        Optional<ApprovalRequest> request = JitApprovalProvider.of(session).approvals().find(realm.getId(), message.requestId());
        if (request.isEmpty()) {
            return Delivery.skipped("the request is gone");
        }
        if (order.letter() == Letter.Kind.ASK && !stillAsked(request.get(), order, user)) {
            return Delivery.skipped("the stage is over, or no longer asks this person");
        }
        Writing writing = write(request.get(), order, user);
        MailIds ids = new MailIds(settings.get("from"));
        Mail mail = new Mail(address, writing.subject(), writing.text(), writing.html(),
                ids.mail(message.key()), ids.thread(message.requestId()));
        MailSender sender = MailSender.of(session);
        String realmName = realm.getName();
        return Delivery.outside(() -> send(sender, settings, mail, realmName));
    }

    private boolean stillAsked(ApprovalRequest request, MailOrder order, UserModel user) {
        if (request.status() != RequestStatus.PENDING || !order.stage().equals(request.stageId())) {
            return false;
        }
        Stage stage = request.chain().stage(order.stage()).orElseThrow();
        return new Recipients(session, realm).mayDecide(request, stage, user);
    }

    private Writing write(ApprovalRequest request, MailOrder order, UserModel user) {
        Instant now = KeycloakClock.now();
        Locale locale = session.getContext().resolveLocale(user, true);
        Letter letter = letter(request, order);
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("jit", letter.model(locale, now, ReviewLinks.review(base(order), realm, request.id()).toString()));
        LetterTemplate template = new LetterTemplate(session, realm, user);
        List<Object> subject = letter.subjectParts(locale, now, template.messages(locale));
        return template.write(letter.subjectKey(), subject, letter.kind().template(), attributes);
    }

    private Letter letter(ApprovalRequest request, MailOrder order) {
        RequestStatus status = RequestStatus.ofWireName(order.status());
        Instant deadline = order.deadline() == null ? null : Instant.parse(order.deadline());
        ApprovalRequest then = request.as(status, deadline);
        boolean usable = request.status() == RequestStatus.APPROVED;
        Optional<ApprovalEvent> cause = JitApprovalProvider.of(session).approvals().history(request.id()).stream()
                .filter(event -> event.seq() == order.seq())
                .findFirst();
        return switch (order.letter()) {
            case ASK -> new Letter(Letter.Kind.ASK, then, null, null, false);
            case DONE -> new Letter(Letter.Kind.DONE, then, person(cause), null, false);
            case OUTCOME -> {
                boolean mayKnow = request.chain().showApprovers();
                yield new Letter(Letter.Kind.OUTCOME, then, mayKnow ? person(cause) : null, mayKnow ? comment(cause) : null, usable);
            }
        };
    }

    private URI base(MailOrder order) {
        // The address that the cause came with goes first: without a hostname the last known one is whatever anybody sent as Host since.
        return Optional.ofNullable(order.base())
                .map(URI::create)
                .or(() -> FrontendAddress.of(session, realm))
                .orElseThrow(() -> new IllegalStateException("the server's address is not known before somebody has used the realm; set"
                        + " --hostname to a URL"));
    }

    private static void send(MailSender sender, Map<String, String> settings, Mail mail, String realmName) throws Exception {
        try {
            sender.send(settings, mail);
        } catch (Exception failed) {
            Observations.mailed(realmName, false);
            throw failed;
        }
        Observations.mailed(realmName, true);
    }

    private static String person(Optional<ApprovalEvent> cause) {
        return cause.map(ApprovalEvent::actor).filter(actor -> actor.kind() != Actor.Kind.SYSTEM).map(Actor::username).orElse(null);
    }

    private static String comment(Optional<ApprovalEvent> cause) {
        return cause.map(ApprovalEvent::comment).filter(comment -> !Reports.isReport(comment)).orElse(null);
    }
}
