/** What the checkpoint decided, on which facts: kept, exported, and forgotten again. */
package dev.jitapproval.keycloak.decisionlog;
