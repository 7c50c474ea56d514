//! The context schema, version 1: every fact that a policy can read.
//!
//! The one place to add a field. The decoder, the CEL checker, the digest and docs/context-reference.md
//! all read this table.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::cel::{self, Layout, Scope, Size};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// CEL `bool`.
    Bool,
    /// CEL `int`; on the wire a decimal string or an exact number.
    Int,
    /// CEL `string`.
    Text,
    /// CEL `timestamp`; on the wire RFC 3339.
    Timestamp,
    /// CEL `list(string)`.
    Texts,
    /// CEL `map(string, string)`.
    TextMap,
    /// CEL `map(string, list(string))`.
    TextsMap,
    /// CEL `map(string, timestamp)`.
    TimestampMap,
}

impl Type {
    /// As CEL writes it.
    #[must_use]
    pub fn cel(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Text => "string",
            Self::Timestamp => "timestamp",
            Self::Texts => "list(string)",
            Self::TextMap => "map(string, string)",
            Self::TextsMap => "map(string, list(string))",
            Self::TimestampMap => "map(string, timestamp)",
        }
    }
}

impl Type {
    /// How much a field of this type holds at most, where nothing else is said: names as people and clients have them.
    const fn usual(self) -> Size {
        match self {
            Self::Bool | Self::Int | Self::Timestamp => Size::SCALAR,
            Self::Text => Size::text(64),
            Self::Texts | Self::TextMap | Self::TimestampMap => Size::texts(32, 64),
            Self::TextsMap => Size { entries: 32, inner: 16, bytes: 64 },
        }
    }
}

/// Where a field must be there. Everywhere else it is optional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// For every action, custom ones too.
    Always,
    /// For every action of the closed list but these.
    AllBut(&'static [&'static str]),
    /// For these actions only.
    For(&'static [&'static str]),
    /// Nowhere.
    Never,
}

impl Required {
    /// Whether a context for this action must have the field.
    #[must_use]
    pub fn holds_for(self, action: &str) -> bool {
        match self {
            Self::Always => true,
            Self::AllBut(without) => !super::action::is_custom(action) && !without.contains(&action),
            Self::For(actions) => actions.contains(&action),
            Self::Never => false,
        }
    }
}

/// For which actions of the closed list a context can have a field at all. Custom actions can have every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Possible {
    /// For every action.
    Anywhere,
    /// For these actions.
    For(&'static [&'static str]),
}

impl Possible {
    /// Whether a context for this action can have the field.
    #[must_use]
    pub fn holds_for(self, action: &str) -> bool {
        match self {
            Self::Anywhere => true,
            Self::For(actions) => super::action::is_custom(action) || actions.contains(&action),
        }
    }
}

/// Whether an approval is bound to the fact: see [`super::digest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// Says who does what; always part of the digest.
    Always,
    /// Part of the digest where an enforced rule for this action reads it.
    WhenRead,
    /// Moves by itself while a request waits.
    Never,
}

/// A fact.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As CEL reads it, e.g. `user.email`.
    pub path: &'static str,
    /// What it holds.
    pub ty: Type,
    /// Where it must be there.
    pub required: Required,
    /// Where it can be there.
    pub possible: Possible,
    /// Whether it is part of the digest.
    pub pinned: Pinned,
    /// How much it is expected to hold at most: see [`Size`].
    pub size: Size,
    /// For people.
    pub doc: &'static str,
    /// A value as it travels, in JSON.
    pub example: &'static str,
}

/// The request headers that a context may hold, in lower case. They are those that a browser sends alike at
/// every step, so that they can be pinned; `user-agent` is a field of its own.
pub const HEADERS: &[&str] = &["accept-language", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"];

use Pinned::{Always as PIN, Never as LOOSE, WhenRead as READ};
use Required::{AllBut, Always, For, Never};
use Type::{Bool, Int, Text, TextMap, Texts, TextsMap, Timestamp, TimestampMap};

/// The flows of Keycloak that have an alias at every step.
const FLOWS: Required = For(&[
    "login",
    "reauthenticate",
    "first-broker-login",
    "post-broker-login",
    "reset-credentials",
    "register",
    "direct-grant",
]);
/// Where the user is known: not yet at the beginning of these.
const USER: Required = AllBut(&["first-broker-login", "reset-credentials", "register"]);
/// Where an OAuth request with scopes is being answered.
const SCOPES: Required = For(&[
    "login",
    "reauthenticate",
    "first-broker-login",
    "post-broker-login",
    "direct-grant",
    "client-credentials",
    "token-refresh",
    "token-exchange",
    "jwt-grant",
    "device",
    "ciba",
]);
const CHANGES: Required = For(&[
    "register",
    "update-profile",
    "update-email",
    "update-password",
    "configure-otp",
    "webauthn-register",
    "delete-credential",
    "link-idp",
    "admin-grant-role",
    "admin-join-group",
    "activate-policy",
]);
/// Where somebody acts on something that is not their own account.
const TARGETS: Required = For(&[
    "admin-grant-role",
    "admin-join-group",
    "admin-impersonate",
    "admin-reset-credential",
    "admin-read-secret",
    "admin-change-realm",
    "activate-policy",
]);

/// Where a flow of Keycloak runs, or a required action of one: what has an authentication session.
const IN_A_FLOW: &[&str] = &[
    "login",
    "reauthenticate",
    "first-broker-login",
    "post-broker-login",
    "reset-credentials",
    "register",
    "update-profile",
    "update-email",
    "update-password",
    "configure-otp",
    "webauthn-register",
    "delete-credential",
    "delete-account",
    "link-idp",
    "direct-grant",
    "device",
];
/// Where there can be a session of the user: neither where a client acts for itself or by an assertion, nor before a device was asked.
const IN_A_SESSION: &[&str] = &[
    "login",
    "reauthenticate",
    "first-broker-login",
    "post-broker-login",
    "reset-credentials",
    "register",
    "update-profile",
    "update-email",
    "update-password",
    "configure-otp",
    "webauthn-register",
    "delete-credential",
    "delete-account",
    "link-idp",
    "direct-grant",
    "token-refresh",
    "token-exchange",
    "device",
    "admin-grant-role",
    "admin-join-group",
    "admin-impersonate",
    "admin-reset-credential",
    "admin-read-secret",
    "admin-change-realm",
    "activate-policy",
];
/// Where something changes. A credential has no values, so what changes is all that is told of it.
const CHANGING: &[&str] = &[
    "first-broker-login",
    "register",
    "update-profile",
    "update-email",
    "update-password",
    "configure-otp",
    "webauthn-register",
    "delete-credential",
    "link-idp",
    "admin-grant-role",
    "admin-join-group",
    "admin-reset-credential",
    "admin-change-realm",
    "activate-policy",
];
/// Where old values are known.
const REPLACING: &[&str] = &[
    "first-broker-login",
    "update-profile",
    "update-email",
    "link-idp",
    "admin-change-realm",
    "activate-policy",
];
/// Where new values are known.
const GIVING: &[&str] = &[
    "first-broker-login",
    "register",
    "update-profile",
    "update-email",
    "link-idp",
    "admin-grant-role",
    "admin-join-group",
    "admin-change-realm",
    "activate-policy",
];
/// Where something is named that is acted on.
const TARGETING: &[&str] = &[
    "first-broker-login",
    "post-broker-login",
    "delete-credential",
    "link-idp",
    "token-exchange",
    "admin-grant-role",
    "admin-join-group",
    "admin-impersonate",
    "admin-reset-credential",
    "admin-read-secret",
    "admin-change-realm",
    "activate-policy",
];

const fn field(
    path: &'static str,
    ty: Type,
    required: Required,
    pinned: Pinned,
    example: &'static str,
    doc: &'static str,
) -> Field {
    Field { path, ty, required, possible: Possible::Anywhere, pinned, size: ty.usual(), doc, example }
}

impl Field {
    /// A fact that the host has for these actions only.
    const fn only(self, actions: &'static [&'static str]) -> Self {
        Self { possible: Possible::For(actions), ..self }
    }

    /// A text of other than the usual size.
    const fn bytes(self, bytes: u32) -> Self {
        Self { size: Size { bytes, ..self.size }, ..self }
    }

    /// A list or map of other than the usual size.
    const fn entries(self, entries: u32, inner: u32) -> Self {
        Self { size: Size { entries, inner, ..self.size }, ..self }
    }
}

/// Every field, in the order of the reference.
pub const FIELDS: &[Field] = &[
    field("action", Text, Always, PIN, r#""login""#, "what is about to happen, see above"),
    field("now", Timestamp, Always, LOOSE, r#""2026-11-24T14:32:38.000Z""#, "the host's clock"),
    field("realm.name", Text, Always, PIN, r#""demo""#, "the realm's name"),
    field("flow.alias", Text, FLOWS, READ, r#""browser""#, "the top-level authentication flow").only(IN_A_FLOW),
    field("client.id", Text, AllBut(&[]), PIN, r#""prod-console""#, "the `client_id`"),
    field(
        "client.name",
        Text,
        Never,
        READ,
        r#""Production console""#,
        "the display name, where the client has one",
    ),
    field("client.public", Bool, AllBut(&[]), READ, "false", "the client has no secret"),
    field(
        "client.attributes",
        TextsMap,
        AllBut(&[]),
        READ,
        r#"{ "tier": ["1"] }"#,
        "the client's attributes",
    ).entries(64, 4),
    field("user.id", Text, USER, PIN, r#""5b2b…""#, "Keycloak's user id"),
    field("user.username", Text, USER, READ, r#""alice""#, "the user name"),
    field(
        "user.email",
        Text,
        Never,
        READ,
        r#""alice@example.org""#,
        "the e-mail address, where the user has one",
    ),
    field("user.email_verified", Bool, USER, READ, "true", "the address was verified"),
    field(
        "user.roles",
        Texts,
        USER,
        READ,
        r#"["admin"]"#,
        "effective realm roles: direct, by group, by composite",
    ).entries(200, 0),
    field(
        "user.client_roles",
        TextsMap,
        USER,
        READ,
        r#"{ "prod-console": ["operator"] }"#,
        "effective client roles, by `client_id`",
    ).entries(40, 40),
    field(
        "user.groups",
        Texts,
        USER,
        READ,
        r#"["/staff/security"]"#,
        "paths of the groups that the user is a direct member of",
    ).entries(40, 0),
    field(
        "user.attributes",
        TextsMap,
        USER,
        READ,
        r#"{ "manager": ["bob"] }"#,
        "the user's attributes; those that users may edit are no ground for trust",
    ).entries(64, 16),
    field(
        "user.created_at",
        Timestamp,
        Never,
        READ,
        r#""2024-01-31T08:00:00.000Z""#,
        "when the account was made, where that is known",
    ),
    field("user.federated", Bool, USER, READ, "false", "the account comes from a user federation, e.g. LDAP"),
    field("user.service_account", Bool, USER, READ, "false", "the user is a client's service account"),
    field(
        "request.ip",
        Text,
        AllBut(&[]),
        PIN,
        r#""203.0.113.7""#,
        "the address of the user's browser, or of the client on the back channel",
    ),
    field("request.user_agent", Text, Never, READ, r#""Mozilla/5.0 …""#, "the header `User-Agent`").bytes(255),
    field("request.scopes", Texts, SCOPES, PIN, r#"["openid", "profile"]"#, "the scopes that were asked for"),
    field("request.acr_values", Texts, Never, READ, r#"["2"]"#, "the `acr_values` that were asked for").entries(16, 0),
    field(
        "request.headers",
        TextMap,
        AllBut(&[]),
        READ,
        r#"{ "accept-language": "de-CH" }"#,
        "allowed request headers, by lower-case name; several of one name are joined with `, `",
    ).entries(4, 0).bytes(255),
    field("session.amr", Texts, Never, READ, r#"["pwd", "otp"]"#, "the methods used so far (RFC 8176)").entries(16, 0).only(IN_A_SESSION),
    field("session.acr", Text, Never, READ, r#""1""#, "the level reached so far").only(IN_A_SESSION),
    field(
        "session.started_at",
        Timestamp,
        Never,
        LOOSE,
        r#""2026-11-24T09:00:00.000Z""#,
        "when the user's session began",
    ).only(IN_A_SESSION),
    field(
        "session.sso",
        Bool,
        For(&["login", "reauthenticate"]),
        READ,
        "false",
        "the login is by an existing session, without credentials",
    ).only(IN_A_FLOW),
    field(
        "session.impersonated",
        Bool,
        Never,
        READ,
        "false",
        "an admin uses the session in the user's name; absent where there is no session yet",
    ).only(IN_A_SESSION),
    field(
        "risk.failed_logins",
        Int,
        Never,
        LOOSE,
        "3",
        "failed logins of this user that the brute-force detector counts now",
    ),
    field(
        "risk.locked",
        Bool,
        Never,
        LOOSE,
        "false",
        "the brute-force detector has locked this user, for a time or for good",
    ),
    field("risk.known_device", Bool, Never, READ, "true", "this browser has logged this user in before"),
    field("risk.known_ip", Bool, Never, READ, "true", "this address has logged this user in before"),
    field(
        "risk.known_prefix",
        Bool,
        Never,
        READ,
        "true",
        "an address of the same network (IPv4 /24, IPv6 /48) has logged this user in before",
    ),
    field("risk.new_client", Bool, Never, READ, "false", "this user has never logged in to this client"),
    field(
        "risk.user_agent_changed",
        Bool,
        Never,
        READ,
        "false",
        "another browser or system than when this device last logged this user in; absent for an unknown device",
    ),
    field(
        "risk.last_login_at",
        Timestamp,
        Never,
        LOOSE,
        r#""2026-11-23T17:05:00.000Z""#,
        "the last login of this user",
    ),
    field("risk.sessions", Int, Never, LOOSE, "2", "sessions that this user has at the moment"),
    field(
        "risk.credential_changed_at",
        Timestamp,
        Never,
        READ,
        r#""2026-10-01T09:00:00.000Z""#,
        "when the newest of the user's credentials was set",
    ),
    field(
        "risk.password_reset_at",
        Timestamp,
        Never,
        READ,
        r#""2026-11-24T14:20:00.000Z""#,
        "when the password was last set by a reset: the forgotten-password flow, or an admin",
    ),
    field(
        "risk.country",
        Text,
        Never,
        READ,
        r#""CH""#,
        "the address's country (ISO 3166-1), by the GeoIP database",
    ).bytes(2),
    field(
        "risk.asn",
        Int,
        Never,
        READ,
        "3303",
        "the address's network operator (AS number), by the GeoIP database",
    ),
    field(
        "risk.impossible_travel",
        Bool,
        Never,
        LOOSE,
        "false",
        "faster than 900 km/h from the last login's place to this one, by the GeoIP database",
    ),
    field(
        "risk.signals",
        Texts,
        Never,
        READ,
        r#"["leaked_password"]"#,
        "what other risk signals raised, sorted",
    ).entries(16, 0),
    field(
        "change.fields",
        Texts,
        CHANGES,
        PIN,
        r#"["email"]"#,
        "what changes: names of attributes, or `password`, `otp`, `passkey`, `recovery-codes`, `security-key`, `account`, `identity-provider`, `role`, `group`, `version`, `policy`, `hash`",
    ).only(CHANGING),
    field(
        "change.before",
        TextsMap,
        For(&["update-profile", "update-email", "activate-policy"]),
        PIN,
        r#"{ "email": ["a@example.org"] }"#,
        "the old values; never a secret",
    ).bytes(255).only(REPLACING),
    field(
        "change.after",
        TextsMap,
        For(&[
            "register",
            "update-profile",
            "update-email",
            "admin-grant-role",
            "admin-join-group",
            "activate-policy",
        ]),
        PIN,
        r#"{ "email": ["b@example.org"] }"#,
        "the new values; never a secret",
    ).bytes(255).only(GIVING),
    field(
        "target.type",
        Text,
        TARGETS,
        PIN,
        r#""user""#,
        "what is acted on: `user`, `group`, `role`, `client`, `flow`, `required-action`, `identity-provider`, `credential`, `organization`, `realm`, `policy`, `client-scope`, `component`, `client-registration`, `client-policy`, `workflow`, `user-profile`, `localization`, `events` or `checkpoint`",
    ).only(TARGETING),
    field("target.id", Text, TARGETS, PIN, r#""5b2b…""#, "its id, or its name where it has no other").only(TARGETING),
    field("target.name", Text, Never, PIN, r#""bob""#, "its name for people, where it has one").only(TARGETING),
    field(
        "grants",
        TimestampMap,
        Never,
        READ,
        r#"{ "prod-console": "2026-11-24T18:00:00.000Z" }"#,
        "approvals of this user that are still good, and whose bindings hold here: rule id, and until when",
    ).entries(64, 0),
];

/// The field with this path.
///
/// # Example: what a policy can know of an address
///
/// ```
/// use policy_core::context::schema::{Type, find};
///
/// let ip = find("request.ip");
/// assert_eq!(ip.map(|field| field.ty), Some(Type::Text));
/// assert!(ip.is_some_and(|field| field.required.holds_for("login")));
/// assert!(find("request.address").is_none());
/// ```
#[must_use]
pub fn find(path: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.path == path)
}

/// Whether a variable of the context has this name: `user`, `action`, ….
#[must_use]
pub fn is_root(name: &str) -> bool {
    FIELDS.iter().any(|field| root(field) == name)
}

/// The group of a field, or the field itself where it has none.
pub(crate) fn root(field: &Field) -> &'static str {
    field.path.split_once('.').map_or(field.path, |(group, _)| group)
}

/// Where each field is found by an expression, in the order of [`FIELDS`].
#[must_use]
pub fn layout() -> &'static Layout {
    static LAYOUT: LazyLock<Layout> = LazyLock::new(|| Layout::new(FIELDS.iter().map(|field| field.path)));
    &LAYOUT
}

/// The slot of a field in [`layout`].
#[must_use]
pub fn slot(path: &str) -> Option<u16> {
    FIELDS.iter().position(|field| field.path == path).and_then(|slot| u16::try_from(slot).ok())
}

/// The names and types that expressions are checked against.
#[must_use]
pub fn scope() -> Scope {
    let mut roots: BTreeMap<&str, cel::Type> = BTreeMap::new();
    let mut groups: BTreeMap<&str, Vec<(&str, cel::Type)>> = BTreeMap::new();
    for field in FIELDS {
        match field.path.split_once('.') {
            None => {
                roots.insert(field.path, field.ty.to_cel());
            }
            Some((group, name)) => groups.entry(group).or_default().push((name, field.ty.to_cel())),
        }
    }
    roots.extend(groups.into_iter().map(|(group, fields)| (group, cel::Type::object(group, fields))));
    Scope::new(roots).discriminated_by("action").sized(FIELDS.iter().map(|field| (field.path, field.size)))
}

impl Type {
    fn to_cel(self) -> cel::Type {
        match self {
            Self::Bool => cel::Type::Bool,
            Self::Int => cel::Type::Int,
            Self::Text => cel::Type::String,
            Self::Timestamp => cel::Type::Timestamp,
            Self::Texts => cel::Type::list(cel::Type::String),
            Self::TextMap => cel::Type::map(cel::Type::String, cel::Type::String),
            Self::TextsMap => cel::Type::map(cel::Type::String, cel::Type::list(cel::Type::String)),
            Self::TimestampMap => cel::Type::map(cel::Type::String, cel::Type::Timestamp),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::cel::Expression;
    use crate::cel::limits::check_policy;

    #[test]
    fn every_field_can_be_read_by_a_policy() {
        for field in FIELDS {
            let source = match field.path.split_once('.') {
                Some(_) => format!("has({0}) && {0} == {0}", field.path),
                None => format!("{0} == {0}", field.path),
            };
            let expression = Expression::parse(&source).unwrap();
            assert_eq!(expression.check(&scope()), [], "{source}");
            assert_eq!(check_policy(&BTreeMap::new(), &[&expression], &scope()).problems, [], "{source}");
        }
    }

    #[test]
    fn what_must_be_there_can_be_there() {
        use crate::context::action::ACTIONS;
        for field in FIELDS {
            for action in ACTIONS.iter().map(|action| action.name).chain(["x-own"]) {
                let required = field.required.holds_for(action);
                assert!(!required || field.possible.holds_for(action), "{} for {action}", field.path);
            }
            if let Possible::For(actions) = field.possible {
                assert!(actions.iter().all(|action| ACTIONS.iter().any(|known| known.name == *action)));
            }
        }
    }

    #[test]
    fn examples_are_json_of_their_type() {
        for field in FIELDS {
            let value: serde_json::Value = serde_json::from_str(field.example).unwrap();
            let fits = match field.ty {
                Type::Bool => value.is_boolean(),
                Type::Int => value.is_i64(),
                Type::Text | Type::Timestamp => value.is_string(),
                Type::Texts => value.is_array(),
                Type::TextMap | Type::TextsMap | Type::TimestampMap => value.is_object(),
            };
            assert!(fits, "{}", field.path);
        }
    }
}
