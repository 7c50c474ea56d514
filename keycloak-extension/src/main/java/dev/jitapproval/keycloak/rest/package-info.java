/** What browsers, and applications with an access token, ask for below {@code /realms/<realm>/jit-approval}. */
package dev.jitapproval.keycloak.rest;
