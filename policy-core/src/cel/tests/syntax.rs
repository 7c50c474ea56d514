use super::*;

fn problems(source: &str) -> Vec<String> {
    told(source, &Expression::parse(source).expect_err(source))
}

#[test]
fn a_syntax_error_says_what_is_missing_and_where() {
    for (source, expected) in [
        ("", "syntax ``: the expression is empty"),
        ("a &&", "syntax ``: expected an operand after `&&`, but the expression ends"),
        ("a + * b", "syntax `*`: expected an operand after `+`, but found `*`"),
        ("(a || b", "syntax ``: expected `)` or another argument, but the expression ends"),
        ("a b", "syntax `b`: expected an operator or the end of the expression, but found `b`"),
        (
            "a and b",
            "syntax `and`: expected an operator or the end of the expression, but found `and` (write `&&` for \"and\")",
        ),
        ("a = 1", "syntax `=`: `=` is no operator of CEL (write `==` to compare)"),
        ("a & b", "syntax `&`: `&` is no operator of CEL (write `&&` for \"and\")"),
        ("user.", "syntax ``: expected the name of a field or a function after `.`, but the expression ends"),
        (
            "\"abc",
            "syntax `\"abc`: this string is never closed (close it with the quote that it starts with)",
        ),
        ("“abc”", "syntax `“`: `“` does not belong into an expression (use the plain quotes `\"` or `'`)"),
        ("f(1,)", "syntax `,`: expected an argument after `,`"),
        ("{\"a\" 1}", "syntax `1`: expected `:` and the value of this entry, but found `1`"),
        (
            "a ? b",
            "syntax ``: expected `:` and what holds otherwise, but the expression ends (a conditional is written `condition ? this : that`)",
        ),
        ("let x", "reserved-word `let`: `let` is a reserved word of CEL and can't be a name here"),
        (
            "99999999999999999999",
            "invalid-literal `99999999999999999999`: this number is too large for an int (64 bits)",
        ),
        (
            r#""\d+""#,
            r#"invalid-literal `"\d+"`: `\d` is no escape of CEL; write `\\` for a backslash, or a raw string r"…""#,
        ),
        (
            "has(user)",
            "macro-misuse `has(user)`: `has(…)` takes one field, such as `has(user.email)` (for a key that is no name, write `\"key\" in map`)",
        ),
        (
            "l.all(x)",
            "macro-misuse `l.all(x)`: `all` is written `list.all(x, condition)` or `list.all(i, x, condition)`, where x is a plain name",
        ),
        (
            "User{a: 1}",
            "syntax `{`: a message (`Type{field: value}`) can't be built here (a map is written `{\"field\": value}`)",
        ),
    ] {
        assert_eq!(problems(source).first().map(String::as_str), Some(expected), "{source}");
    }
}

#[test]
fn all_syntax_errors_are_told_in_one_pass() {
    let source = "f(a +, b *) && [1 2]";
    assert_eq!(
        problems(source),
        [
            "syntax `,`: expected an operand after `+`, but found `,`",
            "syntax `)`: expected an operand after `*`, but found `)`",
            "syntax `2`: expected `]`, but found `2`",
        ]
    );
}

#[test]
fn places_are_byte_offsets_also_behind_wide_characters() {
    let problem = Expression::parse("\"äöü\" == x &&").expect_err("incomplete").remove(0);
    assert_eq!(problem.range, 16..16);
    let problem = Expression::parse("'ä' +\n  € 1").expect_err("no token").remove(0);
    assert_eq!(problem.range, 9..12);
}

#[test]
fn comments_and_raw_strings_are_read() {
    assert_eq!(eval("true // and so on\n && r'\\d' == '\\\\d'"), Ok(true));
}
