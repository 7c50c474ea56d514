package dev.jitapproval.keycloak.token;

import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;

/**
 * Who asks for a token.
 *
 * @param client that asks, authenticated
 * @param user whose token it would be
 * @param session that there was before the request, or null
 */
record Asker(RealmModel realm, Grant grant, ClientModel client, UserModel user, UserSessionModel session) {}
