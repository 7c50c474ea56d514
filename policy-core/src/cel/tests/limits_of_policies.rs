use super::*;

/// The codes of the problems that the policy's limits give.
fn refused(named: &[(&str, &str)], sources: &[&str]) -> Vec<&'static str> {
    let variables = variables(named);
    let expressions: Vec<Expression> = sources.iter().map(|source| expression(source)).collect();
    let expressions: Vec<&Expression> = expressions.iter().collect();
    let scope = scope().with_variables(variables.keys().cloned());
    let (estimates, steps) = steps::of(|| limits::check_policy(&variables, &expressions, &scope));
    let bytes = named.iter().map(|(_, source)| source.len()).chain(sources.iter().map(|source| source.len()));
    // A policy is looked at in steps that grow with its text, however much its evaluation would grow.
    let most = bytes.sum::<usize>().saturating_mul(10);
    assert!(steps <= most, "{steps} steps; {most} are more than enough");
    estimates.problems.into_iter().map(|(_, problem)| problem.code).collect()
}

const TEN: &str = "[1,2,3,4,5,6,7,8,9,10]";

#[test]
fn eight_nested_loops_are_refused_also_through_variables() {
    let mut nested = "true".to_owned();
    for i in 0..8 {
        nested = format!("{TEN}.all(x{i}, {nested})");
    }
    assert!(!refused(&[], &[&nested]).is_empty());

    let mut named = vec![("v0".to_owned(), format!("{TEN}.all(x, true)"))];
    for i in 1..8 {
        named.push((format!("v{i}"), format!("{TEN}.all(x, v{})", i - 1)));
    }
    let named: Vec<_> = named.iter().map(|(name, source)| (name.as_str(), source.as_str())).collect();
    assert!(refused(&named, &["v7"]).contains(&"limit-nested-loops"));
}

#[test]
fn doubling_is_refused_through_variables_and_inside_one_expression() {
    for head in ["'xx'", "[1, 2]", "user.username", "b'xx'"] {
        for step in ["{} + {}", "[{}, {}]"] {
            let mut named = vec![("v00".to_owned(), head.to_owned())];
            for i in 1..30 {
                named.push((format!("v{i:02}"), step.replace("{}", &format!("v{:02}", i - 1))));
            }
            let named: Vec<_> = named.iter().map(|(name, source)| (name.as_str(), source.as_str())).collect();
            assert_eq!(
                refused(&named, &["size(v29) > 0"]).first(),
                Some(&"limit-value-size"),
                "{head} {step}"
            );
        }
    }
    let chain = |step: &str, times: usize| format!("['xx']{}.size() > 0", step.repeat(times));
    assert_eq!(refused(&[], &[&chain(".map(x, x + x)", 30)]), ["limit-value-size"]);
    assert_eq!(refused(&[], &[&chain(".map(x, [x, x])", 30)]), ["limit-value-size"]);
    let mut bind = "size(x0) > 0".to_owned();
    for i in 0..30 {
        bind = format!("cel.bind(x{i}, x{} + x{}, {bind})", i + 1, i + 1);
    }
    assert_eq!(refused(&[], &[&format!("cel.bind(x30, 'xx', {bind})")]), ["limit-value-size"]);
}

#[test]
fn loops_over_the_results_of_loops_count() {
    let hundred = format!("{TEN}.map(a, {TEN}).flatten()");
    let source = format!("{hundred}.map(b, {hundred}).flatten().map(c, {hundred}).flatten().size() > 0");
    assert!(!refused(&[], &[&source]).is_empty());
    assert!(!refused(&[], &["lists.range(100000).all(x, lists.range(100000).all(y, x < y))"]).is_empty());
}

#[test]
fn a_circle_is_told_for_every_variable_in_it() {
    assert_eq!(refused(&[("a", "b"), ("b", "a"), ("c", "a"), ("d", "1")], &[]), ["variable-cycle"; 2]);
}

#[test]
fn depth_adds_up_through_variables() {
    let mut named = vec![("v00".to_owned(), "1".to_owned())];
    for i in 1..40 {
        named.push((format!("v{i:02}"), format!("((v{:02} + 1) + 1) + (1 * 1)", i - 1)));
    }
    let named: Vec<_> = named.iter().map(|(name, source)| (name.as_str(), source.as_str())).collect();
    assert_eq!(refused(&named, &["v39 > 0"]).first(), Some(&"limit-depth"));
}

#[test]
fn a_variable_costs_what_it_takes_once_and_its_users_a_step() {
    let source = "lists.range(500).all(x, lists.range(500).all(y, x < y))";
    let estimates = |named: &[(&str, &str)], sources: &[&str]| {
        let variables = variables(named);
        let expressions: Vec<Expression> = sources.iter().map(|source| expression(source)).collect();
        let scope = scope().with_variables(variables.keys().cloned());
        limits::check_policy(&variables, &expressions.iter().collect::<Vec<_>>(), &scope)
    };
    let written_out = estimates(&[], &[source; 2]);
    assert_eq!(written_out.variables, 0);
    assert!(written_out.expressions.iter().all(|steps| *steps > 250_000), "{written_out:?}");
    let shared = estimates(&[("v", source)], &["v"; 2]);
    assert_eq!(Some(&shared.variables), written_out.expressions.first());
    assert_eq!(shared.expressions, [1, 1]);
}

#[test]
fn ordinary_policies_pass() {
    let named = [
        (
            "outside_office",
            "!['10.0.0.0/8', '192.168.0.0/16', 'fd00::/8'].exists(r, cidr(r).containsIP(request.ip))",
        ),
        ("teams", "user.attributes[?'team'].orValue([]).map(t, t.lowerAscii().trim())"),
        ("privileged", "user.roles.exists(r, r.startsWith('admin') || r in ['owner', 'root'])"),
        ("night", "now.getHours('Europe/Berlin') < 7 || now.getHours('Europe/Berlin') > 20"),
        ("sensitive", "privileged || user.groups.exists(g, g.split('/').exists(p, p in teams))"),
    ];
    let sources = [
        "outside_office && sensitive && night",
        "user.groups.exists(g, user.roles.exists(r, teams.exists(t, g == '/' + t + '/' + r)))",
        "'Sign-in of ' + user.username + ' from ' + request.ip + ' as ' + user.roles.join(', ') + ' in ' + teams.join(', ')",
        "user.attributes.all(k, v, v.all(x, x.size() < 100 && x.matches('^[a-z0-9-]+$')))",
        "user.username.lowerAscii().replace(' ', '').replace('-', '').replace('.', '').replace('_', '') == 'alice'",
        "request.headers['user-agent'].exists(h, h.contains('curl') || h.contains('wget'))",
    ];
    assert_eq!(refused(&named, &sources), [""; 0]);
}
