/** What operators see: Keycloak events with the detail {@code jit_event}, admin events, and metrics. */
package dev.jitapproval.keycloak.observe;
