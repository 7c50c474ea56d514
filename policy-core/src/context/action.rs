//! What a user, or a client, is about to do.

/// One of the actions that Keycloak's own flows take.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// As it stands in `on` and in `action`.
    pub name: &'static str,
    /// For people.
    pub doc: &'static str,
}

const fn action(name: &'static str, doc: &'static str) -> Action {
    Action { name, doc }
}

/// The closed list; every other action begins with `x-`.
pub const ACTIONS: &[Action] = &[
    action("login", "a browser login, with credentials or by an existing session"),
    action(
        "reauthenticate",
        "a login that an application asked for again (`prompt=login`, `max_age`, a higher `acr`)",
    ),
    action("first-broker-login", "the first login through an identity provider"),
    action("post-broker-login", "what follows a login through an identity provider"),
    action("reset-credentials", "the forgotten-password flow"),
    action("register", "self-registration"),
    action("update-profile", "a user changes their profile"),
    action("update-email", "a user changes their e-mail address"),
    action("update-password", "a user changes their password"),
    action("configure-otp", "a user sets up a one-time password device"),
    action("webauthn-register", "a user registers a passkey or security key"),
    action("delete-credential", "a user removes a credential"),
    action("delete-account", "a user deletes their account"),
    action("link-idp", "a user links an account of an identity provider"),
    action("direct-grant", "a token by user name and password (resource owner password grant)"),
    action("client-credentials", "a token for a client's service account"),
    action("token-refresh", "a refresh token is exchanged for new tokens"),
    action("token-exchange", "a token is exchanged for another one (RFC 8693)"),
    action("jwt-grant", "a token for an assertion (RFC 7523)"),
    action("device", "the device grant (RFC 8628)"),
    action("ciba", "client-initiated backchannel authentication"),
    action("admin-grant-role", "an admin gives a role to a user, a group or another role"),
    action("admin-join-group", "an admin makes a user a member of a group or an organization"),
    action("admin-impersonate", "an admin signs in as somebody else"),
    action("admin-reset-credential", "an admin sets, resets or removes a credential of a user"),
    action("admin-read-secret", "an admin reads or renews a client's secret"),
    action(
        "admin-change-realm",
        "an admin changes settings of a realm: flows, required actions, clients, identity providers, components, this checkpoint; docs/doors.md lists them",
    ),
    action("activate-policy", "a version of the policy is activated, or rolled back to"),
];

/// The names of [`ACTIONS`].
pub fn names() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|action| action.name)
}

/// Whether a custom action has a good name: `x-`, then lower-case letters, digits and `-`, at most 64 characters.
#[must_use]
pub fn is_custom(name: &str) -> bool {
    name.len() <= 64
        && name.strip_prefix("x-").is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_alphanumeric())
                && rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
}

/// Whether a policy may name this action.
///
/// # Example: one of Keycloak's, one of one's own, and a mistake
///
/// ```
/// use policy_core::context::action::is_known;
///
/// assert!(is_known("login"));
/// assert!(is_known("x-payout"));
/// assert!(!is_known("payout"));
/// ```
#[must_use]
pub fn is_known(name: &str) -> bool {
    names().any(|known| known == name) || is_custom(name)
}
