/**
 * Signs of risk about whoever takes a step: what policies read as {@code risk.*}. Signals compute from an {@link
 * dev.jitapproval.keycloak.risk.Attempt}, which holds what Keycloak and the memory of earlier logins know; they decide nothing. One that fails,
 * or is late, leaves its fields out.
 */
package dev.jitapproval.keycloak.risk;
