/**
 * Sensitive changes that people make to their own accounts: Keycloak's required actions, each behind the checkpoint, and the same changes
 * through the Account REST API. What is done is always done by Keycloak's own code; here stands only what comes before it.
 */
package dev.jitapproval.keycloak.change;
