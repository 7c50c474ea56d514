/** The tables of policies: versions and activations, both only ever appended to. */
package dev.jitapproval.keycloak.policy.jpa;
