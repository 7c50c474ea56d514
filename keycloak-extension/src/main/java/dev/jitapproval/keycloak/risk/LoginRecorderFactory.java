package dev.jitapproval.keycloak.risk;

import dev.jitapproval.keycloak.PlainFactory;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;

/** Has {@link LoginRecorder} listen in every realm, without a setting that somebody could forget or take away. */
public final class LoginRecorderFactory implements EventListenerProviderFactory, PlainFactory<EventListenerProvider> {

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        GeoSignal geo = (GeoSignal) session.getKeycloakSessionFactory().getProviderFactory(RiskSignal.class, GeoSignal.ID);
        return new LoginRecorder(session, geo);
    }

    @Override
    public boolean isGlobal() {
        return true;
    }

    @Override
    public String getId() {
        return "jit-login-recorder";
    }
}
