/**
 * The door of the administrators: what they do over Keycloak's admin REST API is judged before Keycloak does it. A filter sees every call,
 * whoever sends it: the admin console, kcadm, Terraform, a script.
 */
package dev.jitapproval.keycloak.adminapi;
