/**
 * The door audit: which ways into a realm, and which changes in it, nothing asks the policy about. It only reads; what closes a door is
 * done by whoever runs the realm.
 */
package dev.jitapproval.keycloak.doors;
