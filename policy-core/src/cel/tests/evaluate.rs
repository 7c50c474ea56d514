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
