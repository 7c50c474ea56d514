package dev.jitapproval.keycloak.notify;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.jitapproval.keycloak.approval.ApprovalRequest;
import dev.jitapproval.keycloak.page.Messages;
import dev.jitapproval.keycloak.review.RequestView;
import dev.jitapproval.keycloak.review.SafeText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is written to somebody about a request.
 *
 * @param kind which mail it is
 * @param request as it stood when the reason to write came up
 * @param decidedBy the user name of who decided, or {@code null} where the reader may not know or nobody did
 * @param comment what they wrote, or {@code null}
 * @param usable whether an approval is still there to be used
 */
record Letter(Kind kind, ApprovalRequest request, String decidedBy, String comment, boolean usable) {

    /** The mails; each has a template for text and for HTML, and subjects by status where it has a status. */
    enum Kind {
        /** To approvers: they are asked. */
        ASK("jit-mail-ask.ftl", "jitMailAskSubject"),
        /** To approvers who were asked: somebody else has decided, or nothing is to be decided any more. */
        DONE("jit-mail-done.ftl", "jitMailDoneSubject."),
        /** To the requester: what came of it. */
        OUTCOME("jit-mail-outcome.ftl", "jitMailOutcomeSubject.");

        private final String template;
        private final String subject;

        Kind(String template, String subject) {
            this.template = template;
            this.subject = subject;
        }

        /** The name in keys and payloads. */
        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The template's name, the same below {@code text/} and {@code html/}. */
        String template() {
            return template;
        }
    }

    /** The key of the subject. */
    String subjectKey() {
        return switch (kind) {
            case ASK -> kind.subject;
            case DONE, OUTCOME -> kind.subject + request.status().wireName();
        };
    }

    /** The subject's parts: who, what, until when. One line each; nothing that others wrote can break out of the header. */
    List<Object> subjectParts(Locale locale, Instant now, Messages messages) {
        RequestView view = new RequestView(request, locale, now);
        String what = kind == Kind.ASK ? view.briefly(messages) : view.clientName();
        return List.of(view.username(), what, view.deadlineBriefly());
    }

    /**
     * What the templates read as {@code jit}.
     *
     * @param link where the mail leads
     */
    Map<String, Object> model(Locale locale, Instant now, String link) {
        Map<String, Object> model = new LinkedHashMap<>(new RequestView(request, locale, now).model());
        model.put("link", link);
        model.put("decidedBy", SafeText.line(decidedBy));
        model.put("comment", SafeText.block(comment));
        model.put("usable", usable);
        return model;
    }
}
