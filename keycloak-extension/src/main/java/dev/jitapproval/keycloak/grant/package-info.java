/**
 * Approvals that stay good for a while: what a session remembers of the approval that it rests on, who may pass by a grant, and how those
 * sessions end when it is taken back.
 */
package dev.jitapproval.keycloak.grant;
