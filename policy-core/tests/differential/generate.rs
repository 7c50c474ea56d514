//! Random expressions, mostly well typed. They are built from a list of choices, so that a shorter list, or one of smaller
//! numbers, is a simpler expression: that is how a counterexample shrinks.

/// What an expression is meant to come to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Null,
    Ints,
    Texts,
    Mixed,
    Map,
    Instant,
    Span,
    Maybe,
    Type,
}

const KINDS: [Kind; 15] = [
    Kind::Bool,
    Kind::Int,
    Kind::Uint,
    Kind::Double,
    Kind::Text,
    Kind::Bytes,
    Kind::Null,
    Kind::Ints,
    Kind::Texts,
    Kind::Mixed,
    Kind::Map,
    Kind::Instant,
    Kind::Span,
    Kind::Maybe,
    Kind::Type,
];

const DEPTH: u8 = 4;

/// The expression that these choices stand for.
pub(crate) fn expression(choices: &[u8]) -> String {
    let mut builder = Builder { choices: choices.iter(), variables: Vec::new(), named: 0 };
    let kind = builder.any_kind();
    builder.expr(kind, DEPTH)
}

struct Builder<'c> {
    choices: std::slice::Iter<'c, u8>,
    /// The variables of the macros around this place.
    variables: Vec<(String, Kind)>,
    named: usize,
}

impl Builder<'_> {
    /// A number below `n`; 0 once the choices are used up.
    fn pick(&mut self, n: usize) -> usize {
        usize::from(self.choices.next().copied().unwrap_or(0)) % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.pick(of.len())]
    }

    fn any_kind(&mut self) -> Kind {
        self.one(&KINDS)
    }

    fn any(&mut self, depth: u8) -> String {
        let kind = self.any_kind();
        self.expr(kind, depth)
    }

    /// An expression, meant to be of this kind; one of some is not.
    fn expr(&mut self, kind: Kind, depth: u8) -> String {
        let kind = if self.pick(24) == 23 { self.any_kind() } else { kind };
        let Some(below) = depth.checked_sub(1) else { return self.leaf(kind) };
        if self.pick(4) == 0 {
            return self.leaf(kind);
        }
        match self.pick(10) {
            0 => {
                let (c, a, b) =
                    (self.expr(Kind::Bool, below), self.expr(kind, below), self.expr(kind, below));
                format!("({c} ? {a} : {b})")
            }
            1 => {
                let (a, b) = (self.any(below), self.expr(kind, below));
                format!("[{b}, {a}][{}]", self.one(&["0", "1", "0u", "0.0", "2", "-1"]))
            }
            2 => {
                let (a, b) = (self.expr(kind, below), self.expr(kind, below));
                let key = self.one(&["'k'", "1", "2u", "true"]);
                let read = self.one(&["'k'", "1", "2u", "true", "1.0", "'x'"]);
                format!("{{{key}: {a}, 'x': {b}}}[{read}]")
            }
            3 => {
                let (a, b) = (self.expr(kind, below), self.expr(kind, below));
                format!("optional.of({a}).orValue({b})")
            }
            _ => self.composite(kind, below),
        }
    }

    fn composite(&mut self, kind: Kind, below: u8) -> String {
        match kind {
            Kind::Bool => self.bool(below),
            Kind::Int => self.int(below),
            Kind::Uint => {
                let (a, b) = (self.expr(Kind::Uint, below), self.expr(Kind::Uint, below));
                match self.pick(4) {
                    0 => format!("({a} {} {b})", self.one(&["+", "-", "*", "/", "%"])),
                    1 => format!("uint({})", self.any(below)),
                    2 => format!(
                        "math.{}({a}, {b})",
                        self.one(&["bitAnd", "bitOr", "bitXor", "greatest", "least"])
                    ),
                    _ => format!(
                        "math.{}({a}, {})",
                        self.one(&["bitShiftLeft", "bitShiftRight"]),
                        self.expr(Kind::Int, below)
                    ),
                }
            }
            Kind::Double => self.double(below),
            Kind::Text => self.text(below),
            Kind::Bytes => match self.pick(3) {
                0 => format!("({} + {})", self.expr(Kind::Bytes, below), self.expr(Kind::Bytes, below)),
                1 => format!("bytes({})", self.expr(Kind::Text, below)),
                _ => format!("base64.decode({})", self.expr(Kind::Text, below)),
            },
            Kind::Null => self.leaf(Kind::Null),
            Kind::Ints | Kind::Texts | Kind::Mixed => self.list(kind, below),
            Kind::Map => {
                let (a, b) = (self.any(below), self.any(below));
                let (first, second) =
                    (self.one(&["'a'", "1", "true"]), self.one(&["'b'", "2u", "1u", "false"]));
                match self.pick(2) {
                    0 => format!("{{{first}: {a}, {second}: {b}}}"),
                    _ => format!("{{?{first}: {}, {second}: {b}}}", self.expr(Kind::Maybe, below)),
                }
            }
            Kind::Instant => match self.pick(3) {
                0 => format!("({} + {})", self.expr(Kind::Instant, below), self.expr(Kind::Span, below)),
                1 => format!("({} - {})", self.expr(Kind::Instant, below), self.expr(Kind::Span, below)),
                _ => format!("timestamp({})", self.expr(Kind::Int, below)),
            },
            Kind::Span => match self.pick(3) {
                0 => format!("({} + {})", self.expr(Kind::Span, below), self.expr(Kind::Span, below)),
                1 => format!("({} - {})", self.expr(Kind::Span, below), self.expr(Kind::Span, below)),
                _ => format!("({} - {})", self.expr(Kind::Instant, below), self.expr(Kind::Instant, below)),
            },
            Kind::Maybe => self.maybe(below),
            Kind::Type => format!("type({})", self.any(below)),
        }
    }

    fn bool(&mut self, below: u8) -> String {
        match self.pick(14) {
            0 => {
                let kind = self.any_kind();
                let (a, b) = (self.expr(kind, below), self.expr(kind, below));
                format!("({a} {} {b})", self.one(&["==", "!=", "<", "<=", ">", ">="]))
            }
            1 | 2 => {
                let (a, b) = (self.expr(Kind::Bool, below), self.expr(Kind::Bool, below));
                format!("({a} {} {b})", self.one(&["&&", "||"]))
            }
            3 => format!("!{}", self.expr(Kind::Bool, below)),
            4 => {
                let numbers = [Kind::Int, Kind::Uint, Kind::Double];
                let (a, b) = (self.one(&numbers), self.one(&numbers));
                let (a, b) = (self.expr(a, below), self.expr(b, below));
                format!("({a} {} {b})", self.one(&["==", "!=", "<", "<=", ">", ">="]))
            }
            5 => {
                let container = self.one(&[Kind::Ints, Kind::Texts, Kind::Mixed, Kind::Map]);
                let (a, b) = (self.any(below), self.expr(container, below));
                format!("({a} in {b})")
            }
            6 => {
                let (a, b) = (self.expr(Kind::Text, below), self.expr(Kind::Text, below));
                format!("{a}.{}({b})", self.one(&["contains", "startsWith", "endsWith"]))
            }
            7 | 8 => {
                let name = self.one(&["all", "exists", "exists_one"]);
                self.looped(name, Kind::Bool, below)
            }
            9 => {
                let map = self.expr(Kind::Map, below);
                format!("has({map}.{})", self.one(&["a", "b", "c"]))
            }
            10 => format!("{}.hasValue()", self.expr(Kind::Maybe, below)),
            11 => format!("bool({})", self.expr(Kind::Text, below)),
            12 => {
                let function = self.one(&["isNaN", "isInf", "isFinite"]);
                format!("math.{function}({})", self.expr(Kind::Double, below))
            }
            _ => {
                let text = self.expr(Kind::Text, below);
                format!(
                    "{text}.matches({})",
                    self.one(&["'b+'", "'^a.c$'", "'[^a]'", "'(?i)ABC'", "'('", "'\\\\d'"])
                )
            }
        }
    }

    fn int(&mut self, below: u8) -> String {
        match self.pick(11) {
            0 | 1 => {
                let (a, b) = (self.expr(Kind::Int, below), self.expr(Kind::Int, below));
                format!("({a} {} {b})", self.one(&["+", "-", "*", "/", "%"]))
            }
            2 => format!("-({})", self.expr(Kind::Int, below)),
            3 => {
                let kind = self.one(&[Kind::Text, Kind::Bytes, Kind::Ints, Kind::Mixed, Kind::Map]);
                format!("size({})", self.expr(kind, below))
            }
            4 => format!("int({})", self.any(below)),
            5 => {
                let (a, b) = (self.expr(Kind::Text, below), self.expr(Kind::Text, below));
                let from = self.one(&["", ", 0", ", 1", ", 2", ", -1", ", 9"]);
                format!("{a}.{}({b}{from})", self.one(&["indexOf", "lastIndexOf"]))
            }
            6 => {
                let at = self.expr(Kind::Instant, below);
                let part = self.one(&[
                    "getFullYear",
                    "getMonth",
                    "getDayOfYear",
                    "getDayOfMonth",
                    "getDate",
                    "getDayOfWeek",
                    "getHours",
                    "getMinutes",
                    "getSeconds",
                    "getMilliseconds",
                ]);
                let zone = self.one(&[
                    "",
                    "'UTC'",
                    "'+05:30'",
                    "'-02:30'",
                    "'America/Phoenix'",
                    "'Europe/Zurich'",
                    "'x'",
                ]);
                format!("{at}.{part}({zone})")
            }
            7 => {
                let span = self.expr(Kind::Span, below);
                format!("{span}.{}()", self.one(&["getHours", "getMinutes", "getSeconds", "getMilliseconds"]))
            }
            8 => {
                let (a, b) = (self.expr(Kind::Int, below), self.expr(Kind::Int, below));
                let function = self.one(&[
                    "greatest",
                    "least",
                    "bitAnd",
                    "bitOr",
                    "bitXor",
                    "bitShiftLeft",
                    "bitShiftRight",
                ]);
                format!("math.{function}({a}, {b})")
            }
            9 => format!("math.{}({})", self.one(&["abs", "sign", "bitNot"]), self.expr(Kind::Int, below)),
            _ => format!("{}.value()", self.expr(Kind::Maybe, below)),
        }
    }

    fn double(&mut self, below: u8) -> String {
        match self.pick(5) {
            0 | 1 => {
                let (a, b) = (self.expr(Kind::Double, below), self.expr(Kind::Double, below));
                format!("({a} {} {b})", self.one(&["+", "-", "*", "/", "%"]))
            }
            2 => format!("double({})", self.any(below)),
            3 => {
                let function = self.one(&["ceil", "floor", "round", "trunc", "abs", "sign", "sqrt"]);
                format!("math.{function}({})", self.expr(Kind::Double, below))
            }
            _ => {
                let (a, b) = (self.expr(Kind::Double, below), self.expr(Kind::Int, below));
                format!("math.{}({a}, {b})", self.one(&["greatest", "least"]))
            }
        }
    }

    fn text(&mut self, below: u8) -> String {
        match self.pick(11) {
            0 => format!("({} + {})", self.expr(Kind::Text, below), self.expr(Kind::Text, below)),
            1 => format!("string({})", self.any(below)),
            2 => format!("{}.charAt({})", self.expr(Kind::Text, below), self.expr(Kind::Int, below)),
            3 => {
                let range = self.one(&["0", "1", "0, 2", "1, 1", "2, 1", "-1", "9", "1, 9"]);
                format!("{}.substring({range})", self.expr(Kind::Text, below))
            }
            4 => {
                let (a, b, c) = (
                    self.expr(Kind::Text, below),
                    self.expr(Kind::Text, below),
                    self.expr(Kind::Text, below),
                );
                format!("{a}.replace({b}, {c}{})", self.one(&["", ", 0", ", 1", ", -1"]))
            }
            5 => format!("{}.join({})", self.expr(Kind::Texts, below), self.one(&["", "'-'", "''"])),
            6 => {
                let function = self.one(&["lowerAscii", "upperAscii", "trim", "reverse"]);
                format!("{}.{function}()", self.expr(Kind::Text, below))
            }
            7 => format!("strings.quote({})", self.expr(Kind::Text, below)),
            8 => format!("base64.encode({})", self.expr(Kind::Bytes, below)),
            9 => {
                let clause =
                    self.one(&["%s", "%d", "%f", "%.2f", "%e", "%.0e", "%x", "%X", "%o", "%b", "a%%%s", "%"]);
                format!("'{clause}'.format([{}])", self.any(below))
            }
            _ => format!("'%s %s'.format({})", self.expr(Kind::Mixed, below)),
        }
    }

    fn list(&mut self, kind: Kind, below: u8) -> String {
        let element = match kind {
            Kind::Ints => Kind::Int,
            Kind::Texts => Kind::Text,
            _ => self.any_kind(),
        };
        match self.pick(11) {
            0 | 1 => {
                let items: Vec<_> = (0..self.pick(4)).map(|_| self.expr(element, below)).collect();
                format!("[{}]", items.join(", "))
            }
            2 => format!("({} + {})", self.expr(kind, below), self.expr(kind, below)),
            3 => self.looped("map", element, below),
            4 => self.looped("filter", Kind::Bool, below),
            5 => {
                let list = self.expr(kind, below);
                format!(
                    "{list}.{}",
                    self.one(&["slice(0, 1)", "slice(1, 2)", "slice(1, 0)", "slice(-1, 1)", "slice(0, 9)"])
                )
            }
            6 => {
                let list = self.expr(kind, below);
                format!("{list}.{}()", self.one(&["distinct", "sort", "reverse", "flatten"]))
            }
            7 if kind == Kind::Texts => {
                let (a, b) = (self.expr(Kind::Text, below), self.expr(Kind::Text, below));
                format!("{a}.split({b}{})", self.one(&["", ", 0", ", 1", ", 2", ", -1"]))
            }
            7 => format!("lists.range({})", self.one(&["0", "1", "3", "-1"])),
            8 => format!("[?{}, {}]", self.expr(Kind::Maybe, below), self.expr(element, below)),
            9 => self.looped("sortBy", element, below),
            _ => {
                let (name, range) = (self.name(), self.expr(kind, below));
                let condition = self.within(&name, element, Kind::Bool, below);
                let value = self.within(&name, element, element, below);
                format!("{range}.map({name}, {condition}, {value})")
            }
        }
    }

    fn maybe(&mut self, below: u8) -> String {
        match self.pick(7) {
            0 => format!("optional.of({})", self.any(below)),
            1 => format!("optional.ofNonZeroValue({})", self.any(below)),
            2 => format!("{}.?{}", self.expr(Kind::Map, below), self.one(&["a", "b", "a.b"])),
            3 => {
                format!("{}[?{}]", self.expr(Kind::Map, below), self.one(&["'a'", "1", "2u", "true", "1.0"]))
            }
            4 => format!("{}[?{}]", self.expr(Kind::Ints, below), self.one(&["0", "1", "-1", "0u", "0.0"])),
            5 => format!("{}.or({})", self.expr(Kind::Maybe, below), self.expr(Kind::Maybe, below)),
            _ => {
                let (name, function) = (self.name(), self.one(&["optMap", "optFlatMap"]));
                let target = self.expr(Kind::Maybe, below);
                let body = if function == "optMap" { self.any_kind() } else { Kind::Maybe };
                let body = self.within(&name, Kind::Int, body, below);
                format!("{target}.{function}({name}, {body})")
            }
        }
    }

    /// A macro over a list or a map.
    fn looped(&mut self, function: &str, body: Kind, below: u8) -> String {
        let (range, element) = self.one(&[
            (Kind::Ints, Kind::Int),
            (Kind::Texts, Kind::Text),
            (Kind::Mixed, Kind::Int),
            (Kind::Map, Kind::Text),
        ]);
        // What is over a map comes in no particular order in the crate.
        let range = if matches!(function, "map" | "filter" | "sortBy") && range == Kind::Map {
            Kind::Texts
        } else {
            range
        };
        let name = self.name();
        let range = self.expr(range, below);
        let body = self.within(&name, element, body, below);
        format!("{range}.{function}({name}, {body})")
    }

    fn within(&mut self, name: &str, kind: Kind, body: Kind, below: u8) -> String {
        self.variables.push((name.to_owned(), kind));
        let body = self.expr(body, below);
        self.variables.pop();
        body
    }

    /// A name for a variable; one that is taken, now and then.
    fn name(&mut self) -> String {
        self.named += 1;
        match self.pick(6) {
            5 => "x1".to_owned(),
            _ => format!("x{}", self.named),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        let fitting: Vec<_> =
            self.variables.iter().filter(|(_, known)| *known == kind).map(|(name, _)| name.clone()).collect();
        if !fitting.is_empty() && self.pick(3) > 0 {
            return fitting[self.pick(fitting.len())].clone();
        }
        let constants: &[&str] = match kind {
            Kind::Bool => &["true", "false", "(1 / 0 == 1)"],
            Kind::Int => &["0", "1", "2", "-1", "7", "64", "9223372036854775807", "-9223372036854775808"],
            Kind::Uint => &["0u", "1u", "2u", "64u", "9223372036854775808u", "18446744073709551615u"],
            Kind::Double => &[
                "0.0",
                "1.0",
                "-0.0",
                "1.5",
                "-2.5",
                "1e300",
                "9223372036854775808.0",
                "(0.0 / 0.0)",
                "(1.0 / 0.0)",
            ],
            Kind::Text => &[
                "''",
                "'a'",
                "'abc'",
                "'é😀'",
                "' a,b '",
                "'1'",
                "'-1.5'",
                "'true'",
                "'YWI='",
                "'abcabc'",
                "'2009-02-13T23:31:30Z'",
                "'1h30m'",
                "'%s'",
            ],
            Kind::Bytes => &["b''", "b'a'", "b'\\xff'", "b'é'"],
            Kind::Null => &["null"],
            Kind::Ints => &["[]", "[1]", "[2, 1]", "[0, 1, 0]", "[-1, 9223372036854775807]"],
            Kind::Texts => &["[]", "['a']", "['b', 'a']", "['', 'é', '']"],
            Kind::Mixed => {
                &["[]", "[1, 'a']", "[1, 1u, 1.0]", "[null, [1], {'a': 1}]", "[true, b'a', 0.0 / 0.0]"]
            }
            Kind::Map => &[
                "{}",
                "{'a': 1}",
                "{1: 'x', 2u: 'y'}",
                "{true: 1, 'b': {'b': 2}}",
                "{'a': {'b': 2}, 'b': null}",
            ],
            Kind::Instant => &[
                "timestamp(0)",
                "timestamp('2009-02-13T23:31:30.5Z')",
                "timestamp(253402300799)",
                "timestamp(-62135596800)",
                "timestamp('1969-12-31T23:59:59.999999999Z')",
            ],
            Kind::Span => &[
                "duration('0s')",
                "duration('1h30m')",
                "duration('-1.5s')",
                "duration('1ns')",
                "duration('2562047h')",
            ],
            Kind::Maybe => &["optional.none()", "optional.of(1)", "optional.of('a')"],
            Kind::Type => &["int", "string", "list", "google.protobuf.Timestamp", "optional_type", "type"],
        };
        self.one(constants).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::expression;

    #[test]
    fn fewer_choices_make_a_simpler_expression() {
        assert_eq!(expression(&[]), "true");
        assert!(expression(&[1; 40]).len() > expression(&[0; 40]).len());
    }
}
