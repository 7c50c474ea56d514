use proptest::prelude::*;

use super::*;

/// Runs on a stack like that of a request thread of the JVM.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(run);
    thread.expect("a thread").join().expect("no panic and no overflow");
}

/// Everything that is done with a source at load and after it.
fn through(source: &str) -> Result<(), Vec<Problem>> {
    let parsed = Expression::parse(source)?;
    drop(parsed.clone().check(&scope()));
    drop(parsed.references());
    drop(limits::check_policy(&BTreeMap::new(), &[&parsed], &scope()));
    let context = context();
    let layout = Layout::of_names(context.keys().map(String::as_str));
    let (arena, variables) = (Arena::default(), Variables::default());
    parsed.link(&layout, &variables);
    let facts = context.values().map(Some);
    drop(Evaluation::new(&arena, facts, &variables, limits::DEFAULT_BUDGET).eval_bool(&parsed));
    Ok(())
}

#[test]
fn hostile_sources_are_refused_on_a_small_stack() {
    on_a_small_stack(|| {
        let many = |unit: &str, times: usize| unit.repeat(times);
        let sources = [
            format!("1{}", many("+1", 1_000)),
            format!("1{}", many("+1", 100_000)),
            format!("{}1{}", many("(", 5_000), many(")", 5_000)),
            many("(", 5_000),
            format!("{}1{}", many("[", 5_000), many("]", 5_000)),
            many("[", 5_000),
            many("{1:", 4_000),
            format!("a{}", many(".b", 5_000)),
            format!("a{}", many("[0]", 1_300)),
            format!("a{}", many(".f(", 1_300)),
            format!("{}1", many("a?b:", 1_000)),
            format!("{}1", many("a?", 1_900)),
            many("a.map(x,", 600),
            many("has(", 1_500),
            many("cel.bind(x,1,", 300),
            format!("[{}]", many("1,", 2_100)),
            many("1 in ", 1_900),
            many("'a'+", 1_900),
            many("f(", 1_999),
        ];
        for source in sources {
            let head: String = source.chars().take(40).collect();
            let problems = through(&source).expect_err(&head);
            let code = problems[0].code;
            assert!(code.starts_with("limit-") || code == "syntax", "{code} for {head}");
        }
    });
}

#[test]
fn what_the_limits_let_pass_works_on_a_small_stack() {
    on_a_small_stack(|| {
        let depth = usize::from(limits::MAX_DEPTH);
        let nest = |open: &str, core: &str, close: &str, times: usize| {
            format!("{}{core}{}", open.repeat(times), close.repeat(times))
        };
        for source in [
            format!("1{} > 0", "+1".repeat(depth - 2)),
            nest("(", "true", ")", limits::MAX_NESTING),
            nest("[", "1", "]", limits::MAX_NESTING),
            nest("{'a': ", "1", "}", limits::MAX_NESTING),
            nest("size('' + string(", "1", "))", limits::MAX_NESTING / 2 - 1),
            nest("[1].all(x, ", "true", ")", limits::MAX_NESTING - 1),
            nest("cel.bind(x, 1, ", "true", ")", limits::MAX_NESTING - 1),
            nest("true ? true : ", "true", "", limits::MAX_NESTING - 1),
            format!("{}true", "!".repeat(3_000)),
            format!("{}1 > 0", "-".repeat(3_000)),
            format!("user{}", ".roles".repeat(depth - 2)),
            format!("true{}", " && true".repeat(900)),
        ] {
            assert_eq!(through(&source), Ok(()), "{source}");
        }
    });
}

#[test]
fn a_chain_of_variables_works_on_a_small_stack() {
    on_a_small_stack(|| {
        let mut named = vec![("v00".to_owned(), "1".to_owned())];
        for i in 1..30 {
            named.push((format!("v{i:02}"), format!("(v{:02} + 1) * 1", i - 1)));
        }
        let variables: BTreeMap<String, Expression> =
            named.into_iter().map(|(name, source)| (name, expression(&source))).collect();
        let top = expression("v29 == 30");
        let scope = scope().with_variables(variables.keys().cloned());
        assert_eq!(limits::check_policy(&variables, &[&top], &scope).problems, []);
        assert_eq!(Decision::new(variables, limits::DEFAULT_BUDGET).bool("v29 == 30"), Ok(true));
    });
}

#[test]
fn a_long_chain_of_variables_that_was_never_checked_fails_closed() {
    on_a_small_stack(|| {
        let mut named = vec![("v000".to_owned(), "1".to_owned())];
        for i in 1..900 {
            named.push((format!("v{i:03}"), format!("(v{:03} + 1) * 1", i - 1)));
        }
        let variables: BTreeMap<String, Expression> =
            named.into_iter().map(|(name, source)| (name, expression(&source))).collect();
        let decision = Decision::new(variables, limits::DEFAULT_BUDGET);
        assert_eq!(decision.bool("v899 == 900"), Err(EvalError::BudgetExhausted));
    });
}

fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "user",
        "roles",
        "request",
        "ip",
        "x",
        "true",
        "null",
        "1",
        "2u",
        "1.5",
        "'a'",
        "b'\\xff'",
        "\"(\"",
        "in",
        "&&",
        "||",
        "!",
        "-",
        "+",
        "*",
        "/",
        "%",
        "==",
        "!=",
        "<",
        ">=",
        "?",
        ":",
        ".",
        ",",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ".?",
        "[?",
        "has(",
        ".all(x,",
        ".map(x,",
        ".filter(x,",
        ".exists(i, x,",
        "cel.bind(x,",
        "matches(",
        ".format([",
        "lists.range(",
        ".join(",
        ".replace('', ",
        "size(",
        "optional.of(",
        "`a`",
        "ü",
        "\\",
        "timestamp(",
        ".sortBy(x,",
        ".substring(",
        ".slice(",
        ".indexOf(",
        ".charAt(",
        ".split(",
        ".getHours(",
        ".getFullYear()",
        ".flatten()",
        "-1",
        "99",
        ".sort()",
        ".reverse()",
        "ip(",
        "cidr(",
        "'::1/64'",
        ".masked()",
        "base64.decode(",
        "string(",
        "int(",
        "'%s%.3f%x'",
        "math.greatest(",
        ".transformMap(k, v,",
        "duration('1h')",
        "9223372036854775807",
        "1e308",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_soup_of_tokens_panics(source in soup()) {
        let first = through(&source);
        prop_assert_eq!(&first, &through(&source));
        for problem in first.err().unwrap_or_default() {
            prop_assert!(source.get(problem.range.clone()).is_some(), "{:?}", problem);
        }
    }

    #[test]
    fn no_text_panics(source in "\\PC{0,80}") {
        drop(through(&source));
    }
}

#[test]
fn many_variables_and_many_mistakes_take_few_steps() {
    let name = |i: usize| format!("variable_{i:06}");
    let variables: BTreeMap<String, Expression> = (0..9_000)
        .map(|i| (name(i), expression(&name(i + 1))))
        .chain([(name(9_000), expression("1"))])
        .collect();
    let scope = scope().with_variables(variables.keys().cloned());
    let wrong = expression(&format!("[{}]", "variable_x00000,".repeat(900)));
    let (estimates, steps) = steps::of(|| limits::check_policy(&variables, &[&wrong], &scope));
    assert_eq!(estimates.problems.first().map(|(_, problem)| problem.code), Some("limit-depth"));
    // One part each, and 900 of a list; each is looked at when the order is found, and when the cost is.
    let parts = 9_001 + 901;
    assert!((parts..=3 * parts).contains(&steps), "{steps} steps for {parts} parts");
    let (mistakes, steps) = steps::of(|| wrong.check(&scope));
    assert_eq!(mistakes.len(), 20);
    assert!((20..20 * 400).contains(&steps), "{steps} steps, though only 20 mistakes are told");
}
