/** Tells people by mail that they are asked, and what came of it. A mail links to a review; it never decides anything. */
package dev.jitapproval.keycloak.notify;
