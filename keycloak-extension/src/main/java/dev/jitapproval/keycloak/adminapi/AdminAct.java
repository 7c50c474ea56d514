package dev.jitapproval.keycloak.adminapi;

/**
 * Something that a call of the admin API does.
 *
 * @param action an action of the context schema
 * @param type what kind of thing it is done to: {@code target.type}
 * @param id which, as the path names it; empty where the body does
 * @param when what the body must hold for the call to do it
 */
record AdminAct(String action, String type, String id, When when) {

    static final String GRANT_ROLE = "admin-grant-role";
    static final String JOIN_GROUP = "admin-join-group";
    static final String IMPERSONATE = "admin-impersonate";
    static final String RESET_CREDENTIAL = "admin-reset-credential";
    static final String READ_SECRET = "admin-read-secret";
    static final String CHANGE_REALM = "admin-change-realm";

    /** What in the body makes a call do something. */
    enum When {
        /** It does it in any case. */
        ALWAYS,
        /** A user with credentials or a link to an identity provider. */
        CREDENTIALS,
        /** The same; or the e-mail, to which a forgotten password is sent, or the name, by which an approver is found, is another one afterwards. */
        CREDENTIALS_OR_IDENTITY,
        /** A user who is in groups from the start. */
        GROUPS,
        /** A role that contains others. */
        COMPOSITES,
        /** A role that contains others, or takes the name by which approvers and admins are found. */
        COMPOSITES_OR_NAME,
        /** A group that takes the path by which approvers are found. */
        RENAMED,
        /** A group that is there already and is moved. */
        MOVED
    }

    static AdminAct of(String action, String type, String id) {
        return new AdminAct(action, type, id, When.ALWAYS);
    }
}
