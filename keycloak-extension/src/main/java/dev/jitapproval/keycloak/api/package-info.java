/**
 * What the admin API and the people's API have in common: problems, access, paging, entity tags, idempotency, strict JSON. Each
 * resource class answers for one concern and is mounted by {@code admin/JitAdminResource} or {@code rest/ApprovalResource}.
 */
package dev.jitapproval.keycloak.api;
