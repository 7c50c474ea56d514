package dev.jitapproval.keycloak.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a call that changed something answers, in a form that can be kept and given again.
 *
 * @param status the HTTP status
 * @param json the body, or null
 * @param headers by name
 */
public record Answer(int status, String json, Map<String, String> headers) {

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** 200 with a record, map or list. */
    public static Answer ok(Object value) {
        return new Answer(Response.Status.OK.getStatusCode(), Json.write(value), Map.of());
    }

    /** 201 with what was made and where it is. */
    public static Answer created(URI location, Object value) {
        return new Answer(
                Response.Status.CREATED.getStatusCode(), Json.write(value), Map.of(HttpHeaders.LOCATION, location.toString()));
    }

    /** The same, with the strong entity tag of its body. */
    public Answer tagged() {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(HttpHeaders.ETAG, '"' + Tags.of(json).getValue() + '"');
        return new Answer(status, json, more);
    }

    /** As JAX-RS sends it. */
    public Response toResponse() {
        Response.ResponseBuilder response = Response.status(status);
        if (json != null) {
            response.entity(json).type(MediaType.APPLICATION_JSON_TYPE);
        }
        headers.forEach(response::header);
        return response.build();
    }
}
