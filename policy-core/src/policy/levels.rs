//! Levels (`acr`) that may meet in one decision must be comparable.

use std::collections::BTreeMap;

use super::codes;
use super::load::ReadRule;
use super::model::Then;
use super::reader::Reader;

/// Under `strictest`, the highest of several levels is asked for. Numbers have an order; names have none that the
/// engine knows, so two different ones for the same action are refused here rather than guessed about in a login.
pub(crate) fn check(reader: &mut Reader<'_>, rules: &[ReadRule]) {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for rule in rules {
        let (Then::StepUp { acr } | Then::RequireApproval { acr: Some(acr), .. }) = &rule.value.then else {
            continue;
        };
        let clash = rule.value.on.iter().find_map(|action| {
            let before = first.entry(action).or_insert(acr);
            higher(before, acr).is_none().then(|| (action.clone(), (*before).to_owned()))
        });
        if let Some((action, before)) = clash {
            reader.rule = Some(rule.value.id.clone());
            let message = format!(
                "nobody can tell which `acr` is higher, `{before}` or `{acr}`, where both are asked for in `{action}`"
            );
            let help = "use numbers (levels of authentication), or one and the same name";
            reader.error(
                codes::INCOMPARABLE_ACR,
                rule.acr.clone().unwrap_or(rule.range.clone()),
                message,
                help,
            );
        }
    }
    reader.rule = None;
}

/// The higher of two levels: numbers are compared, and equal names are equal. `None` where that cannot be told.
pub(crate) fn higher<'a>(one: &'a str, other: &'a str) -> Option<&'a str> {
    if one == other {
        return Some(one);
    }
    let (first, second) = (one.parse::<u64>().ok()?, other.parse::<u64>().ok()?);
    Some(if second > first { other } else { one })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers_and_names_not_at_all() {
        assert_eq!(higher("2", "10"), Some("10"));
        assert_eq!(higher("3", "1"), Some("3"));
        assert_eq!(higher("gold", "gold"), Some("gold"));
        assert_eq!(higher("gold", "silver"), None);
        assert_eq!(higher("gold", "2"), None);
    }
}
