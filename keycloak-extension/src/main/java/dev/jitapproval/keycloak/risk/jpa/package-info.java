/** The memory of logins as rows. */
package dev.jitapproval.keycloak.risk.jpa;
