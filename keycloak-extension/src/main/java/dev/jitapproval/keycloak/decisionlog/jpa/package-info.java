/** The decision log's table. */
package dev.jitapproval.keycloak.decisionlog.jpa;
