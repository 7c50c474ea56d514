package dev.jitapproval.keycloak.api;

import dev.jitapproval.keycloak.approval.Grant;
import dev.jitapproval.keycloak.approval.GrantQuery;
import dev.jitapproval.keycloak.engine.GrantTerms.Binding;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Grants as the APIs answer them. */
public final class GrantViews {

    private GrantViews() {}

    /**
     * A grant.
     *
     * @param id the approval request's
     * @param action what the approval was first used on
     * @param boundTo what must be as it was then
     * @param scopes that were approved
     * @param from when the last stage approved
     * @param until when it ends by itself
     * @param revokedAt when it was taken back, or null
     * @param live whether it is good now
     */
    public record Item(
            String id, RequestViews.Person user, RequestViews.Application client, String action, RequestViews.PolicyRef policy,
            List<String> boundTo, List<String> scopes, Instant from, Instant until, Instant revokedAt, boolean live) {}

    /** What a list of grants is sorted by. */
    public static List<Object> key(Grant grant) {
        return List.of(grant.from().toEpochMilli(), grant.id());
    }

    /** Where a page of grants begins, or null for the first one. */
    public static GrantQuery.Position position(Paging paging) {
        return paging.after()
                .map(key -> new GrantQuery.Position(Instant.ofEpochMilli(paging.number(0)), key.get(1)))
                .orElse(null);
    }

    /** @param now the instant at which it is good or not */
    public static Item of(Grant grant, Instant now) {
        RequestViews.Item request = RequestViews.item(grant.request());
        return new Item(
                grant.id(), request.requester(), request.client(), request.action(), request.policy(),
                grant.terms().boundTo().stream().map(GrantViews::word).toList(),
                grant.usedOn().scopes(), grant.from(), grant.until(), grant.revokedAt(), grant.isLive(now));
    }

    private static String word(Binding binding) {
        return binding.name().toLowerCase(Locale.ROOT);
    }
}
