/**
 * Facts about the user, the client, the request, the session and the risk, as the context that policies read. Nothing here decides;
 * what cannot be known is left out, never made up.
 */
package dev.jitapproval.keycloak.context;
