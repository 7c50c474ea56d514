//! docs/context-reference.md, written from the schema.

use std::fmt::Write as _;

use super::action::ACTIONS;
use super::schema::{FIELDS, Field, HEADERS, Pinned, Possible, Required};

/// The reference page, in Markdown. A test keeps docs/context-reference.md equal to it.
#[must_use]
pub fn reference_markdown() -> String {
    let mut page = String::new();
    page.push_str(HEAD);
    page.push_str("\n## Actions\n\n| `action` | when |\n|-|-|\n");
    for action in ACTIONS {
        row(&mut page, &[&format!("`{}`", action.name), action.doc]);
    }
    row(
        &mut page,
        &[
            "`x-…`",
            "an action of your own: `x-`, then lower-case letters, digits and `-`, at most 64 characters",
        ],
    );
    page.push_str(FIELDS_HEAD);
    for field in FIELDS {
        let path = format!("`{}`", field.path);
        let ty = format!("`{}`", field.ty.cel());
        let example = format!("`{}`", field.example);
        row(
            &mut page,
            &[
                &path,
                &ty,
                field.doc,
                &example,
                &requirement(field.required),
                pin(field),
                &field.size.to_string(),
            ],
        );
    }
    matrix(&mut page);
    only(&mut page);
    page.push_str("\n## Request headers\n\n`request.headers` may hold these, by lower-case name; anything else is refused:\n\n");
    for header in HEADERS {
        let _ = writeln!(page, "- `{header}`");
    }
    page.push_str(TAIL);
    page
}

const HEAD: &str = r#"# Context reference

<!-- Generated from policy-core/src/context/schema.rs by `JIT_BLESS=1 cargo test -p policy-core`. Don't edit. -->

Every fact that a policy can read, schema version 1. On the wire the context is a JSON object; `user.email` is the
field `email` of the object `user`. Instants are RFC 3339 strings; integers are decimal strings (an exact
number is accepted). A field that is not there is left out: `null` is an error, and so are unknown fields.
"#;

const FIELDS_HEAD: &str = r#"
## Fields

A **required** field is always there for the actions named; the engine refuses a context without it. Every other field is optional:
a policy that reads one without a guard is refused. Guard it with `has(user.email)`, or read it with
`user.?email.orValue("")`. For custom actions (`x-…`) only `action`, `now` and `realm.name` are required.

**Pinned** fields are in the digest that an approval is bound to: *always*, *when read* by an enforced rule for the action, or *never*. A
pinned fact that changes while a request waits makes the approval worthless, as it was given for other facts.

The **size** is how much a field is expected to hold at most: entries of a list or map (× entries of each list in it), and bytes of each text, keys of
maps included. What a policy can cost is [estimated](policy-reference.md) with it when the policy is loaded; nobody can set it. It is no bound on contexts: for a user of a thousand roles
the same policy decides, as long as that takes no more than the budget of a decision. The bounds are [below](#limits).

| field | CEL type | meaning | example | required | pinned | size |
|-|-|-|-|-|-|-|
"#;

const TAIL: &str = r#"
The list is short on purpose: these headers are the same at every step of one browser, so that an approval can be bound to them.
`user-agent` is a field of its own, cookies and credentials never enter a context, and `x-forwarded-for` is already in `request.ip`.

## Why some fields are never pinned

- `now` moves by itself; a rule about office hours is decided when the request is made.
- `session.started_at`, `risk.last_login_at` and `risk.sessions` change when the same user logs in elsewhere, which says nothing about this
  request; `risk.impossible_travel` follows from the last login, and the clock.
- `risk.failed_logins` and `risk.locked` could be raised by anybody who knows the user's name: pinning them would let them cancel other people's approvals.

The digest is `sha256:` and the SHA-256 of the canonical JSON (RFC 8785) of an object that maps the path of each pinned fact that is there to its
value as it travels.

## Limits

A text has at most 16 KiB, a list or map at most 20,000 entries, and what a host sends for one decision at most 1 MiB. What is above is refused as no context, and
the checkpoint denies the step.
"#;

fn row(page: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn requirement(required: Required) -> String {
    match required {
        Required::Always => "always".to_owned(),
        Required::Never => "no".to_owned(),
        Required::AllBut([]) => "all but `x-…`".to_owned(),
        Required::AllBut(without) => format!("all but {}, `x-…`", codes(without)),
        Required::For(_) => "see below".to_owned(),
    }
}

fn codes(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn pin(field: &Field) -> &'static str {
    match field.pinned {
        Pinned::Always => "always",
        Pinned::WhenRead => "when read",
        Pinned::Never => "never",
    }
}

/// One row per action, one column per field that some action requires and others don't.
fn matrix(page: &mut String) {
    let columns: Vec<&Field> = FIELDS
        .iter()
        .filter(|field| matches!(field.required, Required::For(_) | Required::AllBut([_, ..])))
        .collect();
    let mut groups: Vec<(Required, Vec<&str>)> = Vec::new();
    for field in columns {
        match groups.iter_mut().find(|(required, _)| *required == field.required) {
            Some((_, paths)) => paths.push(field.path),
            None => groups.push((field.required, vec![field.path])),
        }
    }
    page.push_str(
        "\n## Required, by action\n\n`action`, `now`, `realm.name`, and for every action but `x-…` also ",
    );
    let base: Vec<&str> = FIELDS
        .iter()
        .filter(|field| field.required == Required::AllBut(&[]))
        .map(|field| field.path)
        .collect();
    let _ = writeln!(page, "{}. Beyond that (● required):\n", codes(&base));
    for (number, (_, paths)) in groups.iter().enumerate() {
        let _ = writeln!(page, "- **{}**: {}", letter(number), codes(paths));
    }
    let letters: Vec<String> = (0..groups.len()).map(letter).collect();
    let _ = writeln!(page, "\n| action | {} |\n|-|{}", letters.join(" | "), "-|".repeat(groups.len()));
    for action in ACTIONS.iter().map(|action| action.name).chain(["x-…"]) {
        let marks: Vec<&str> = groups
            .iter()
            .map(|(required, _)| if action != "x-…" && required.holds_for(action) { "●" } else { "" })
            .collect();
        let _ = writeln!(page, "| `{action}` | {} |", marks.join(" | "));
    }
}

/// The fields that no other action has, by the actions that can have them.
fn only(page: &mut String) {
    page.push_str("\n## Fields that only some actions can have\n\n");
    page.push_str("A rule on none of these actions (or `x-…`) that reads the field is refused: it would never be there.\n\n");
    page.push_str("| fields | actions that can have them |\n|-|-|\n");
    let mut groups: Vec<(&[&str], Vec<&str>)> = Vec::new();
    for field in FIELDS {
        let Possible::For(actions) = field.possible else { continue };
        match groups.iter_mut().find(|(known, _)| *known == actions) {
            Some((_, paths)) => paths.push(field.path),
            None => groups.push((actions, vec![field.path])),
        }
    }
    for (actions, paths) in groups {
        row(page, &[&codes(&paths), &codes(actions)]);
    }
}

fn letter(number: usize) -> String {
    let offset = u8::try_from(number).unwrap_or_default();
    char::from(b'A'.saturating_add(offset)).to_string()
}
