//! YAML as policies have it: version 1.2, where `no` is a text.

use serde::de::DeserializeOwned;

/// Reads a document; `name` is what messages call it.
///
/// # Errors
/// Why it is none, with its place, for people.
pub(crate) fn read<T: DeserializeOwned>(text: &str, name: &str) -> Result<T, String> {
    // By YAML 1.1, which is the default, Norway (`NO`) is false.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let error = error.to_string().replace(", set DuplicateKeyPolicy in Options if acceptable", "");
        format!("{name}: {}", error.trim_start_matches("error: ").replace("<input>", name))
    })
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::{Value, json};

    #[test]
    fn norway_is_a_country() {
        let read = |text| read::<Value>(text, "it").unwrap();
        assert_eq!(
            read("[NO, no, yes, on, y, true, False, ~, 1, 1.5]"),
            json!(["NO", "no", "yes", "on", "y", true, false, null, 1, 1.5])
        );
        assert_eq!(read("2026-01-05T12:00:00Z"), json!("2026-01-05T12:00:00Z"));
    }

    #[test]
    fn what_is_none_says_where() {
        let why = read::<Value>("a: [1", "p.yaml").unwrap_err();
        assert!(why.starts_with("p.yaml: line 1 column 4: ") && why.contains("--> p.yaml:1:4"), "{why}");
        assert!(read::<Value>("{a: 1, a: 2}", "p.yaml").unwrap_err().contains("duplicate"));
    }
}
