package dev.jitapproval.keycloak.page;

import dev.jitapproval.keycloak.context.DecisionContext.Change;
import dev.jitapproval.keycloak.context.DecisionContext.Target;
import dev.jitapproval.keycloak.review.SafeText;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The words for what is asked: which sentences of the themes say it, and the names that they need. A sentence that would have to do without
 * a name that it needs is not used; then the action is told by its own name.
 *
 * @param key the last part of {@code jitWhat.}, {@code jitReviewQuestion.}, {@code jitReviewAction.} and {@code jitReviewEffect.}
 * @param actionName the action of the context schema
 * @param target what is acted on, or null where that is the account of whoever asks
 * @param gained the values that come by the change, for the sentences that name them; {@code ""} where there are none
 */
public record Wording(String key, String actionName, NamedTarget target, String gained) {

    private static final String OTHER = "other";
    private static final String UNLINK = "unlink-idp";

    /** Actions with sentences of their own. */
    private static final Set<String> SAID = Set.of(
            "login", "reauthenticate", "first-broker-login", "post-broker-login", "reset-credentials", "register", "update-profile",
            "update-email", "update-password", "configure-otp", "webauthn-register", "delete-credential", "delete-account", "link-idp",
            UNLINK, "direct-grant", "client-credentials", "token-refresh", "token-exchange", "jwt-grant", "device", "ciba",
            "admin-grant-role", "admin-join-group", "admin-impersonate", "admin-reset-credential", "admin-read-secret",
            "admin-change-realm", "activate-policy");

    /** Those whose sentences name the target, and the type of target that goes without saying in them. */
    private static final Map<String, String> NAME_THE_TARGET = Map.of(
            "link-idp", "identity-provider",
            UNLINK, "identity-provider",
            "admin-grant-role", "user",
            "admin-join-group", "user",
            "admin-impersonate", "user",
            "admin-reset-credential", "user",
            "admin-read-secret", "client",
            "admin-change-realm", "",
            "activate-policy", "policy");

    /** Those whose sentences name the values that come by the change. */
    private static final Set<String> NAME_WHAT_COMES = Set.of("admin-grant-role", "admin-join-group");

    /** Those that a person begins by signing in from an application. */
    private static final Set<String> SIGN_IN = Set.of(
            "login", "reauthenticate", "first-broker-login", "post-broker-login", "reset-credentials", "register", "device");

    /** What a sentence can carry; the list of the changes has the rest. */
    private static final int NAMED = 5;

    /**
     * The words for an action.
     *
     * @param action of the context schema
     * @param change or null
     * @param target or null
     */
    public static Wording of(String action, Change change, Target target) {
        String key = action.equals("link-idp") && onlyTakesAway(change) ? UNLINK : action;
        NamedTarget named = target == null ? null : NamedTarget.of(target, NAME_THE_TARGET.get(key));
        String gained = gained(change);
        boolean complete = SAID.contains(key)
                && (named != null || !NAME_THE_TARGET.containsKey(key))
                && (!gained.isEmpty() || !NAME_WHAT_COMES.contains(key));
        return new Wording(complete ? key : OTHER, SafeText.line(action), named, gained);
    }

    /** Whether whoever asks for this action can ask again by signing in from the application. */
    public static boolean isSignIn(String action) {
        return SIGN_IN.contains(action);
    }

    /** What the requester reads about their own step. */
    public String what(String clientName, Messages messages) {
        return messages.get("jitWhat." + key, clientName, actionName, targetInSentence(messages), gained);
    }

    /** The target as a part of a sentence, or {@code ""}. */
    public String targetInSentence(Messages messages) {
        return target == null ? "" : target.inSentence(messages);
    }

    private static boolean onlyTakesAway(Change change) {
        return change != null && !valuesOf(change.before()).isEmpty() && valuesOf(change.after()).isEmpty();
    }

    private static String gained(Change change) {
        if (change == null) {
            return "";
        }
        Set<String> old = new HashSet<>(valuesOf(change.before()));
        List<String> come = valuesOf(change.after()).stream()
                .filter(value -> !old.contains(value))
                .map(SafeText::line)
                .filter(value -> !value.isEmpty())
                .toList();
        return come.stream().limit(NAMED).collect(Collectors.joining(", ")) + (come.size() > NAMED ? ", …" : "");
    }

    private static List<String> valuesOf(Map<String, List<String>> values) {
        return values == null ? List.of() : values.values().stream().flatMap(List::stream).toList();
    }
}
