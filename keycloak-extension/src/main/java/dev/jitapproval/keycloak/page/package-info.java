/** What the requester reads: the models of the pages in {@code theme-resources}, and the same facts as JSON for the waiting page. */
package dev.jitapproval.keycloak.page;
