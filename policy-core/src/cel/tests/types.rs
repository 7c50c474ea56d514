use super::*;
use crate::cel::check_types;

/// The type that is inferred, or what is wrong.
fn inferred(source: &str) -> String {
    let strings = Type::list(Type::String);
    let bindings =
        [("words", strings.clone()), ("table", Type::map(Type::String, strings)), ("any", Type::Dyn)];
    match check_types(&expression(source), &bindings) {
        Ok(kind) => kind.to_string(),
        Err(problems) => told(source, &problems).join("; "),
    }
}

#[test]
fn every_kind_of_node_has_a_type() {
    for (source, expected) in [
        ("1 + 2", "int"),
        ("1u * 2u", "uint"),
        ("-1.5", "double"),
        ("b'a' + b'b'", "bytes"),
        ("null", "null"),
        ("[1, 2]", "list(int)"),
        ("[]", "list(_)"),
        ("[1, 'a']", "list(dyn)"),
        ("[[], [1]]", "list(list(int))"),
        ("{'a': 1, 'b': 2}", "map(string, int)"),
        ("{'a': 1, 2: 'b'}", "map(dyn, dyn)"),
        ("[?optional.of(1)]", "list(int)"),
        ("{?'a': optional.none(), 'b': 1}", "map(string, int)"),
        ("table.x", "list(string)"),
        ("table.?x", "optional(list(string))"),
        ("table.?x[0]", "optional(string)"),
        ("table[?'x']", "optional(list(string))"),
        ("table['x'][0]", "string"),
        ("optional.of(table).x", "optional(list(string))"),
        ("has(table.x)", "bool"),
        ("any.x.y", "dyn"),
        ("dyn(1)", "dyn"),
        ("dyn(1) + 2", "int"),
        ("words[0] == 'a' && true", "bool"),
        ("1 < 2.0 || 1 == 1u", "bool"),
        ("true ? [] : [1]", "list(int)"),
        ("true ? null : timestamp(0)", "timestamp"),
        ("words.map(w, w.size())", "list(int)"),
        ("words.map(w, w != '', w)", "list(string)"),
        ("words.filter(w, w != '')", "list(string)"),
        ("table.filter(k, k != '')", "list(string)"),
        ("table.map(k, table[k])", "list(list(string))"),
        ("words.transformList(i, w, i)", "list(int)"),
        ("words.transformMap(i, w, w)", "map(int, string)"),
        ("table.transformMapEntry(k, v, {v[0]: k})", "map(string, string)"),
        ("words.sortBy(w, w.size())", "list(string)"),
        ("words.exists(w, w == 'a')", "bool"),
        ("'a' in any", "bool"),
        ("any.distinct()", "list(dyn)"),
        ("any.sort()", "list(dyn)"),
        ("[any].sort()", "list(dyn)"),
        ("[[any], ['a']].flatten()", "list(dyn)"),
        ("type(table) == map", "bool"),
        ("type(timestamp(0)) == google.protobuf.Timestamp", "bool"),
        ("type(duration('1s')) == google.protobuf.Duration", "bool"),
        ("words.first()", "optional(string)"),
        ("words.first().orValue('')", "string"),
        ("optional.none()", "optional(_)"),
        ("optional.none().orValue(1)", "int"),
        ("words.first().optMap(w, w.size())", "optional(int)"),
        ("words.first().optFlatMap(w, table.?w)", "optional(list(string))"),
        ("optional.unwrap([optional.of(1), optional.none()])", "list(int)"),
        ("cel.bind(n, words.size(), n * n)", "int"),
        ("type(words)", "type(list(string))"),
        ("type(1) == string", "bool"),
        ("timestamp(0) - timestamp(0)", "duration"),
        ("duration('1h') + timestamp(0)", "timestamp"),
        ("ip('::1')", "net.IP"),
        ("cidr('::/0').masked()", "net.CIDR"),
        ("math.greatest(1, 2.0)", "dyn"),
        ("math.greatest(1, 2, 3)", "int"),
        ("words.join(', ')", "string"),
        ("[words, words].flatten()", "list(string)"),
        ("any.reverse()", "dyn"),
        ("'a'.reverse()", "string"),
        ("words.reverse()", "list(string)"),
        ("'%s'.format([1, 'a'])", "string"),
        // A mistake in a literal is left to evaluation.
        ("ip('nowhere')", "net.IP"),
        ("'a'.matches('(')", "bool"),
        ("timestamp('never') == null", "bool"),
    ] {
        assert_eq!(inferred(source), expected, "{source}");
    }
}

#[test]
fn what_has_no_type_is_told() {
    for (source, expected) in [
        ("x", "unknown-variable `x`: there is no variable `x`"),
        ("f(1)", "unknown-function `f`: there is no function `f`"),
        ("{1.5: 1}", "bad-map-key `1.5`: a key of a map is a string, an int, a uint or a bool, not a double"),
        ("words[true]", "no-such-overload `true`: a list is read by an int, not by a bool"),
    ] {
        assert_eq!(inferred(source), expected, "{source}");
    }
}

#[test]
fn variables_have_the_types_of_their_expressions() {
    let variables = variables(&[
        ("c", "b.map(x, x.size())"),
        ("b", "a.filter(x, x != '')"),
        ("a", "user.roles"),
        ("one", "two"),
        ("two", "one"),
    ]);
    let mut scope = scope();
    let found = scope.declare(&variables);
    let kinds: Vec<String> = found.iter().map(|(name, it)| format!("{name}: {}", it.kind)).collect();
    assert_eq!(kinds, ["a: list(string)", "b: list(string)", "c: list(int)"]);
    assert_eq!(expression("one == 1 && c[0] > 1").check(&scope), []);
    let problems = told("c == a", &expression("c == a").check(&scope));
    assert_eq!(
        problems,
        ["incomparable-types `c == a`: `==` compares a list(int) with a list(string), which are never equal"]
    );
}

#[test]
fn types_do_not_grow_without_bounds() {
    let mut nested = "x0".to_owned();
    for i in 0..30 {
        nested = format!("cel.bind(x{i}, [[[[[[x{}]]]]]], {nested})", i + 1);
    }
    let source = format!("cel.bind(x30, 1, {nested}) == []");
    let (problems, steps) = steps::of(|| expression(&source).check(&scope()));
    assert_eq!(problems.first().map(|problem| problem.code), Some("limit-depth"));
    assert!(steps < 2_000, "{steps}");
}

#[test]
fn guards_of_many_terms_take_few_steps() {
    let terms: Vec<String> = (0..600).map(|i| format!("action != 'a{i}'")).collect();
    let source = format!("{} && user.email == ''", terms.join(" && "));
    let parsed = expression(&source);
    let (problems, steps) = steps::of(|| parsed.check(&scope()));
    assert_eq!(problems, []);
    assert!(steps < 4_000, "{steps}");
}
