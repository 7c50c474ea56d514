/**
 * The checkpoint at the token endpoint: grants that nobody with a browser stands behind. What is asked, held and spent is the
 * {@link dev.jitapproval.keycloak.gate.Gate}'s, as at every other door; here it is answered in OAuth's words.
 */
package dev.jitapproval.keycloak.token;
