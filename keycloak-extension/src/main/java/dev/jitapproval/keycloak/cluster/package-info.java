/** A word to the other nodes of the cluster. Whoever needs to be sure polls the database; a note only makes it quicker. */
package dev.jitapproval.keycloak.cluster;
