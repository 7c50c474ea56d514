/**
 * Where approvers decide: two application-initiated actions of the client {@code jit-approval}, and the links that lead to
 * them. They end without a code and without a session, so that approving is no way in.
 */
package dev.jitapproval.keycloak.review;
