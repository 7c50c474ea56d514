package dev.jitapproval.keycloak.gate;

import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.UsedOn;
import dev.jitapproval.keycloak.context.DecisionContext;
import dev.jitapproval.keycloak.engine.GrantTerms.Binding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a grant can be bound to, as it is at a step.
 *
 * @param clientId Keycloak's internal id
 * @param holder the browser, or what stands for it
 * @param usedOn scopes, change and session
 */
record Here(String clientId, Holder holder, UsedOn usedOn) {

    static Here of(Step step) {
        return new Here(
                step.client().getId(),
                step.holder(),
                new UsedOn(step.context().request().scopes(), change(step), step.sessionId()));
    }

    /** Whether everything is here as it was when the approval was used, as far as the grant is bound to it. */
    boolean holds(Grant grant, Set<Binding> boundTo) {
        return Objects.equals(grant.usedOn().change(), usedOn.change())
                && boundTo.stream().allMatch(binding -> holds(grant, binding));
    }

    private boolean holds(Grant grant, Binding binding) {
        return switch (binding) {
            case CLIENT -> grant.request().key().clientId().equals(clientId);
            case SCOPES -> grant.usedOn().scopes().containsAll(usedOn.scopes());
            case DEVICE -> holder.matches(grant.request().key().browserHash());
            case SESSION -> usedOn.sessionId() != null && usedOn.sessionId().equals(grant.usedOn().sessionId());
        };
    }

    /** One approval of a change is none of another, whatever the grant is bound to: a digest of what is done to what, or null. */
    private static String change(Step step) {
        DecisionContext context = step.context();
        if (context.change() == null && context.target() == null) {
            return null;
        }
        TreeMap<String, Object> what = new TreeMap<>();
        what.put("action", context.action());
        if (context.action().startsWith("admin-")) {
            // What a call changes is told by the names of its fields, mostly; its holder is bound to the call as a whole.
            what.put("call", step.holder().hash());
        }
        context.toJson().properties().stream()
                .filter(member -> member.getKey().equals("change") || member.getKey().equals("target"))
                .forEach(member -> what.put(member.getKey(), member.getValue().toString()));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(what.toString().getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
