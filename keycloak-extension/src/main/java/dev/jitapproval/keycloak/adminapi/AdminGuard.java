package dev.jitapproval.keycloak.adminapi;

import dev.jitapproval.keycloak.JitApprovalProvider;
import dev.jitapproval.keycloak.adminapi.AdminDoor.Deed;
import dev.jitapproval.keycloak.api.Problem;
import dev.jitapproval.keycloak.policy.Policies;
import dev.jitapproval.keycloak.policy.Policy;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.cors.Cors;

/**
 * Stands before Keycloak's admin API. Only a call that does something on which the realm's policy has a rule is looked at; who may not do it
 * anyway is left to Keycloak, which refuses them in its own words.
 */
@Provider
public final class AdminGuard implements ContainerRequestFilter {

    private static final Logger LOG = Logger.getLogger(AdminGuard.class);

    /** Bytes; what Keycloak's own HTTP server takes at most, if nobody has set it otherwise. */
    private static final int LARGEST = 10 * 1024 * 1024;

    /** A proxy of the session of the request at hand. */
    @Inject
    KeycloakSession session;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        for (AdminPath path : AdminPath.readings(request.getUriInfo())) {
            List<AdminAct> acts = AdminActs.of(request.getMethod(), path);
            Optional<Problem> problem = acts.isEmpty() ? Optional.empty() : judge(request, path, acts);
            if (problem.isPresent()) {
                request.abortWith(problem.get().answer());
                return;
            }
        }
    }

    private Optional<Problem> judge(ContainerRequestContext request, AdminPath path, List<AdminAct> acts) throws IOException {
        try {
            if (!session.getTransactionManager().isActive()) {
                session.getTransactionManager().begin();
            }
            RealmModel realm = session.realms().getRealmByName(path.realm() == null ? Config.getAdminRealm() : path.realm());
            List<AdminAct> ruled = realm == null ? List.of() : ruled(realm, acts);
            return ruled.isEmpty() ? Optional.empty() : judge(request, path, realm, ruled);
        } catch (Problem problem) {
            return Optional.of(problem);
        } catch (RuntimeException e) {
            LOG.errorf(e, "The checkpoint refuses a call of the admin API: it could not decide it");
            return Optional.of(AdminAnswer.unavailable());
        }
    }

    /** All of them where nobody knows what is ruled: the gate refuses those, except for whom the start-up option names. */
    private List<AdminAct> ruled(RealmModel realm, List<AdminAct> acts) {
        Policies policies = JitApprovalProvider.of(session).policies();
        if (policies.isUnknown(realm)) {
            return acts;
        }
        Optional<Policy> policy = policies.active(realm);
        return acts.stream().filter(act -> policy.isPresent() && policy.get().actions().contains(act.action())).toList();
    }

    private Optional<Problem> judge(ContainerRequestContext request, AdminPath path, RealmModel realm, List<AdminAct> acts)
            throws IOException {
        Optional<Administrator> admin = Administrator.of(session).filter(known -> known.mayAdminister(realm));
        if (admin.isEmpty()) {
            return Optional.empty();
        }
        session.getContext().setRealm(realm);
        URI address = request.getUriInfo().getRequestUri();
        AdminCall call = new AdminCall(
                request.getMethod(), address.getRawPath() + "?" + address.getRawQuery(), path, request.getMediaType(), bodyOf(request));
        List<Deed> deeds = new ActFacts(session, realm, call).deeds(acts);
        Optional<Problem> problem = deeds.isEmpty() ? Optional.empty() : new AdminDoor(session, realm, admin.get()).judge(deeds);
        if (problem.isEmpty() && !deeds.isEmpty()) {
            GrantWatch.judged(session);
        }
        if (problem.isPresent()) {
            Cors.builder().checkAllowedOrigins(admin.get().token()).allowedMethods("GET", "PUT", "POST", "DELETE").auth().add();
        }
        return problem;
    }

    /**
     * Read here and given back, so that what was judged is what Keycloak reads.
     *
     * @throws Problem where it is more than a server has to hold in memory for one administrator
     */
    private static byte[] bodyOf(ContainerRequestContext request) throws IOException {
        InputStream sent = request.getEntityStream();
        byte[] body = sent == null ? new byte[0] : sent.readNBytes(LARGEST + 1);
        if (body.length > LARGEST) {
            throw AdminAnswer.tooLarge(LARGEST);
        }
        request.setEntityStream(new ByteArrayInputStream(body));
        return body;
    }
}
