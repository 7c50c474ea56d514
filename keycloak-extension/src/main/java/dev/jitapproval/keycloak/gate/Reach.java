package dev.jitapproval.keycloak.gate;

/** How whoever asks for a step can be answered now. */
public enum Reach {
    /** A person with a browser: they can be shown a page, and wait on it. */
    PAGE,
    /** A program: the answer is an error of its protocol, which can name a request, and the program can try again later. */
    PROTOCOL,
    /** Somebody who must not be asked anything, as with {@code prompt=none}: no request is opened for them. */
    NOBODY
}
