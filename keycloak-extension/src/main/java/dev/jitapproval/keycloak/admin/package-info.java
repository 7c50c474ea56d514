/** What realm administrators call: make a realm ready, and see whether it is. */
package dev.jitapproval.keycloak.admin;
