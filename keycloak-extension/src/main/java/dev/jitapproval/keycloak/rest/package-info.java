/** What browsers ask for below {@code /realms/<realm>/jit-approval}. */
package dev.jitapproval.keycloak.rest;
