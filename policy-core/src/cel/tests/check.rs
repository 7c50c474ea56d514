use super::*;

fn problems(source: &str) -> Vec<String> {
    told(source, &expression(source).check(&scope().with_variables(["outside_office"])))
}

#[test]
fn a_mistake_is_told_with_what_would_be_right() {
    for (source, expected) in [
        (
            "user.role == 'x'",
            "unknown-field `user.role`: `user` has no field `role` (did you mean `roles`? It is a list: `\"…\" in user.roles`)",
        ),
        (
            "has(user.emial)",
            "unknown-field `user.emial`: `user` has no field `emial` (did you mean `email`?)",
        ),
        (
            "user['emial'] == ''",
            "unknown-field `user['emial']`: `user` has no field `emial` (did you mean `email`?)",
        ),
        (
            "roles.size() > 0",
            "unknown-variable `roles`: there is no variable `roles` (did you mean `user.roles`?)",
        ),
        (
            "outside_ofice",
            "unknown-variable `outside_ofice`: there is no variable `outside_ofice` (did you mean `outside_office`?)",
        ),
        (
            "user.roles.name == 'x'",
            "unknown-field `user.roles.name`: `user.roles` is a list and has no field `name` (write `\"name\" in user.roles`)",
        ),
        (
            "user.roles.exists(r, r.name == 'x')",
            "unknown-field `r.name`: `r` is a string and has no field `name`",
        ),
        (
            "user.username.startWith('a')",
            "unknown-function `startWith`: there is no function `startWith` (did you mean `startsWith`?)",
        ),
        (
            "startsWith(user.username, 'a')",
            "unknown-function `startsWith`: there is no function `startsWith` (it is called on a value: `value.startsWith(…)`)",
        ),
        (
            "now()",
            "unknown-function `now`: there is no function `now` (`now` is a variable: write it without parentheses)",
        ),
        ("size()", "wrong-argument-count `size`: `size` takes 1 argument(s), not 0"),
        (
            "user.username.replace('a')",
            "wrong-argument-count `replace`: `replace` takes 2 to 3 argument(s), not 1",
        ),
        ("all(user.roles, true)", "macro-misuse `all`: `all` is called on a list or a map"),
        (
            "user.username.matches('(a')",
            "invalid-regex `'(a'`: this is no valid regular expression (RE2): unclosed group",
        ),
        ("ip('10.0.0') == ip(request.ip)", "invalid-ip `'10.0.0'`: this is no IP address"),
        (
            "cidr('10.0.0.0/33').containsIP(request.ip)",
            "invalid-cidr `'10.0.0.0/33'`: the prefix length is out of range",
        ),
        (
            "now > timestamp('2026')",
            "invalid-timestamp `'2026'`: this is no timestamp; one is written `2026-01-31T12:00:00Z`",
        ),
        (
            "now - now > duration('1 h')",
            "invalid-duration `'1 h'`: this is no duration; one is written `1h30m` or `90s`",
        ),
        (
            "user.roles.contains('x')",
            "no-such-overload `contains`: `contains` can't be called on a list(string) with (string) (write `\"x\" in user.roles`)",
        ),
    ] {
        assert_eq!(problems(source), [expected], "{source}");
    }
}

#[test]
fn what_may_be_right_is_let_pass() {
    for source in [
        "outside_office && user.attributes.anything == ['x']",
        "user.attributes[?'team'].orValue([]).exists(t, t.startsWith('x'))",
        "user.?email.orValue('') == ''",
        "request.headers['x-forwarded-for'][0].split(',').map(s, s.trim()).size() > 1",
        "user.attributes.exists(k, k.startsWith('x') && user.attributes[k].size() > 0)",
        "user.attributes.all(k, v, v.size() > 0)",
        "[{'name': 1}].exists(e, e.name == 1)",
        "cel.bind(u, user, u.roles.size() > 0)",
        "optional.of(user).optMap(u, u.roles).hasValue()",
        "type(user.roles) == list && type(ip('::1')) == net.IP",
        "timestamp(user.username) < now && ip.isCanonical(request.ip) && isIP('no')",
        "user.created_at.getHours('Europe/Berlin') < 7",
        "dyn(user.username).contains('x')",
    ] {
        assert_eq!(problems(source), [""; 0], "{source}");
    }
}

#[test]
fn every_listed_function_exists() {
    for name in crate::cel::functions::names(crate::cel::functions::Style::Global) {
        let (min, max) =
            crate::cel::functions::arity(name, crate::cel::functions::Style::Global).expect("listed");
        for count in min..=max.min(3) {
            let args = vec!["[null]"; count].join(", ");
            let outcome = eval(&format!("{name}({args}) == 1"));
            assert!(!format!("{outcome:?}").contains("there is no function"), "{name}: {outcome:?}");
        }
    }
    for name in crate::cel::functions::names(crate::cel::functions::Style::Member) {
        let (min, _) =
            crate::cel::functions::arity(name, crate::cel::functions::Style::Member).expect("listed");
        let outcome = eval(&format!("null.{name}({}) == 1", vec!["null"; min].join(", ")));
        assert!(!format!("{outcome:?}").contains("there is no function"), "{name}: {outcome:?}");
    }
}

#[test]
fn references_are_the_free_names_and_the_paths_read() {
    let source = "outside && user.roles.exists(r, r == user.attributes['team'][0]) && has(request.?ip.x) && type(1) == int";
    let references = expression(source).references();
    let names: Vec<_> = references.names.iter().map(String::as_str).collect();
    let paths: Vec<_> = references.paths.iter().map(|path| path.join(".")).collect();
    assert_eq!(names, ["outside", "request", "user"]);
    assert_eq!(paths, ["outside", "request.ip.x", "user.attributes.team", "user.roles"]);
}
