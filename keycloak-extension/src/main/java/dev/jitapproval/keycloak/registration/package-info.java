/** What becomes of an account whose registration is held: it stays disabled until approvers have agreed, whoever is at the page then. */
package dev.jitapproval.keycloak.registration;
