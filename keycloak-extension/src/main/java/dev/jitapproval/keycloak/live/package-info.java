/** Wakes waiting pages when something happens to their request, on whichever node. Only a hurry-up: the page's poll is the truth. */
package dev.jitapproval.keycloak.live;
