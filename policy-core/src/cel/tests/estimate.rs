//! What an expression is estimated to cost is no less than what it costs with facts as large as the schema expects them.

use super::*;
use crate::cel::Size;

const SIZES: &[(&str, Size)] = &[
    ("user.username", Size::text(255)),
    ("user.email", Size::text(255)),
    ("user.email_verified", Size::SCALAR),
    ("user.roles", Size::texts(40, 60)),
    ("user.groups", Size::texts(25, 255)),
    ("user.attributes", Size { entries: 12, inner: 7, bytes: 100 }),
    ("user.created_at", Size::SCALAR),
    ("request.ip", Size::text(64)),
    ("request.headers", Size { entries: 4, inner: 1, bytes: 255 }),
    ("action", Size::text(64)),
    ("now", Size::SCALAR),
];

/// A text of so many bytes: those of one number differ at their ends only.
fn text(bytes: u32, number: u32) -> Value {
    let end = format!("{number:04}");
    Value::String(
        "/x".repeat(128)
            .chars()
            .take(usize::try_from(bytes).unwrap().saturating_sub(end.len()))
            .collect::<String>()
            + &end,
    )
}

/// The fact at a path, as large as it is expected to be at most.
fn fact(path: &str, size: Size) -> Value {
    let texts = |entries: u32| Value::List((0..entries).map(|number| text(size.bytes, number)).collect());
    match (path, size) {
        ("user.email_verified", _) => Value::Bool(true),
        ("user.created_at" | "now", _) => Value::Timestamp(1_700_000_000_000),
        ("request.ip", _) => Value::String("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff".to_owned()),
        (_, Size { entries: 0, bytes, .. }) => text(bytes, 0),
        (_, Size { entries, inner: 0, .. }) => texts(entries),
        (_, Size { entries, inner, bytes }) => {
            let key = |number| match text(bytes, number) {
                Value::String(key) => key,
                _ => String::new(),
            };
            Value::Map((0..entries).map(|number| (key(number), texts(inner))).collect())
        }
    }
}

/// What an expression is estimated to cost, and what it costs with everything as large as it can be.
fn cost(source: &str) -> (u64, u64) {
    const PLENTY: u64 = u64::MAX >> 1;
    let scope = scope().sized(SIZES.iter().copied());
    let estimates = limits::check_policy(&BTreeMap::new(), &[&expression(source)], &scope);
    assert_eq!(estimates.problems, [], "{source}");
    let layout = Layout::new(SIZES.iter().map(|(path, _)| *path));
    let facts: Vec<Value> = SIZES.iter().map(|(path, size)| fact(path, *size)).collect();
    let facts = kept(facts);
    let variables = kept(Variables::new(BTreeMap::new(), &layout));
    let evaluation = Evaluation::new(kept(Arena::default()), facts.iter().map(Some), variables, PLENTY);
    let expression = expression(source);
    expression.link(&layout, variables);
    // It may be no condition, or fail in the end.
    let _ = evaluation.eval_bool(kept(expression));
    (estimates.expressions[0], PLENTY.saturating_sub(evaluation.remaining()))
}

#[test]
fn an_estimate_is_an_upper_bound() {
    let sources = [
        "user.username == user.username",
        "user.username < user.username",
        "user.username in user.groups",
        "user.groups == user.groups",
        "user.attributes == user.attributes",
        "user.groups + user.groups == user.groups + user.groups",
        "user.username + user.username + user.email == user.email + user.username",
        "user.groups.exists(g, g == 'none')",
        "user.groups.exists(g, user.roles.exists(r, r == g))",
        "user.groups.exists(g, user.roles.exists(r, r == g || g + r == r + g))",
        "user.groups.all(g, !(g in user.roles))",
        "user.groups.map(g, g + '!').exists(g, g == '')",
        "user.groups.filter(g, g.contains('0001')).size() == 0",
        "user.groups.exists_one(g, g.endsWith('0001'))",
        "user.groups.map(g, user.roles.map(r, r + g)).flatten().size() > 0",
        "user.attributes.all(k, v, v.all(x, x != k))",
        "user.attributes.transformMap(k, v, v.size()).size() > 0",
        "user.attributes.transformList(k, v, k + '=' + v.join(',')).join(';').size() > 0",
        "user.attributes.transformMapEntry(k, v, {k + 'x': v}).size() > 0",
        "user.groups.transformMapEntry(i, g, {g.reverse(): i}).size() > 0",
        "user.attributes.exists(k, user.attributes[k].exists(v, v == k))",
        "user.attributes[?'none'].orValue([]).exists(x, x == '')",
        "user.attributes['/x'].size() > 0",
        "sets.contains(user.groups, user.roles)",
        "sets.intersects(user.roles, user.groups)",
        "sets.intersects(['none', 'of', 'these'], user.groups)",
        "sets.equivalent(user.groups, user.groups)",
        "sets.equivalent(user.groups.map(g, g + 'x'), user.groups)",
        "user.groups.distinct().size() > 0",
        "(user.groups + user.roles).distinct().size() > 0",
        "user.groups.sort().size() > 0",
        "user.groups.reverse().sort().first().hasValue()",
        "user.groups.sortBy(g, g.reverse()).size() > 0",
        "user.groups.join(user.username).size() > 0",
        "user.username.split('').size() > 0",
        "user.username.split('/').exists(p, p == user.email)",
        "user.groups.exists(g, g.split('/').exists(p, p in user.roles))",
        "user.username.replace('/', '//').size() > 0",
        "user.username.replace('', 'xyz').size() > 0",
        "user.username.replace('x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx').size() > 0",
        "user.username.upperAscii().lowerAscii().trim().substring(3).charAt(2) == ''",
        "user.username.matches('^(/x)*[0-9]+$')",
        "user.username.matches('(?i)^[a-z/]{1,64}[0-9]+$')",
        "user.groups.exists(g, g.matches('^.*[^0-9]$'))",
        "'%s and %s'.format([user.groups, user.username]).size() > 0",
        "'%s'.format([user.attributes]).size() > 0",
        "'%.200f %e %b %x'.format([1.5, 2.5, 1, user.username]).size() > 0",
        "strings.quote(user.username).size() > 0",
        "base64.encode(bytes(user.username)).size() > 0",
        "base64.decode('aGVsbG8=').size() > 0",
        "string(now).size() > 0",
        "now.getHours('Europe/Berlin') > 7 && now - user.created_at > duration('1h')",
        "cidr('2001:db8::/32').containsIP(ip(request.ip))",
        "['10.0.0.0/8', '192.168.0.0/16'].exists(r, cidr(r).containsIP(request.ip))",
        "lists.range(300).map(x, string(x)).join(',').size() > 0",
        "lists.range(50).all(x, lists.range(50).all(y, x + y >= 0))",
        "[user.username, user.email, user.username].size() == 3",
        "{user.username: 1, user.email: 2}.size() == 2",
        "{'b': user.groups, 'a': user.roles}.all(k, v, v.size() > 0)",
        "cel.bind(all, user.groups + user.roles, all.exists(a, all.exists(b, a == b + 'x')))",
        "has(user.email) ? user.email.startsWith(user.username) : user.username == ''",
        "user == user",
        "dyn(user).exists(k, k == 'none')",
        "optional.of(user.groups).optMap(g, g.map(x, x + '!')).orValue([]).size() > 0",
        "{user.username + user.email: 1}.all(k, v, k == k)",
        "{user.username + user.email: 1}.transformMap(k, v, 1).map(k, k + k)[0] == ''",
        "user.attributes.map(k, k + '=' + user.attributes[k].join(',')).join(';').size() > 0",
        "lists.range(100).exists(i, (user.username + user.email) in {'a': 1})",
        "lists.range(100).exists(i, {user.username: 1}[?user.username + user.email].hasValue())",
        "[[lists.range(3000)]].flatten(2).all(x, x >= 0)",
        "[[[[[[[[[[lists.range(3000)]]]]]]]]]].flatten(9).flatten().all(x, x >= 0)",
        "lists.range(3000 + 0).all(x, x >= 0)",
        "lists.range(30 * 100).all(x, x >= 0)",
        "lists.range(user.username.size()).all(x, x >= 0)",
        "lists.range(user.groups.size()).exists(i, user.groups[i] == '')",
        "user.username.split('|')[0] == user.username.split('|', 2)[0]",
        "user.username.split('|').exists(p, p + p == user.username)",
        "user.groups.exists(g, g.matches('^[\\\\p{L}]{1,60}$'))",
        "user.groups.exists(g, g.matches('^[\\\\p{L}\\\\p{N}]{1,9}(x{1,9}[a-z]){3}$'))",
        "cel.bind(a, '/', user.username.replace(a, user.username)).size() > 0",
        "'%.1000f%.1000f'.format([1.5, 2.5]).size() > 0",
        "user.groups.exists(g, user.groups.exists(h, user == user))",
        "math.greatest([1, 2, 3]) > 2",
        "type(user.username) == string && user.email_verified == !user.email_verified",
    ];
    let costlier: Vec<String> = sources
        .iter()
        .map(|source| (source, cost(source)))
        .filter(|(_, (estimate, cost))| !(1..=*estimate).contains(cost))
        .map(|(source, (estimate, cost))| format!("{source}: estimated at {estimate}, costs {cost}"))
        .collect();
    assert_eq!(costlier, [""; 0]);
}

/// The example of docs/policy-reference.md.
#[test]
fn roles_in_groups_are_estimated_at_some_50_000_steps() {
    let source = "user.roles.exists(r, r in user.groups)";
    let scope = crate::context::schema::scope();
    let steps = limits::check_policy(&BTreeMap::new(), &[&expression(source)], &scope).expressions[0];
    assert!((45_000..55_000).contains(&steps), "{steps}");
}

#[test]
fn a_larger_fact_is_estimated_to_cost_more() {
    let estimate = |entries| {
        let scope = scope().sized([("user.groups", Size::texts(entries, 255))]);
        let loops = expression("user.groups.exists(g, g == user.username)");
        limits::check_policy(&BTreeMap::new(), &[&loops], &scope).expressions[0]
    };
    assert!(estimate(1_000) > 9 * estimate(100), "{} and {}", estimate(1_000), estimate(100));
}

#[test]
fn what_is_too_costly_says_with_which_sizes() {
    let nested = "user.groups.exists(g, user.attributes.exists(k, v, user.roles.exists(r, g == k + r)))";
    let scope =
        scope().sized([("user.roles", Size::texts(2_000, 255)), ("user.groups", Size::texts(900, 100))]);
    let estimates = limits::check_policy(&BTreeMap::new(), &[&expression(nested)], &scope);
    let problems: Vec<Problem> = estimates.problems.into_iter().map(|(_, problem)| problem).collect();
    let expected = "limit-cost `user.groups.exists(g, user.attributes.exists(k, v, user.roles.exists(r, g == k + r)))`: this can take \
                    2016326710 steps; at most 40000000 are allowed (this is estimated with `user.roles` of 2000 entries of 255 bytes, \
                    `user.attributes` of 32 × 32 entries of 64 bytes, `user.groups` of 900 entries of 100 bytes)";
    assert_eq!(told(nested, &problems), [expected]);
}

#[test]
fn what_policies_really_ask_is_let_pass() {
    let scope = crate::context::schema::scope();
    for source in [
        r#"user.roles.map(r, r.split(":")).exists(p, p[0] == "admin")"#,
        r#"user.roles.transformMap(i, r, r.split(":")).exists(i, p, p[0] == "admin")"#,
        r#"user.client_roles.transformList(c, rs, rs.map(r, "%s/%s".format([c, r]))).flatten().exists(x, x == "a/b")"#,
        r#"user.client_roles.transformList(c, rs, rs.map(r, realm.name + "/" + c + "/" + r)).flatten().exists(x, x == "a/b/c")"#,
        r#"user.attributes.map(k, k + "=" + user.attributes[k].join(",")).join(";").size() > 100"#,
        r#"user.groups.map(g, user.roles.filter(r, r.startsWith(g))).flatten().size() > 0"#,
        r#"user.roles.map(r, user.groups.map(g, g + "/" + r)).flatten().exists(x, x == "/staff/admin")"#,
        r#"user.client_roles.exists(c, rs, rs.exists(r, user.roles.exists(x, x == c + "/" + r)))"#,
        r#"(user.roles + user.client_roles.transformList(c, rs, rs).flatten()).distinct().size() > 50"#,
        r#"user.groups.exists(g, user.roles.exists(r, user.attributes[?"teams"].orValue([]).exists(t, g == "/" + t + "/" + r)))"#,
        r#"user.groups.exists(g, g.split("/").exists(p, p in user.attributes[?"teams"].orValue([])))"#,
        r#"sets.intersects(user.groups, client.attributes[?"groups"].orValue([]))"#,
        r#"change.fields.exists(f, change.?after[?f].orValue([]).exists(v, v in change.?before[?f].orValue([])))"#,
    ] {
        let estimates = limits::check_policy(&BTreeMap::new(), &[&expression(source)], &scope);
        assert_eq!(estimates.problems, [], "{source}");
    }
}

/// So much that a policy of ten thousand rules can ask it in each of them.
#[test]
fn ten_thousand_common_conditions_fit_into_one_decision() {
    let scope = crate::context::schema::scope();
    for source in [
        r#""a" in user.roles || "b" in user.roles || "c" in user.roles"#,
        r#"user.roles.exists(r, r.matches("^app-[0-9]+$"))"#,
        r#"user.groups.exists(g, g.matches("^/staff/.*$"))"#,
        r#"user.email.endsWith("@example.org") && client.attributes[?"tier"].orValue([]).exists(t, t == "1")"#,
    ] {
        let estimates = limits::check_policy(&BTreeMap::new(), &[&expression(source)], &scope);
        assert!(estimates.expressions[0] * 10_000 <= limits::MAX_DECISION_COST, "{source}: {estimates:?}");
    }
}

#[test]
fn what_is_asked_and_not_read_is_not_counted_with() {
    let source = "user.groups.exists(g, has(user.attributes) && user.roles.exists(r, user.roles.exists(s, g == r + s)))";
    let scope =
        scope().sized([("user.roles", Size::texts(2_000, 64)), ("user.groups", Size::texts(900, 64))]);
    let estimates = limits::check_policy(&BTreeMap::new(), &[&expression(source)], &scope);
    let help = estimates.problems[0].1.help.clone().unwrap_or_default();
    assert!(help.contains("`user.roles`") && !help.contains("`user.attributes`"), "{help}");
}

#[test]
fn the_parts_of_a_text_are_together_no_longer_than_the_text() {
    let scope = scope().sized([("user.username", Size::text(16_000))]);
    let split = expression("user.username.split('/').size() > 3");
    assert_eq!(limits::check_policy(&BTreeMap::new(), &[&split], &scope).problems, []);
}

#[test]
fn a_key_is_compared_for_what_it_is() {
    let estimate = |bytes| {
        let scope = scope().sized([("user.username", Size::text(bytes))]);
        let entry = expression("{'a': 1}[user.username] == 1");
        limits::check_policy(&BTreeMap::new(), &[&entry], &scope).expressions[0]
    };
    assert!(estimate(16_000) >= estimate(16) + 16_000 / 16 - 1);
}
