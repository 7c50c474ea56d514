package dev.jitapproval.keycloak.change;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.security.cert.X509Certificate;
import org.keycloak.http.FormPartValue;
import org.keycloak.http.HttpRequest;

/** The request at hand, with the form of the one that was held. */
record HeldRequest(HttpRequest now, MultivaluedMap<String, String> form) implements HttpRequest {

    @Override
    public String getHttpMethod() {
        return HttpMethod.POST;
    }

    @Override
    public MultivaluedMap<String, String> getDecodedFormParameters() {
        return form;
    }

    @Override
    public MultivaluedMap<String, FormPartValue> getMultiPartFormParameters() {
        return new MultivaluedHashMap<>();
    }

    @Override
    public HttpHeaders getHttpHeaders() {
        return now.getHttpHeaders();
    }

    @Override
    public X509Certificate[] getClientCertificateChain() {
        return now.getClientCertificateChain();
    }

    @Override
    public UriInfo getUri() {
        return now.getUri();
    }

    @Override
    public boolean isProxyTrusted() {
        return now.isProxyTrusted();
    }
}
