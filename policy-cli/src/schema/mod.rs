//! `jit-policy schema`: what a policy's file may have, for editors, and what conditions may read, for people.

use crate::args::SchemaOf;
use policy_core::context::{action, reference_markdown};
use serde_json::Value as Json;
use std::io::{self, Write};

/// All but the actions, which are known elsewhere.
const POLICY: &str = include_str!("policy.schema.json");

/// Of a file of tests.
const TESTS: &str = include_str!("tests.schema.json");

/// Writes a schema.
///
/// # Errors
/// Where the output takes no more.
pub(crate) fn write(of: SchemaOf, out: &mut impl Write) -> io::Result<()> {
    match of {
        SchemaOf::Policy => {
            serde_json::to_writer_pretty(&mut *out, &policy()?)?;
            writeln!(out)
        }
        SchemaOf::Tests => out.write_all(TESTS.as_bytes()),
        SchemaOf::Context => out.write_all(reference_markdown().as_bytes()),
    }
}

/// The JSON Schema (draft 2020-12) of a policy.
fn policy() -> io::Result<Json> {
    let mut schema: Json = serde_json::from_str(POLICY)?;
    if let Some(actions) = schema.pointer_mut("/$defs/action/anyOf/0/enum") {
        *actions = action::names().collect();
    }
    Ok(schema)
}

#[cfg(test)]
mod tests {
    use super::{TESTS, policy};
    use crate::yaml;
    use policy_core::policy::load;
    use serde_json::Value as Json;
    use std::fs;
    use std::path::{Path, PathBuf};

    fn validator() -> jsonschema::Validator {
        let schema = policy().unwrap();
        assert!(schema["$defs"]["action"]["anyOf"][0]["enum"].as_array().unwrap().len() > 20);
        jsonschema::validator_for(&schema).unwrap()
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    /// Every policy in the YAML files of a folder: the files, or what they have as `policy`.
    fn policies(folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if !name.ends_with(".yaml") || name.ends_with(".test.yaml") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let file: Json = yaml::read(&text, &name).unwrap();
            if file.get("cases").is_none() {
                found.push(text);
                continue;
            }
            let cases = file["cases"].as_array().into_iter().flatten();
            let texts = std::iter::once(&file).chain(cases).filter_map(|it| it.get("policy")?.as_str());
            found.extend(texts.map(str::to_owned));
        }
        found
    }

    #[test]
    fn what_the_engine_takes_editors_take() {
        let validator = validator();
        let mut count = 0;
        for text in ["tests/corpus/decisions", "examples/policies", "examples/demo/policies"]
            .into_iter()
            .flat_map(policies)
        {
            if load(&text, "p.yaml").is_err() {
                continue;
            }
            count += 1;
            let policy: Json = yaml::read(&text, "p.yaml").unwrap();
            let why: Vec<String> = validator
                .iter_errors(&policy)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(why.is_empty(), "{why:?}\n{text}");
        }
        assert!(count >= 100, "{count} policies");
    }

    #[test]
    fn what_editors_can_see_they_see() {
        let validator = validator();
        let shape = [
            "unknown-key",
            "missing-key",
            "misplaced-key",
            "unknown-value",
            "unknown-action",
            "bad-duration",
        ];
        let (mut seen, mut missed) = (0, Vec::new());
        for text in policies("tests/corpus/invalid") {
            let found = load(&text, "p.yaml").err().unwrap_or_default();
            let Ok(policy) = yaml::read::<Json>(&text, "p.yaml") else { continue };
            if found.first().is_some_and(|it| shape.contains(&it.code)) {
                if validator.is_valid(&policy) {
                    missed.push(text);
                } else {
                    seen += 1;
                }
            }
        }
        assert!(seen >= 20 && missed.is_empty(), "{seen} seen, missed:\n{}", missed.join("\n---\n"));
    }

    fn of_tests() -> jsonschema::Validator {
        jsonschema::validator_for(&serde_json::from_str(TESTS).unwrap()).unwrap()
    }

    #[test]
    fn tests_that_run_are_tests_for_editors() {
        let validator = of_tests();
        let mut count = 0;
        for folder in ["examples/policies", "policy-cli/tests/tested", "policy-cli/src/new"] {
            for entry in fs::read_dir(root().join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if !path.to_string_lossy().ends_with(".test.yaml") {
                    continue;
                }
                count += 1;
                let tests: Json = yaml::read(&fs::read_to_string(&path).unwrap(), "").unwrap();
                let why: Vec<String> = validator
                    .iter_errors(&tests)
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                assert!(why.is_empty(), "{}: {why:?}", path.display());
            }
        }
        assert!(count >= 14, "{count} files");
    }

    #[test]
    fn slips_in_tests_are_seen_by_editors() {
        let validator = of_tests();
        for slip in [
            "case: []",
            "cases: []",
            "cases: [{ nam: a, expect: allow }]",
            "cases: [{ name: a, expect: alow }]",
            "cases: [{ name: a, expect: { efect: allow } }]",
            "cases: [{ name: a, expect: { grant: 4 hours } }]",
            "cases: [{ name: a, given: 1, expect: allow }]",
            "cases: [{ name: a, table: { columns: [effect] } }]",
            "cases: [{ name: a, timeline: [{ at: 2m, bob: aproves }] }]",
            "cases: [{ name: a, timeline: [{ bob: approves }] }]",
            "cases: [{ name: a, timeline: [{ at: 2m, then: gone }] }]",
            "{ people: { bob: { role: [a] } }, cases: [{ name: a, expect: allow }] }",
        ] {
            let tests: Json = yaml::read(slip, "").unwrap();
            assert!(!validator.is_valid(&tests), "{slip}");
        }
    }
}
