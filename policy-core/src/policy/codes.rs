//! The stable names of everything that can be found in a policy; docs/error-codes.md explains each.

macro_rules! codes {
    ($($name:ident = $code:literal;)*) => {
        $(pub(crate) const $name: &str = $code;)*
        /// Every code of this module, in the order of docs/error-codes.md.
        pub const ALL: &[&str] = &[$($code),*];
    };
}

codes! {
    YAML_SYNTAX = "yaml-syntax";
    YAML_FEATURE = "yaml-feature";
    DUPLICATE_KEY = "duplicate-key";
    TOO_LARGE = "too-large";
    EMPTY = "empty";
    UNKNOWN_KEY = "unknown-key";
    MISSING_KEY = "missing-key";
    MISPLACED_KEY = "misplaced-key";
    WRONG_TYPE = "wrong-type";
    UNKNOWN_VALUE = "unknown-value";
    BAD_NAME = "bad-name";
    BAD_DURATION = "bad-duration";
    OUT_OF_RANGE = "out-of-range";
    DUPLICATE_ID = "duplicate-id";
    UNKNOWN_ACTION = "unknown-action";
    UNKNOWN_CHAIN = "unknown-chain";
    UNKNOWN_STAGE = "unknown-stage";
    UNKNOWN_PATH = "unknown-path";
    BAD_ESCALATION = "bad-escalation";
    INCOMPARABLE_ACR = "incomparable-acr";
    UNGUARDED_FIELD = "unguarded-field";
    FIELD_NEVER_PRESENT = "field-never-present";
    SKIP_HIDES_ERRORS = "skip-hides-errors";
    UNBOUND_GRANT = "unbound-grant";
    UNUSED_CHAIN = "unused-chain";
    UNUSED_VARIABLE = "unused-variable";
    UNREACHABLE_RULE = "unreachable-rule";
    UNREACHABLE_STAGE = "unreachable-stage";
    ABSORBED_RULE = "absorbed-rule";
    DUPLICATE_CONDITION = "duplicate-condition";
    UNSATISFIABLE_STAGE = "unsatisfiable-stage";
    NO_PAGE = "no-page";
    LOGIN_ONLY = "login-only";
    LIMIT_POLICY_NODES = "limit-policy-nodes";
    LIMIT_POLICY_REGEX = "limit-policy-regex";
    LIMIT_POLICY_COST = "limit-policy-cost";
}
