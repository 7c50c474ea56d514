package dev.jitapproval.keycloak.review;

import dev.jitapproval.keycloak.approval.ApprovalEvent;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.engine.Advance.StageProgress;
import dev.jitapproval.keycloak.engine.Advance.StageState;
import dev.jitapproval.keycloak.engine.Stage;
import dev.jitapproval.keycloak.gate.ShownFacts;
import dev.jitapproval.keycloak.page.ChangeRows;
import dev.jitapproval.keycloak.page.Messages;
import dev.jitapproval.keycloak.page.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A request as pages and mails show it: plain maps, lists and strings for the templates, every string cleaned by
 * {@link SafeText}. Page and mail have the same facts in the same order because both come from here.
 */
public final class RequestView {

    /** An account younger than this is marked. */
    private static final Duration NEW_ACCOUNT = Duration.ofDays(7);

    private final ApprovalRequest request;
    private final ShownFacts facts;
    private final Wording wording;
    private final Locale locale;
    private final Instant now;

    /**
     * @param locale the reader's
     * @param now for what is told in minutes
     */
    public RequestView(ApprovalRequest request, Locale locale, Instant now) {
        this.request = request;
        this.facts = ShownFacts.parse(request.facts());
        this.wording = Wording.of(facts.what().action(), facts.what().change(), facts.what().target());
        this.locale = locale;
        this.now = now;
    }

    /** How the requester is called in a sentence: the name, or the user name where there is none. */
    public String requesterName() {
        String name = SafeText.line(facts.who().name());
        return name.isEmpty() ? SafeText.line(facts.who().username()) : name;
    }

    /** How the application is called in a sentence. */
    public String clientName() {
        String name = SafeText.line(facts.what().clientName());
        return name.isEmpty() ? SafeText.line(facts.what().clientId()) : name;
    }

    /** What an approver is asked, as a sentence. */
    public String question(Messages messages) {
        return messages.get(
                "jitReviewQuestion." + wording.key(), requesterName(), clientName(), wording.actionName(),
                wording.targetInSentence(messages), wording.gained());
    }

    /** What it is about in few words: the application, or what is done where that is no sign-in. */
    public String briefly(Messages messages) {
        return Wording.isSignIn(facts.what().action()) ? clientName() : messages.get("jitReviewAction." + wording.key(), wording.actionName());
    }

    /** The requester's user name. */
    public String username() {
        return SafeText.line(request.requester().username());
    }

    /** When the current stage ends, or the approval can no longer be used; {@code ""} where nothing is due. */
    public String deadlineText() {
        return request.deadline() == null ? "" : time(request.deadline());
    }

    /** The same in few words: without the day where it is less than a day ahead. */
    public String deadlineBriefly() {
        if (request.deadline() == null || Duration.between(now, request.deadline()).compareTo(Duration.ofDays(1)) >= 0) {
            return deadlineText();
        }
        return said(DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT), locale, request.deadline()) + " UTC";
    }

    /** Everything that the templates read. */
    public Map<String, Object> model() {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("id", request.id());
        model.put("version", request.seq());
        model.put("status", request.status().wireName());
        model.put("requester", requesterName());
        model.put("username", username());
        model.put("client", clientName());
        model.put("clientId", SafeText.line(facts.what().clientId()));
        what(model);
        who(model);
        where(model);
        why(model);
        model.put("scopes", facts.what().scopes() == null ? List.of() : facts.what().scopes().stream().map(SafeText::line).toList());
        model.put("openedAt", request.openedAt().toString());
        model.put("openedAtText", time(request.openedAt()));
        model.put("justification", SafeText.block(request.justification()));
        model.put("others", facts.others() == null ? 0 : facts.others().size());
        model.put("digest", request.digest());
        model.put("stage", request.stageId() == null ? "" : request.stageId());
        stage(model);
        deadline(model);
        model.put("useBy", duration(request.chain().useBy()));
        if (request.grant() != null) {
            model.put("grant", duration(request.grant().duration()));
            model.put("boundTo", request.grant().boundTo().stream()
                    .map(binding -> binding.name().toLowerCase(Locale.ROOT))
                    .toList());
        }
        return model;
    }

    /**
     * Who decided what, oldest first, for readers who may know.
     *
     * @param history of the request
     */
    public static List<Map<String, Object>> decisions(List<ApprovalEvent> history, Locale locale) {
        List<Map<String, Object>> decisions = new ArrayList<>();
        for (ApprovalEvent event : history) {
            if (Set.of("approved", "denied", "cancelled", "timed_out", "escalated", "used", "revoked").contains(event.kind())) {
                String comment = event.comment() == null ? "" : event.comment();
                boolean reported = event.kind().equals("denied") && Reports.isReport(comment);
                Map<String, Object> decision = new LinkedHashMap<>();
                decision.put("kind", reported ? "reported" : event.kind());
                decision.put("by", event.actor() == null ? "" : SafeText.line(event.actor().username()));
                decision.put("at", event.at().toString());
                decision.put("atText", time(event.at(), locale));
                decision.put("comment", SafeText.block(Reports.withoutMark(comment)));
                decisions.add(decision);
            }
        }
        return decisions;
    }

    private void what(Map<String, Object> model) {
        model.put("action", wording.key());
        model.put("actionName", wording.actionName());
        model.put("gained", wording.gained());
        model.put("signIn", Wording.isSignIn(facts.what().action()));
        if (wording.target() != null) {
            model.put("target", wording.target().toModel());
        }
        ChangeRows.put(model, facts.what().change());
    }

    private void who(Map<String, Object> model) {
        ShownFacts.Who who = facts.who();
        model.put("name", SafeText.line(who.name()));
        model.put("email", SafeText.line(who.email()));
        model.put("emailVerified", who.emailVerified());
        Instant created = instant(who.createdAt());
        model.put("createdAtText", created == null ? "" : date(created));
        model.put("newAccount", created != null && created.isAfter(request.openedAt().minus(NEW_ACCOUNT)));
    }

    private void where(Map<String, Object> model) {
        ShownFacts.Where where = facts.where();
        model.put("ip", SafeText.line(where.ip()));
        model.put("userAgent", SafeText.line(where.userAgent()));
        model.put("device", Device.name(where.userAgent()));
        model.put("sso", where.sso());
        model.put("impersonator", SafeText.line(where.impersonator()));
    }

    private void why(Map<String, Object> model) {
        model.put("reason", SafeText.line(request.reason()));
        model.put("policy", SafeText.line(request.policyName()));
        model.put("rule", SafeText.line(request.ruleId()));
    }

    private void stage(Map<String, Object> model) {
        Stage stage = request.currentStage().orElse(null);
        if (stage == null) {
            return;
        }
        model.put("stageName", SafeText.line(stage.name()));
        model.put("commentRequired", stage.require().comment());
        model.put("matchCodeRequired", stage.require().matchCode());
        List<StageProgress> ahead = request.progress().stream().filter(other -> other.state() == StageState.WAITING).toList();
        model.put("stagesAhead", ahead.size());
        request.progress().stream().filter(progress -> progress.id().equals(stage.id())).findFirst().ifPresent(progress -> {
            model.put("approvals", progress.approvals());
            model.put("needed", progress.needed() == null ? 0 : progress.needed());
        });
    }

    private void deadline(Map<String, Object> model) {
        model.put("deadline", request.deadline() == null ? "" : request.deadline().toString());
        model.put("deadlineText", deadlineText());
        if (request.deadline() != null) {
            model.put("timeLeft", duration(Duration.between(now, request.deadline())));
        }
    }

    /** A duration as a number and a unit, rounded down, at least one minute. */
    private static Map<String, Object> duration(Duration duration) {
        if (duration.toDays() >= 2) {
            return Map.of("number", duration.toDays(), "unit", "days");
        }
        if (duration.toHours() >= 2) {
            return Map.of("number", duration.toHours(), "unit", "hours");
        }
        return Map.of("number", Math.max(1, duration.toMinutes()), "unit", "minutes");
    }

    String time(Instant instant) {
        return time(instant, locale);
    }

    private static String time(Instant instant, Locale locale) {
        return said(DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT), locale, instant) + " UTC";
    }

    private String date(Instant instant) {
        return said(DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM), locale, instant);
    }

    /** In UTC. Java's English puts a narrow no-break space before AM and PM, which mail programs may show as a box. */
    private static String said(DateTimeFormatter format, Locale locale, Instant instant) {
        return format.withLocale(locale).withZone(ZoneOffset.UTC).format(instant).replace('\u202F', ' ');
    }

    private static Instant instant(String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException notAnInstant) {
            return null;
        }
    }
}
