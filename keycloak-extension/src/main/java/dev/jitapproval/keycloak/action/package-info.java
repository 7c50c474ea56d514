/** The checkpoint as a required action: a door for every login of a realm, without a change to its flows. */
package dev.jitapproval.keycloak.action;
