package dev.jitapproval.keycloak.engine;

/** Contexts for tests, complete as the schema demands. */
final class Contexts {

    private Contexts() {}

    /** Alice signs in to the production console from an address. */
    static String login(String ip) {
        return "{\"action\":\"login\",\"now\":\"2026-11-24T14:32:38.000Z\",\"realm\":{\"name\":\"demo\"},"
                + "\"flow\":{\"alias\":\"browser\"},"
                + "\"client\":{\"id\":\"prod-console\",\"name\":\"Production console\",\"public\":false,\"attributes\":{}},"
                + "\"user\":{\"id\":\"1\",\"username\":\"alice\",\"email\":\"alice@example.org\",\"email_verified\":true,"
                + "\"roles\":[\"staff\"],\"client_roles\":{},\"groups\":[\"/staff\"],"
                + "\"attributes\":{\"manager\":[\"bob\"],\"deputies\":[\"carol\"]},\"federated\":false,"
                + "\"service_account\":false},"
                + "\"request\":{\"ip\":\"" + ip + "\",\"user_agent\":\"Mozilla/5.0\",\"scopes\":[\"openid\"],\"headers\":{}},"
                + "\"session\":{\"sso\":false}}";
    }
}
