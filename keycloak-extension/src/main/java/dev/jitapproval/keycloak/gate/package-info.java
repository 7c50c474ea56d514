/**
 * The one Gate: from the facts about a step to what happens to it. It shows nothing and knows no page; the doors in {@code flow} turn its
 * {@link dev.jitapproval.keycloak.gate.Verdict} into what a person or a client sees.
 */
package dev.jitapproval.keycloak.gate;
