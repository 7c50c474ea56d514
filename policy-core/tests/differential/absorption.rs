//! Which errors `&&`, `||`, `?:` and the macros absorb (cel-spec, "Logical Operators" and "Macros"), against a reference
//! that knows nothing but truth values.

use proptest::prelude::*;
use serde_json::json;

use crate::ours;

/// What an expression comes to: true, false, or an error.
type Truth = Option<bool>;

#[derive(Clone, Debug)]
enum Formula {
    True,
    False,
    /// An error of evaluation.
    Fails,
    /// A value that is no bool, which is an error where a bool is needed.
    Number,
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
    Choose(Box<(Formula, Formula, Formula)>),
    All(Vec<Formula>),
    Exists(Vec<Formula>),
    ExistsOne(Vec<Formula>),
}

fn formula() -> impl Strategy<Value = Formula> {
    let leaf = prop_oneof![
        3 => Just(Formula::True),
        3 => Just(Formula::False),
        2 => Just(Formula::Fails),
        1 => Just(Formula::Number),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        let several = |least| prop::collection::vec(inner.clone(), least..5);
        prop_oneof![
            inner.clone().prop_map(|it| Formula::Not(Box::new(it))),
            several(2).prop_map(Formula::And),
            several(2).prop_map(Formula::Or),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|it| Formula::Choose(Box::new(it))),
            several(0).prop_map(Formula::All),
            several(0).prop_map(Formula::Exists),
            several(0).prop_map(Formula::ExistsOne),
        ]
    })
}

impl Formula {
    fn source(&self) -> String {
        let list = |items: &[Self]| items.iter().map(Self::source).collect::<Vec<_>>();
        // An element of a list is evaluated before the macro looks at it: each becomes a branch of the macro's body instead.
        let over = |items: &[Self], function: &str| {
            let mut body = "false".to_owned();
            for (i, item) in list(items).iter().enumerate().rev() {
                body = format!("i == {i} ? {item} : {body}");
            }
            let indexes = (0..items.len()).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
            format!("[{indexes}].{function}(i, {body})")
        };
        match self {
            Self::True => "true".to_owned(),
            Self::False => "false".to_owned(),
            Self::Fails => "(1 / 0 == 1)".to_owned(),
            Self::Number => "dyn(1)".to_owned(),
            Self::Not(it) => format!("!({})", it.source()),
            Self::And(items) => format!("({})", list(items).join(" && ")),
            Self::Or(items) => format!("({})", list(items).join(" || ")),
            Self::Choose(it) => format!("(({}) ? {} : {})", it.0.source(), it.1.source(), it.2.source()),
            Self::All(items) => over(items, "all"),
            Self::Exists(items) => over(items, "exists"),
            Self::ExistsOne(items) => over(items, "exists_one"),
        }
    }

    fn truth(&self) -> Truth {
        match self {
            Self::True => Some(true),
            Self::False => Some(false),
            Self::Fails | Self::Number => None,
            Self::Not(it) => it.truth().map(|value| !value),
            Self::And(items) | Self::All(items) => decided(items, false),
            Self::Or(items) | Self::Exists(items) => decided(items, true),
            Self::Choose(it) => {
                if it.0.truth()? {
                    it.1.truth()
                } else {
                    it.2.truth()
                }
            }
            Self::ExistsOne(items) => {
                let values = items.iter().map(Self::truth).collect::<Option<Vec<_>>>()?;
                Some(values.iter().filter(|value| **value).count() == 1)
            }
        }
    }
}

/// One operand that decides is enough, whatever fails beside it.
fn decided(items: &[Formula], by: bool) -> Truth {
    let values: Vec<_> = items.iter().map(Formula::truth).collect();
    if values.contains(&Some(by)) {
        Some(by)
    } else if values.contains(&None) {
        None
    } else {
        Some(!by)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn errors_are_absorbed_as_the_spec_says(formula in formula()) {
        // A number may stand at the top, where it is a value: `|| false` makes it an operand.
        let source = format!("{} || false", formula.source());
        let got = ours(&source);
        match formula.truth() {
            Some(value) => prop_assert_eq!(got, Ok(json!(["bool", value])), "{}", source),
            None => prop_assert!(got.is_err(), "{}: {:?}", source, got),
        }
    }

    /// `map` and `filter` fail with their first error; they absorb nothing.
    #[test]
    fn map_and_filter_absorb_nothing(items in prop::collection::vec(prop::option::of(any::<bool>()), 0..6)) {
        let list: Vec<_> = items.iter().map(|item| match item { Some(true) => "1", Some(false) => "2", None => "0" }).collect();
        let list = list.join(", ");
        let fails = items.contains(&None);
        let mapped = ours(&format!("[{list}].map(x, 2 / x == 2)"));
        let filtered = ours(&format!("[{list}].filter(x, 2 / x == 2)"));
        prop_assert_eq!(mapped.is_err(), fails);
        prop_assert_eq!(filtered.is_err(), fails);
        if !fails {
            let want: Vec<_> = items.iter().map(|item| json!(["bool", *item == Some(true)])).collect();
            prop_assert_eq!(mapped, Ok(json!(["list", want])));
            let kept = items.iter().filter(|item| **item == Some(true)).map(|_| json!(["int", "1"])).collect::<Vec<_>>();
            prop_assert_eq!(filtered, Ok(json!(["list", kept])));
        }
    }
}
