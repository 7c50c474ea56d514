//! Terms that several conditions of a policy have.

use super::*;

/// The answers of conditions that share their terms, and what each of them cost.
fn answers(sources: &[&str], budget: u64) -> Vec<(Result<bool, EvalError>, u64)> {
    let context = kept(context());
    let layout = Layout::of_names(context.keys().map(String::as_str));
    let conditions: &Vec<Expression> = kept(sources.iter().map(|source| expression(source)).collect());
    let variables = kept(Variables::new(BTreeMap::new(), &layout).sharing(conditions));
    let evaluation = Evaluation::new(kept(Arena::default()), context.values().map(Some), variables, budget);
    let each = conditions.iter().map(|condition| {
        condition.link(&layout, variables);
        let before = evaluation.remaining();
        let answer = evaluation.eval_bool(condition);
        (answer, before.saturating_sub(evaluation.remaining()))
    });
    each.collect()
}

#[test]
fn a_shared_term_is_tested_once_and_holds_for_each() {
    let term = "user.roles.exists(r, r.startsWith('fin'))";
    let own = format!("{term} && user.username == 'alice'");
    let other = format!("user.username == 'bob' || user.username == 'alice' && {term}");
    let answers = answers(&[term, &own, &other, &format!("{term} && user.username == 'bob'")], 1_000);
    let truths: Vec<_> = answers.iter().map(|(answer, _)| answer.clone()).collect();
    assert_eq!(truths, [Ok(true), Ok(true), Ok(true), Ok(false)]);
    let [(_, first), (_, second), (_, nested), (_, last)] = answers.as_slice() else { panic!() };
    assert!(first > second && nested > second, "{first} {second} {nested}");
    assert_eq!(second, last);
}

#[test]
fn an_error_of_a_shared_term_is_told_where_each_condition_has_it() {
    let term = "user.attributes['none'][0] == ''";
    let later = format!("user.username == 'alice' && {term}");
    let absorbed = format!("{term} && user.username == 'bob'");
    let answers = answers(&[term, &later, &absorbed], 1_000);
    let ranges = answers.iter().map(|(answer, _)| match answer {
        Err(EvalError::Failed { message, range, .. }) => Some((message.as_str(), range.start)),
        _ => None,
    });
    let message = "no such key: `none`";
    let at = later.find(term).unwrap();
    assert_eq!(ranges.collect::<Vec<_>>(), [Some((message, 0)), Some((message, at)), None]);
    assert_eq!(answers[2].0, Ok(false));
}

#[test]
fn the_budget_is_one_for_all() {
    let term = "user.roles.exists(r, r == 'none')";
    let sources = [term, &format!("{term} && true"), "user.username == 'alice'"];
    let first = answers(&sources, 1_000)[0].1;
    let told: Vec<_> = answers(&sources, first).into_iter().map(|(answer, _)| answer).collect();
    let exhausted = || Err(EvalError::BudgetExhausted);
    assert_eq!(told, [Ok(false), exhausted(), exhausted()]);
}

#[test]
fn a_shared_term_may_be_a_value_of_any_type_elsewhere() {
    let context = kept(context());
    let layout = Layout::of_names(context.keys().map(String::as_str));
    let conditions = kept(["dyn(user.username)", "dyn(user.username)"].map(expression));
    let variables = kept(Variables::new(BTreeMap::new(), &layout).sharing(conditions));
    let evaluation = Evaluation::new(
        kept(Arena::default()),
        context.values().map(Some),
        variables,
        limits::DEFAULT_BUDGET,
    );
    let reason = kept(expression("dyn(user.username)"));
    for expression in conditions.iter().chain([reason]) {
        expression.link(&layout, variables);
    }
    let failed = evaluation.eval_bool(&conditions[0]);
    assert!(
        matches!(&failed, Err(EvalError::Failed { message, .. }) if message == "the result must be a bool, not a string"),
        "{failed:?}"
    );
    assert_eq!(evaluation.eval_string(reason), Ok("alice".to_owned()));
}
