package dev.jitapproval.keycloak.approval;

import dev.jitapproval.keycloak.approval.jpa.StoredRequest;
import dev.jitapproval.keycloak.approval.spi.ApprovalChange;
import dev.jitapproval.keycloak.approval.spi.EligibilityLookup.Eligible;
import dev.jitapproval.keycloak.engine.Advance;
import dev.jitapproval.keycloak.engine.Chain;
import dev.jitapproval.keycloak.engine.Decision;
import dev.jitapproval.keycloak.engine.Engine;
import dev.jitapproval.keycloak.engine.RequestStatus;
import dev.jitapproval.keycloak.engine.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * One step of a request's life, inside one transaction: facts in, the engine's answer stored. What the answer means is the engine's
 * business alone; nothing here looks at a vote.
 */
final class Fold {

    /** Commands that lead into no stage, so that it does not matter who could vote in one. */
    private static final Set<Command.Kind> NEED_NO_PEOPLE =
            EnumSet.of(Command.Kind.USE, Command.Kind.CANCEL, Command.Kind.REVOKE, Command.Kind.EXPIRE, Command.Kind.COMMENT);

    private final Engine engine;

    Fold(Engine engine) {
        this.engine = engine;
    }

    /** Whether a deadline of a request has come. */
    static boolean isDue(ApprovalRequest request, Instant now) {
        return request.status().isLive() && request.deadline() != null && !request.deadline().isAfter(now);
    }

    /** Opens a request. Nothing is stored where the engine rejects it. */
    Change open(UnitOfWork work, NewRequest wanted, Instant now) {
        Decision decision = wanted.decision();
        Chain chain = decision.obligations().approval();
        String id = UUID.randomUUID().toString();
        String pinned = engine.pin(Documents.toPin(id, wanted, now)).pinned();
        PinnedDocument document = PinnedDocument.of(pinned);
        Documents.Facts facts = new Documents.Facts(
                List.of(), false, false, eligible(work, wanted.key().realmId(), wanted.requester(), chain));
        String command = Documents.open(wanted.requester(), wanted.justification(), facts);

        Advance answer = engine.advance(pinned, List.of(), command, now);
        if (answer.append().isEmpty()) {
            return new Change(null, List.of(), answer.rejection(), List.of());
        }
        List<ApprovalEvent> events = events(answer, 0);
        ApprovalRequest request = new ApprovalRequest(
                id,
                wanted.key(),
                wanted.requester(),
                wanted.policy().name(),
                wanted.policy().hash(),
                decision.rule(),
                decision.reason(),
                decision.digest(),
                wanted.facts(),
                wanted.justification(),
                document.chain(),
                document.grant(),
                MatchCode.next(),
                answer.status(),
                answer.stage(),
                answer.deadline(),
                answer.stages(),
                now,
                last(events).at(),
                last(events).seq());
        work.requests().keepPolicy(wanted.policy(), now);
        work.requests().insert(request, pinned, events, answer.head());
        return change(request, null, wanted.requester().asActor(), "open", events, answer);
    }

    /**
     * Carries out a command on a request that exists. What is due fires first and by itself, so that the facts of the command are those of the
     * stage that is then the current one.
     *
     * @throws Collisions.Lost if the request was changed since it was read
     */
    Change execute(UnitOfWork work, StoredRequest stored, Command command, Actor actor, Instant now) {
        Change ticked = null;
        StoredRequest current = stored;
        if (isDue(stored.request(), now)) {
            ticked = advance(work, stored, Command.tick(), Actor.SYSTEM, now);
            current = new StoredRequest(ticked.after(), stored.pinned());
        }
        if (command.kind() == Command.Kind.TICK) {
            return ticked != null ? ticked : new Change(stored.request(), List.of(), null, List.of());
        }
        Change done = advance(work, current, command, actor, now);
        if (ticked == null) {
            return done;
        }
        List<ApprovalEvent> events = new ArrayList<>(ticked.events());
        events.addAll(done.events());
        return new Change(done.after(), List.copyOf(events), done.rejection(), done.forListeners()).following(ticked);
    }

    private Change advance(UnitOfWork work, StoredRequest stored, Command command, Actor actor, Instant now) {
        ApprovalRequest before = stored.request();
        List<String> history = work.requests().events(before.id(), before.seq());
        String document = Documents.command(command, actor, facts(work, before, command, actor));
        Advance answer = engine.advance(stored.pinned(), history, document, now);

        List<ApprovalEvent> events = events(answer, before.seq());
        ApprovalRequest after = events.isEmpty() ? before : after(before, answer, last(events));
        if (!events.isEmpty() && !work.requests().append(before, after, events, answer.head())) {
            throw new Collisions.Lost();
        }
        project(work, before, after, command, answer);
        return change(after, before.status(), actor, command.kind().wireName(), events, answer);
    }

    /** A grant begins with the first use of an approval, and is there in the same transaction; so is its end. */
    private static void project(
            UnitOfWork work, ApprovalRequest before, ApprovalRequest after, Command command, Advance answer) {
        if (after.status() == before.status()) {
            return;
        }
        if (after.status() == RequestStatus.USED && answer.grantUntil() != null && command.usedOn() != null) {
            Instant from = answer.grantUntil().minus(after.grant().duration());
            work.grants().insert(after, command.usedOn(), from, answer.grantUntil());
        } else if (after.status() == RequestStatus.REVOKED) {
            work.grants().revoke(after.id(), after.updatedAt());
            if (before.status() == RequestStatus.USED) {
                work.put(Effects.endSessions(after));
            }
        }
    }

    private static Documents.Facts facts(UnitOfWork work, ApprovalRequest request, Command command, Actor actor) {
        if (!request.status().isLive()) {
            // Terminal states absorb everything; no need to ask the directory.
            return new Documents.Facts(List.of(), false, false, Map.of());
        }
        String realmId = request.key().realmId();
        List<Integer> matches = request.currentStage()
                .filter(stage -> actor.kind() != Actor.Kind.SYSTEM)
                .map(stage -> work.matches(realmId, request.requester(), stage, actor))
                .orElse(List.of());
        Map<String, Eligible> eligible = NEED_NO_PEOPLE.contains(command.kind())
                ? Map.of()
                : eligible(work, realmId, request.requester(), request.chain());
        boolean matchCode = MatchCode.matches(request.matchCode(), command.matchCode());
        return new Documents.Facts(matches, command.acrReached(), matchCode, eligible);
    }

    private static Map<String, Eligible> eligible(
            UnitOfWork work, String realmId, Requester requester, Chain chain) {
        Map<String, Eligible> eligible = new LinkedHashMap<>();
        for (Stage stage : chain.stages()) {
            eligible.put(stage.id(), work.eligible(realmId, requester, stage));
        }
        return eligible;
    }

    private static ApprovalRequest after(ApprovalRequest before, Advance answer, ApprovalEvent last) {
        return new ApprovalRequest(
                before.id(),
                before.key(),
                before.requester(),
                before.policyName(),
                before.policyHash(),
                before.ruleId(),
                before.reason(),
                before.digest(),
                before.facts(),
                before.justification(),
                before.chain(),
                before.grant(),
                before.matchCode(),
                answer.status(),
                answer.stage(),
                answer.deadline(),
                answer.stages(),
                before.openedAt(),
                last.at(),
                last.seq());
    }

    /** The events of an answer, which must follow the last one that is stored without a gap. */
    private static List<ApprovalEvent> events(Advance answer, long lastSeq) {
        List<ApprovalEvent> events =
                answer.append().stream().map(Documents::event).toList();
        long expected = lastSeq;
        for (ApprovalEvent event : events) {
            expected++;
            if (event.seq() != expected) {
                throw new IllegalStateException("the engine numbered an event " + event.seq() + " instead of " + expected);
            }
        }
        return events;
    }

    private static Change change(
            ApprovalRequest after,
            RequestStatus before,
            Actor actor,
            String command,
            List<ApprovalEvent> events,
            Advance answer) {
        ApprovalChange told =
                new ApprovalChange(after, before, actor, command, events, answer.effects(), answer.rejection());
        return new Change(after, events, answer.rejection(), List.of(told));
    }

    private static ApprovalEvent last(List<ApprovalEvent> events) {
        return events.get(events.size() - 1);
    }
}
