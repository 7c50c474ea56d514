use super::*;

#[test]
fn access_conditions_come_out_as_cel_says() {
    for source in [
        r#""finance" in user.roles && user.username == "alice""#,
        r#"cidr("10.0.0.0/8").containsIP(request.ip)"#,
        r#"!(request.ip.startsWith("192.168."))"#,
        r#"user.roles.exists(r, r == "admin") && !user.roles.all(r, r == "admin")"#,
        r#"user.created_at < timestamp("2026-01-01T00:00:00Z")"#,
        r#"user.attributes["a"] == ["1"] && user.attributes.a[0] == "1""#,
        r#"has(user.username) && !has(user.email)"#,
        r#"user.?email.orValue("none") == "none""#,
        r#"user.attributes[?"zzz"].orValue(["x"]) == ["x"]"#,
        r#"user.`email_verified`"#,
        r#"[1, ?optional.none(), 3] == [1, 3]"#,
        r#"timestamp("2026-06-01T00:00:00Z").getHours("Europe/Berlin") == 2"#,
        r#"type(1) == int && type(ip("::1")) == net.IP"#,
        r#"optional.of(1).optMap(x, x + 1).value() == 2"#,
        r#"cel.bind(x, 1 + 1, x * x) == 4"#,
        r#"math.greatest(1, 2, 3) == 3 && math.least([4, 2]) == 2"#,
        r#"[{"n": "b"}, {"n": "a"}].sortBy(e, e.n)[0].n == "a""#,
        r#""{}".matches("^[{}]+$")"#,
        r#"-9223372036854775808 < 0 && --1 == 1 && !!true"#,
    ] {
        assert_eq!(eval(source), Ok(true), "{source}");
    }
}

#[test]
fn an_error_is_absorbed_where_cel_says_so() {
    assert_eq!(eval("user.email == 'x' || true"), Ok(true));
    assert_eq!(eval("true || user.email == 'x'"), Ok(true));
    assert_eq!(eval("user.email == 'x' && false"), Ok(false));
    assert_eq!(message("user.email == 'x' || false"), "no such key: `email`");
    assert_eq!(eval("[1, 2].exists(x, 1 / (x - 1) == 1)"), Ok(true));
    assert_eq!(message("[1, 2].all(x, 1 / (x - 1) == 1)"), "division by zero");
}

#[test]
fn a_map_is_walked_in_key_order() {
    for _ in 0..20 {
        assert_eq!(eval("user.attributes.map(k, k) == ['a', 'b', 'c']"), Ok(true));
        assert_eq!(eval("user.attributes.transformList(k, v, v[0]) == ['1', '2', 'secret']"), Ok(true));
        assert_eq!(
            eval("{'z': 1, 'a': 2, 3: 3, true: 4}.map(k, string(k)).join() == '3true' + 'az' || true"),
            Ok(true)
        );
    }
    assert_eq!(message("[1] + user.attributes == []"), "`+` does not work on a list and a map");
}

#[test]
fn messages_are_plain_and_hold_no_value_of_the_context() {
    for (source, expected) in [
        ("user.username + 1 == ''", "`+` does not work on a string and an int"),
        ("user.username < 1", "`<` can't compare a string with an int"),
        ("user.username in user.username", "`in` can't look for a string in a string"),
        ("user.attributes['zzz'] == []", "no such key: `zzz`"),
        ("user.attributes[user.username] == []", "no such key"),
        ("user.roles[7] == ''", "the list has no element at this index"),
        ("user.username.email == ''", "`email` is no field of a string"),
        ("user.username && true", "a condition must be a bool, not a string"),
        ("int(user.username) == 1", "`int` can't be computed for this value"),
        ("timestamp(user.attributes.c[0]) == null", "`timestamp` can't be computed for this value"),
        ("'x'.matches('(' + user.username)", "the pattern of `matches` is no valid regular expression"),
        ("user.roles.startsWith('x')", "`startsWith` can't be called on a list with (string)"),
        ("9223372036854775807 + 1 > 0", "the result is out of the range of its type"),
        ("nobody == 1", "there is no variable `nobody`"),
        ("user.roles", "the result must be a bool, not a list"),
        ("user.username.all(c, true)", "this must be a list or a map, not a string"),
    ] {
        assert_eq!(message(source), expected, "{source}");
    }
}

#[test]
fn an_error_tells_its_place() {
    let source = "user.username == 'alice' && user.email == ''";
    let Err(EvalError::Failed { range, variable, .. }) = eval(source) else { panic!("no error") };
    assert_eq!((source.get(range), variable), (Some("user.email"), None));
}

#[test]
fn texts_and_lists_come_out() {
    let decision = Decision::plain();
    let linked = |source| decision.link(expression(source));
    let evaluation = &decision.evaluation;
    assert_eq!(evaluation.eval_string(linked("'Hi ' + user.username")), Ok("Hi alice".to_owned()));
    let roles = Ok(vec!["admin".to_owned(), "finance".to_owned()]);
    assert_eq!(evaluation.eval_string_list(linked("user.roles")), roles);
    let failed = evaluation.eval_string_list(linked("[1]"));
    assert!(
        matches!(failed, Err(EvalError::Failed { message, .. }) if message == "the result must be a list of strings, not a list")
    );
}
