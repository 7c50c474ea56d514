use super::*;

/// What is found in an expression of a rule on `login`, a line each: code, place, message.
fn found(source: &str) -> Vec<String> {
    let scope = scope();
    let mut analysis = Analysis::new(&scope, &variables());
    let expression = expression(source);
    analysis
        .findings(&expression, Some(&actions(&["login"])))
        .into_iter()
        .map(|problem| {
            let place = source.get(problem.range.clone()).unwrap_or("<no place>");
            format!("{} `{place}`: {}", problem.code, problem.message)
        })
        .collect()
}

fn is(source: &str, outcome: bool) -> bool {
    with(&[source], |analysis, terms| {
        let on = actions(&["login", "register"]);
        if outcome {
            analysis.never_false(terms[0], Some(&on))
        } else {
            analysis.never_true(terms[0], Some(&on))
        }
    })
}

#[test]
fn contradictions_are_never_true() {
    for source in [
        r#"user.username == "a" && user.username == "b""#,
        r#"user.username == "a" && user["username"] != "a""#,
        r#"user.username in ["a", "b"] && user.username in ["c"]"#,
        r#"user.username in ["a", "b"] && user.username != "a" && user.username != "b""#,
        r#"user.username in []"#,
        r#"user.username == "a" && !(user.username in ["a", "b"])"#,
        r#"user.username == "alice" && user.username.startsWith("b")"#,
        r#"user.username.size() == 3 && user.username.size() == 4"#,
        r#"risk.sessions > 3 && risk.sessions < 4"#,
        r#"risk.sessions > 3 && risk.sessions <= 3"#,
        r#"3 < risk.sessions && 2 >= risk.sessions"#,
        r#"risk.sessions >= 3 && risk.sessions <= 4 && risk.sessions != 3 && 4 != risk.sessions"#,
        r#"risk.sessions == 1.5"#,
        r#"risk.sessions < 1.0 && risk.sessions > 1u"#,
        r#"!(risk.sessions < 5) && risk.sessions == 4"#,
        r#"now < timestamp("2026-01-01T00:00:00Z") && now > timestamp("2026-01-01T01:00:00+01:00")"#,
        r#"now - user.created_at > duration("2h") && now - user.created_at < duration("90m")"#,
        r#"has(user.email) && !has(user.email)"#,
        r#"!has(user.email) && user.email == "a""#,
        r#"!has(user.email) && user.email.endsWith("@example.org")"#,
        r#"risk.known_ip && !risk.known_ip"#,
        r#"risk.known_ip == true && risk.known_ip == false"#,
        r#"risk.known_ip != true && risk.known_ip != false"#,
        r#""admin" in user.roles && !("admin" in user.roles)"#,
        r#"outside && cidr("10.0.0.0/8").containsIP(request.ip)"#,
        r#"night && now.getHours() == 12"#,
        r#"now.getMonth() == 12"#,
        r#"now.getHours("Europe/Zurich") > 23"#,
        r#"size(user.roles) < 0"#,
        r#"action == "ciba""#,
        r#"action != "login" && action != "register""#,
        r#"(risk.known_ip || outside) && !risk.known_ip && !outside"#,
        r#"(user.federated ? user.username == "a" : user.username == "b") && user.username == "c""#,
        r#"user.federated && (user.federated ? user.username == "a" : true) && user.username == "b""#,
        r#"1 + 1 == 3"#,
        r#""abc".startsWith("b")"#,
        r#"!cidr("10.0.0.0/8").containsIP("10.1.2.3")"#,
        r#"-5 > 0"#,
        r#"false && user.email == "a""#,
        r#"user.username != user.username"#,
    ] {
        assert!(is(source, false), "{source}");
    }
}

#[test]
fn tautologies_are_never_false() {
    for source in [
        r#"user.username != "a" || user.username != "b""#,
        r#"user.username == "a" || user.username != "a""#,
        r#"user.email == "a" || !(user.email == "a")"#,
        r#"risk.sessions > 3 || risk.sessions < 5"#,
        r#"now.getDayOfWeek() < 7"#,
        r#"action in ["login", "register", "ciba"]"#,
        r#"size(user.roles) >= 0"#,
        r#""a" in ["b", "a"]"#,
        r#"has(user.email) || !has(user.email)"#,
        r#"user.email == "a" || true"#,
        r#"user.username == user.username"#,
        r#"night || !night"#,
        r#"-1 < 0"#,
        r#"1 < 2 ? true : false"#,
    ] {
        assert!(is(source, true), "{source}");
    }
}

#[test]
fn what_may_come_out_either_way_is_left_alone() {
    for source in [
        r#"user.username == "a" || user.username == "b""#,
        r#"user.username != "a" && user.username != "b""#,
        r#"risk.sessions > 3 && risk.sessions < 5"#,
        r#"risk.sessions >= 3 && risk.sessions <= 3"#,
        r#"!has(user.email) || user.email == "a""#,
        r#"has(user.email) && user.email != """#,
        // A double may be NaN, of which both are false.
        r#"!(double(user.username) < 1.0) && !(double(user.username) >= 1.0)"#,
        r#"double(user.username) == double(user.username)"#,
        // The loops look at different elements.
        r#"user.roles.exists(r, r == "a") && user.roles.exists(r, r == "b")"#,
        r#"user.?email.orValue("a") == "a" && !has(user.email)"#,
        r#"action == "login""#,
        r#"now.getMonth() == 11"#,
        // `getHours` of a span counts on.
        r#"(now - user.created_at).getHours() > 100"#,
        r#"user.attributes.a == ["1"] && user.attributes.a[0] == "1""#,
        r#"9007199254740993 == risk.sessions && risk.sessions != 9007199254740992"#,
        r#"user.federated ? outside : night"#,
    ] {
        assert!(!is(source, false) && !is(source, true), "{source}");
    }
}

#[test]
fn a_finding_points_at_the_smallest_part_that_is_to_blame() {
    for (source, expected) in [
        (
            r#"outside && (risk.known_ip || user.username == "a" && user.username == "b")"#,
            r#"always-false `user.username == "a" && user.username == "b"`: `user.username == "a"` and `user.username == "b"` cannot both be true"#,
        ),
        (
            r#"night && (user.username != "a" || user.username != "b")"#,
            r#"always-true `user.username != "a" || user.username != "b"`: `user.username != "a"` and `user.username != "b"` cannot both be false"#,
        ),
        (r#"action == "logn" && outside"#, r#"impossible-comparison `"logn"`: there is no action `logn`"#),
        (r#""regster" != action"#, r#"impossible-comparison `"regster"`: there is no action `regster`"#),
        (
            r#"action in ["login", "x-mine", "X"] || outside"#,
            r#"impossible-comparison `"X"`: there is no action `X`"#,
        ),
        (
            r#"action == "register""#,
            "always-false `action == \"register\"`: this is never true here: the rule is on `login`",
        ),
        (
            r#"action == "login" && outside"#,
            "always-true `action == \"login\"`: this is always true here: the rule is on `login`",
        ),
        (
            r#"request.ip == "10.0.0.0/8""#,
            r#"impossible-comparison `"10.0.0.0/8"`: `request.ip` is an IP address, which `10.0.0.0/8` is not"#,
        ),
        (
            r#"request.headers[?"x-zone"].orValue("") == "partner" || outside"#,
            r#"impossible-comparison `"x-zone"`: `request.headers` never has `x-zone`"#,
        ),
        (
            r#"night && "X-Zone" in request.headers"#,
            r#"impossible-comparison `"X-Zone"`: `request.headers` never has `X-Zone`"#,
        ),
        (
            r#"user.roles.exists(r, request.headers["x-role"] == r)"#,
            r#"impossible-comparison `"x-role"`: `request.headers` never has `x-role`"#,
        ),
        (r#"client.id == "" || outside"#, r#"impossible-comparison `""`: `client.id` is never empty"#),
        (
            r#"now.getMonth() == 12 && outside"#,
            "impossible-comparison `now.getMonth() == 12`: this is never true: the value is 0 to 11",
        ),
        (
            r#"now.getHours() >= 0 && outside"#,
            "always-true `now.getHours() >= 0`: this is always true: the value is 0 to 23",
        ),
        (
            r#"user.roles.exists(r, r == "a" && r == "b")"#,
            r#"always-false `r == "a" && r == "b"`: `r == "a"` and `r == "b"` cannot both be true"#,
        ),
        (
            r#"(night ? "by night" : has(user.email) && !has(user.email) ? "a" : "b") == "c""#,
            "always-false `has(user.email) && !has(user.email)`: `has(user.email)` and `!has(user.email)` cannot both be true",
        ),
        (r#"outside && 2 < 1"#, "always-false `2 < 1`: this is never true"),
    ] {
        assert_eq!(found(source), [expected], "{source}");
    }
}

#[test]
fn what_is_meant_is_not_remarked_on() {
    for source in [
        "true",
        "false",
        "outside",
        r#"client.id in ["register", "x-payment"] || night"#,
        r#"request.ip == "fe80::1%eth0" || request.ip == "::1""#,
        r#"user.roles.exists(r, r == "a" || r == "b") && client.id != "a""#,
        r#"user.attributes[?"a"].orValue([]).exists(v, v == "1")"#,
        r#"[dyn({"headers": {"x": 1}})].exists(request, request.headers.x == 1 && night)"#,
        r#"request.headers[?"sec-ch-ua-mobile"].orValue("") == "?1" && user.attributes[?"x-zone"].hasValue()"#,
    ] {
        assert_eq!(found(source), [""; 0], "{source}");
    }
}

#[test]
fn the_same_condition_written_differently_is_the_same() {
    for (one, other) in [
        (r#"user.username == "a""#, r#""a" == user["username"]"#),
        (r#"risk.known_ip && outside"#, r#"(outside) && risk.known_ip && outside"#),
        (r#"outside"#, r#"!(cidr("10.0.0.0/8").containsIP(.request.ip))"#),
        (r#"user.username != "a""#, r#"!(user.username == "a")"#),
        (r#"risk.sessions > 3"#, r#"3 < risk.sessions"#),
        (r#"user.username in ["a"]"#, r#"user.username == "a""#),
        (r#"user.username in ["b", "a"]"#, r#"user.username in ["a", "b", "a"]"#),
        (r#"size(user.roles) == 2"#, r#"user.roles.size() == 2"#),
        (r#"now > timestamp("2026-01-01T01:00:00+01:00")"#, r#"timestamp("2026-01-01T00:00:00Z") < now"#),
    ] {
        with(&[one, other], |_, terms| assert_eq!(terms[0], terms[1], "{one} / {other}"));
    }
    for (one, other) in [
        (r#"user.username == "a""#, r#"user.username == "b""#),
        (r#"user.roles.exists(r, r == "a")"#, r#"user.roles.all(r, r == "a")"#),
        (r#"user.attributes.a == ["x"]"#, r#"user.attributes[?"a"] == ["x"]"#),
        (r#"risk.sessions == 9007199254740993"#, r#"risk.sessions == 9007199254740992"#),
    ] {
        with(&[one, other], |_, terms| assert_ne!(terms[0], terms[1], "{one} / {other}"));
    }
}

#[test]
fn what_follows_from_a_condition_is_seen() {
    let on = actions(&["login"]);
    for (first, second, surely) in [
        (r#"client.id == "a" && night"#, r#"client.id == "a""#, true),
        (r#"client.id == "a""#, r#"client.id in ["b", "a"]"#, true),
        (r#"client.id == "a""#, r#"client.id != "b""#, true),
        (r#"risk.sessions > 5"#, r#"risk.sessions > 3"#, true),
        (r#"risk.sessions == 5"#, r#"risk.sessions > 3 && risk.sessions < 9"#, true),
        (r#"outside && night"#, r#"outside || risk.known_ip"#, true),
        (r#"client.id == "a""#, r#"client.id == "a" || user.email == "b""#, true),
        // Without an address the second fails.
        (r#"client.id == "a""#, r#"user.email == "b" || user.email != "b""#, false),
    ] {
        with(&[first, second], |analysis, terms| {
            assert!(analysis.implies(terms[0], terms[1], &on, surely), "{first} / {second}");
            assert!(analysis.implies(terms[0], terms[1], &on, false), "{first} / {second}");
            assert!(!analysis.implies(terms[1], terms[0], &on, false), "{second} / {first}");
            if !surely {
                assert!(!analysis.implies(terms[0], terms[1], &on, true), "{first} / {second}");
            }
        });
    }
}

#[test]
fn a_hostile_policy_costs_no_more_than_its_steps() {
    let both =
        |name: usize| format!("(user.attributes.a{name} == ['x'] || user.attributes.b{name} == ['y'])");
    let source = (0..40).map(both).collect::<Vec<_>>().join(" && ");
    let scope = scope();
    let mut analysis = Analysis::new(&scope, &BTreeMap::new());
    for _ in 0..200 {
        let condition = analysis.condition(&expression(&format!("{source} && !({source})")));
        analysis.never_true(condition, None);
        analysis.never_false(condition, None);
    }
    assert_eq!(analysis.steps, 0);
    // Nothing is claimed without steps to find it out.
    let plain = analysis.condition(&expression("has(user.email) && !has(user.email)"));
    assert!(!analysis.never_true(plain, None));
}

#[test]
fn people_are_counted_where_they_are_written_out() {
    let people = |source: &str| with(&[], |analysis, _| analysis.people(&expression(source)));
    let named = |source: &str| {
        people(source).map(|people| (people.named.into_iter().collect::<Vec<_>>(), people.requester))
    };
    assert_eq!(named(r#"["bob", "eve", "bob"]"#), Some((vec!["bob".to_owned(), "eve".to_owned()], false)));
    assert_eq!(named("[user.username]"), Some((vec![], true)));
    assert_eq!(named("user.username"), Some((vec![], true)));
    assert_eq!(named(r#"["a"] + [user["username"]]"#), Some((vec!["a".to_owned()], true)));
    assert_eq!(named(r#"night ? ["a"] : ["b"]"#), Some((vec!["a".to_owned(), "b".to_owned()], false)));
    for source in [r#"["a" + user.username]"#, r#"user.attributes["manager"]"#, r#"["a", user.email]"#] {
        assert_eq!(named(source), None, "{source}");
    }
}
