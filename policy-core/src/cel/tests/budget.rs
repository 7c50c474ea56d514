use super::*;
use crate::cel::Facts;

fn run(source: &str, budget: u64) -> Result<bool, EvalError> {
    Decision::new(BTreeMap::new(), budget).bool(source)
}

#[test]
fn an_exhausted_budget_is_absorbed_by_nothing() {
    let costly = "[1, 2, 3, 4].all(a, [1, 2, 3, 4].all(b, [1, 2, 3, 4].all(c, a + b + c > 0)))";
    for source in [
        format!("{costly} || true"),
        format!("!({costly} && false)"),
        format!("[1].exists(x, {costly} || true)"),
        format!("optional.of({costly}).orValue(true)"),
        format!("{costly} ? true : true"),
    ] {
        assert_eq!(run(&source, 100), Err(EvalError::BudgetExhausted), "{source}");
        assert_eq!(run(&source, 10_000), Ok(true), "{source}");
    }
}

#[test]
fn once_exhausted_an_evaluation_stays_so() {
    let decision = Decision::new(variables(&[("big", "lists.range(1000).size() > 0")]), 500);
    assert_eq!(decision.bool("true"), Ok(true));
    assert_eq!(decision.bool("big || true"), Err(EvalError::BudgetExhausted));
    assert_eq!(decision.bool("true"), Err(EvalError::BudgetExhausted));
}

#[test]
fn growth_stops_at_the_budget_rather_than_in_memory() {
    let doubled = |head: &str| {
        let names: Vec<String> = (0..40).map(|i| format!("v{i}")).collect();
        let mut named = vec![("v0".to_owned(), head.to_owned())];
        for pair in names.windows(2) {
            named.push((pair[1].clone(), format!("{0} + {0}", pair[0])));
        }
        named
    };
    for head in ["'xx'", "[1, 2]", "b'xx'"] {
        let named = doubled(head);
        let named: Vec<_> = named.iter().map(|(name, source)| (name.as_str(), source.as_str())).collect();
        assert_eq!(eval_with(&named, "size(v39) > 0"), Err(EvalError::BudgetExhausted), "{head}");
    }
    for source in [
        "lists.range(1000000000).size() > 0",
        "lists.range(5000).map(x, lists.range(5000)).size() > 0",
        "lists.range(5000).map(x, 'a').join('b').replace('a', lists.range(5000).map(x, 'c').join('d')).size() > 0",
        "lists.range(3000).distinct().size() > 0",
        "'%s'.format([lists.range(200000)]).size() > 0",
        "lists.range(5000).all(i, 'a'.matches('(\\\\pL{50}){1,9}' + string(i)) || true)",
    ] {
        assert_eq!(eval(source), Err(EvalError::BudgetExhausted), "{source}");
    }
}

#[test]
fn a_variable_is_evaluated_once_and_its_error_is_kept() {
    let variables = variables(&[("n", "lists.range(1000).map(x, x * 2).size()"), ("bad", "user.email")]);
    let decision = Decision::new(variables, limits::DEFAULT_BUDGET);
    assert_eq!(decision.bool("n == 1000"), Ok(true));
    let before = decision.evaluation.remaining();
    assert_eq!(decision.bool("n == 1000 && n > 1 && n < 2000"), Ok(true));
    assert!(before - decision.evaluation.remaining() < 50);
    for _ in 0..2 {
        let failed = decision.bool("bad == ''");
        let expected = EvalError::Failed {
            message: "no such key: `email`".to_owned(),
            range: 0..10,
            variable: Some("bad".to_owned()),
        };
        assert_eq!(failed, Err(expected));
    }
}

#[test]
fn variables_that_use_each_other_fail_rather_than_hang() {
    let failed = eval_with(&[("a", "b"), ("b", "a")], "a");
    assert!(
        matches!(&failed, Err(EvalError::Failed { message, .. }) if message == "the variable `a` depends on itself"),
        "{failed:?}"
    );
}

#[test]
fn a_pattern_is_bounded_and_compiled_once_a_decision() {
    assert_eq!(
        message("'a'.matches('(\\\\pL{50}){50}' + user.username)"),
        "the pattern of `matches` is too large"
    );
    let decision = Decision::plain();
    for condition in ["user.username.matches('^[a-z]{1,32}$')", "user.username.matches('^[a-z]' + '{1,32}$')"]
    {
        assert_eq!(decision.bool(condition), Ok(true));
        let before = decision.evaluation.remaining();
        assert_eq!(decision.bool(condition), Ok(true));
        assert!(before - decision.evaluation.remaining() < 20);
    }
}

/// The facts of a decision, as a host's JSON is read at once and as the long way finds them.
#[test]
fn a_decision_costs_the_same_however_its_facts_were_read() {
    let paths = ["user.username", "user.roles", "user.attributes", "user.email_verified", "user.email"];
    let layout = Layout::new(paths);
    let roles = ["admin", "finance", "a role with a rather long name"];
    let text = |text: &str| Value::String(text.to_owned());
    let list = || Value::List(roles.map(text).to_vec());
    // The address is absent.
    let given = [
        text("alice"),
        list(),
        Value::Map(BTreeMap::from([("team".to_owned(), list()), ("unit".to_owned(), list())])),
        Value::Bool(true),
    ];
    for source in [
        "user.email_verified",
        "!user.email_verified || !(user.email_verified)",
        "user.email_verified && !user.email_verified",
        "has(user.username) && user.username != 'bob' && 'alice' == user.username",
        "user.username == 'a name that is longer than sixteen bytes'",
        "has(user.email) && user.email == 'a@example.org'",
        "user.email != 'a@example.org' && user.email_verified",
        "user.username == 'bob' && user.email.startsWith('a')",
        "'finance' in user.roles && !('none' in user.roles)",
        "!('finance' in user.roles) && user.email_verified",
        "'none' in user.roles && user.email_verified",
        "'a role with a rather long name' in user.roles && user.roles.exists(r, r == 'admin')",
        "user.username.startsWith('al') && user.username.endsWith('ice')",
        "user.username.endsWith('a part that is longer than all of it')",
        "user.attributes['team'].exists(t, t == 'finance') && user.attributes['unit'].exists(t, t == 'none')",
        "user.attributes['a key that is longer than sixteen'].exists(t, t == 'finance')",
        "user.roles == [] && user.email_verified",
        "user.username == 'alice'",
        "user.username in user.roles || 'finance' in user.roles",
        "user.roles.exists(r, r == 'finance') && user.roles.exists(r, 'none' == r)",
        "user.attributes['team'].exists(t, t == 'finance') && 'team' in user.attributes",
        "user.attributes.exists(k, k == 'unit') && user.roles.all(r, r != '')",
        "user.username.startsWith('al') && user.roles[0].endsWith('in') && user.email_verified",
        "user.roles == user.attributes['unit'] && user == user",
        "user.roles.map(r, r + user.username).size() == 3 && user.attributes['none'].exists(t, t == 'x')",
    ] {
        // The same condition twice: its terms are shared, and are tested once. The third shares none.
        let conditions = [(); 3].map(|()| expression(source));
        let [first, second, alone] = &conditions;
        let variables = Variables::new(BTreeMap::new(), &layout).sharing([first, second]);
        let unshared = Variables::new(BTreeMap::new(), &layout);
        first.link(&layout, &variables);
        second.link(&layout, &variables);
        alone.link(&layout, &unshared);
        // With enough, and with what runs out anywhere on the way.
        for budget in (0..60).chain([10_000]) {
            let (one, other) = (Arena::default(), Arena::default());

            let mut facts = Facts::new(&one, 5);
            let texts = [(); 3].map(|()| {
                let mut texts = facts.texts();
                roles.iter().for_each(|role| texts.push(role));
                texts
            });
            let [first, second, third] = texts;
            let mut entries = facts.entries();
            entries.list("team", first);
            entries.list("unit", second);
            facts.text(0, "alice");
            facts.list(1, third);
            assert!(facts.map(2, entries));
            facts.bool(3, true);

            let read = Evaluation::of(&one, facts, &variables, budget);
            let found = Evaluation::new(&other, given.iter().map(Some).chain([None]), &variables, budget);
            for condition in &conditions {
                assert_eq!(read.eval_bool(condition), found.eval_bool(condition), "{source}");
                assert_eq!(read.remaining(), found.remaining(), "{source}");
            }
            assert!(read.remaining() < budget || budget == 0);
        }
    }
}

#[test]
fn errors_that_are_absorbed_are_paid_for_by_their_length() {
    let decision = Decision::plain();
    let cost = |field: &str| {
        let before = decision.evaluation.remaining();
        let source = format!("lists.range(20).exists(i, dyn(i).{field} == 1) || true");
        assert_eq!(decision.bool(&source), Ok(true));
        before - decision.evaluation.remaining()
    };
    assert!(cost(&"a".repeat(8_000)) > cost("a") + 20 * 8_000 / 16 - 100);
}

#[test]
fn a_larger_pattern_costs_more() {
    let cost = |pattern: &str| {
        let decision = Decision::plain();
        let source = format!("('{}' + user.username).matches('{pattern}') || true", "a".repeat(1_600));
        assert_eq!(decision.bool(&source), Ok(true));
        limits::DEFAULT_BUDGET - decision.evaluation.remaining()
    };
    assert!(cost("(a?){900}b") > 4 * cost("a+b"), "{} {}", cost("(a?){900}b"), cost("a+b"));
}
