/** Who may decide: looked up live in the realm, at the moment it matters, and never remembered. */
package dev.jitapproval.keycloak.eligibility;
