//! google/cel-spec's conformance cases through the type checker: what evaluates well is never refused.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test reads files, tells what it skipped, and panics where a case is not as it must be"
)]

use std::path::PathBuf;

use policy_core::cel::{Expression, Type, check_types};
use serde_json::Value;

/// The type of a value in the format of the cases.
fn type_of(value: &Value) -> Type {
    let items = || value[1].as_array().into_iter().flatten();
    match value[0].as_str().expect("a kind") {
        "null" => Type::Null,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "timestamp" => Type::Timestamp,
        "duration" => Type::Duration,
        "type" => Type::type_of(Type::Dyn),
        "list" => Type::list(items().fold(Type::Never, |item, it| item.join(&type_of(it)))),
        "map" => items().fold(Type::map(Type::Never, Type::Never), |map, entry| {
            map.join(&Type::map(type_of(&entry[0]), type_of(&entry[1])))
        }),
        other => panic!("no such kind: {other}"),
    }
}

#[test]
fn what_evaluates_is_well_typed() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/conformance/cel-spec.jsonl");
    let Ok(cases) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there are no conformance cases beside the repository");
        return;
    };
    let (mut checked, mut refused) = (0, Vec::new());
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).expect("a case a line");
        let source = case["expr"].as_str().expect("an expression");
        let unchecked = case["disable_check"] == true || case["matcher"] == "eval_error";
        let Some(expression) = Expression::parse(source).ok().filter(|_| !unchecked) else { continue };
        let bindings: Vec<(&str, Type)> = case["bindings"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), type_of(value)))
            .collect();
        checked += 1;
        match check_types(&expression, &bindings) {
            Ok(kind) => {
                let wanted = case.get("want").filter(|it| !it.is_null()).map(type_of);
                if let Some(wanted) =
                    wanted.filter(|wanted| kind.join(wanted) == Type::Dyn && kind != Type::Dyn)
                {
                    refused.push(format!("{source}: inferred {kind}, came out as {wanted}"));
                }
            }
            Err(problems) => refused.push(format!("{source}: {}", problems[0].message)),
        }
    }
    assert!(checked > 800, "{checked} cases");
    assert!(refused.is_empty(), "{} of {checked}:\n{}", refused.len(), refused.join("\n"));
}
