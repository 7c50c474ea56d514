/** What becomes of requests and caches when users, clients and realms are removed. */
package dev.jitapproval.keycloak.lifecycle;
