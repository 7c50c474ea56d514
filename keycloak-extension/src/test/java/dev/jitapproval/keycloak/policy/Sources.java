package dev.jitapproval.keycloak.policy;

/** Policies for tests. */
final class Sources {

    static final String BROKEN = "apiVersion: jit-approval.dev/v1\nname: broken\nrules:\n  - id: r\n    on: [login]\n"
            + "    when: user.role == 1\n    effect: deny\n";

    private Sources() {}

    static String named(String name) {
        return "apiVersion: jit-approval.dev/v1\nname: " + name
                + "\nrules:\n  - id: r\n    on: [login]\n    when: client.id == \"x\"\n    effect: deny\n";
    }
}
