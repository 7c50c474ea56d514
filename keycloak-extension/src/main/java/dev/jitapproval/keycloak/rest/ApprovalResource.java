package dev.jitapproval.keycloak.rest;

import dev.jitapproval.keycloak.review.ReviewRedirects;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;

/** The root of the browser's resources; each concern has a class of its own. */
public final class ApprovalResource implements RealmResourceProvider {

    private final KeycloakSession session;

    ApprovalResource(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public Object getResource() {
        return this;
    }

    /** How the request of a waiting page stands. */
    @Path(StatusResource.PATH)
    public StatusResource status() {
        return new StatusResource(session);
    }

    /** The link of a mail to a request's review. */
    @GET
    @Path("review/{id}")
    public Response review(@PathParam("id") String requestId) {
        return new ReviewRedirects(session).review(requestId);
    }

    /** The link to what a person may decide. */
    @GET
    @Path("inbox")
    public Response inbox() {
        return new ReviewRedirects(session).inbox();
    }

    /** Where an approver's sign-in that failed comes back to. */
    @GET
    @Path("ended")
    public Response ended() {
        return new ReviewRedirects(session).ended();
    }

    /** What concerns the owner of an access token. */
    @Path("me")
    public MeResource me() {
        return new MeResource(session, PersonAccess.of(session));
    }

    /** Requests, for their requesters and approvers by access token. */
    @Path(PersonRequestsResource.PATH)
    public PersonRequestsResource requests() {
        return new PersonRequestsResource(session, PersonAccess.of(session));
    }

    /** Grants, for those who have and who gave them, by access token. */
    @Path("grants")
    public PersonGrantsResource grants() {
        return new PersonGrantsResource(session, PersonAccess.of(session));
    }

    @Override
    public void close() {}
}
