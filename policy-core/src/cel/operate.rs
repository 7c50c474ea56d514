//! Operators and calls.

use std::cmp::Ordering;

use cel::common::ast::{CallExpr, Expr as CelExpr};
use cel::common::types::{CelDuration, CelInt, CelList, CelMap, CelString, Kind};
use cel::common::value::{CowVal, Val};
use cel::{Context, ExecutionError, IdedExpr};

use super::ast::{Binary, Call, Node};
use super::evaluate::{Evaluator, Failure, Frame, Outcome, Val1, bool, fault};
use super::functions::ENV;
use super::inspect::{a_type, article, plain_type};

impl Evaluator<'_> {
    pub(super) fn binary<'a>(
        &'a self,
        operator: Binary,
        sides: &'a (Node, Node),
        node: &'a Node,
        frame: Option<&'a Frame<'a>>,
    ) -> Outcome<'a> {
        let left = self.eval(&sides.0, frame)?;
        let right = self.eval(&sides.1, frame)?;
        let (l, r) = (left.as_ref(), right.as_ref());
        let result = match operator {
            Binary::Equal | Binary::NotEqual => {
                self.charge_compared(l)?;
                return Ok(bool(l.equals(r) == (operator == Binary::Equal)));
            }
            Binary::Less => return self.compare(l, r, operator, node, |order| order == Ordering::Less),
            Binary::LessOrEqual => {
                return self.compare(l, r, operator, node, |order| order != Ordering::Greater);
            }
            Binary::Greater => return self.compare(l, r, operator, node, |order| order == Ordering::Greater),
            Binary::GreaterOrEqual => {
                return self.compare(l, r, operator, node, |order| order != Ordering::Less);
            }
            Binary::In => {
                self.charge_compared(r)?;
                r.as_container().map(|container| container.contains(l).map(bool))
            }
            Binary::Add => {
                // A list takes a map on its right, whose order is no order.
                let map = r.downcast_ref::<CelMap<'_>>().is_some();
                if l.downcast_ref::<CelInt>().is_none() {
                    self.charge_size(l)?;
                    self.charge_size(r)?;
                }
                l.as_adder().filter(|_| !map).map(|adder| adder.add(r).map(owned))
            }
            Binary::Subtract => l.as_subtractor().map(|it| it.sub(r).map(owned)),
            Binary::Multiply => l.as_multiplier().map(|it| it.mul(r).map(owned)),
            Binary::Divide => l.as_divider().map(|it| it.div(r).map(owned)),
            Binary::Remainder => l.as_modder().map(|it| it.modulo(r).map(owned)),
        };
        match result {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => fault(node, arithmetic(&error).unwrap_or_else(|| mismatch(operator, l, r))),
            None => fault(node, mismatch(operator, l, r)),
        }
    }

    /// Comparing costs the size of what is compared, where it has one.
    fn charge_compared(&self, value: &dyn Val) -> Result<(), Failure> {
        match value.get_type().kind() {
            Kind::Boolean | Kind::Int | Kind::UInt | Kind::Double => Ok(()),
            _ => self.charge_size(value).map(drop),
        }
    }

    fn compare<'a>(
        &'a self,
        l: &dyn Val,
        r: &dyn Val,
        operator: Binary,
        node: &Node,
        holds: impl Fn(Ordering) -> bool,
    ) -> Outcome<'a> {
        self.charge_compared(l)?;
        match l.as_comparer().map(|comparer| comparer.compare(r)) {
            Some(Ok(order)) => Ok(bool(holds(order))),
            _ => fault(node, mismatch(operator, l, r)),
        }
    }

    pub(super) fn call<'a>(
        &'a self,
        call: &'a Call,
        node: &'a Node,
        frame: Option<&'a Frame<'a>>,
    ) -> Outcome<'a> {
        let mut args: Vec<Val1<'a>> = Vec::with_capacity(call.args.len().saturating_add(1));
        for arg in call.target.iter().chain(&call.args) {
            args.push(self.eval(arg, frame)?);
        }
        let name = call.function.trim_start_matches('.');
        if name != "size" {
            self.charge_call(name, &args)?;
        }
        if let Some(value) = self.matches(name, &args, node)? {
            return Ok(value);
        }
        if name == "size"
            && let [container] = args.as_slice()
            && let Some(sizer) = container.as_sizer()
        {
            return Ok(CowVal::owned(sizer.size()));
        }
        if name == "getMilliseconds"
            && let [span] = args.as_slice()
            && let Some(span) = span.downcast_ref::<CelDuration>()
        {
            // cel-spec: the part below a second; the crate gives the whole span.
            let part = i64::from(span.inner().subsec_nanos()).checked_div(1_000_000).unwrap_or_default();
            return Ok(CowVal::owned(CelInt::from(part)));
        }
        let described: Vec<String> =
            args.iter().map(|arg| plain_type(arg.get_type().name()).to_owned()).collect();
        let result = if call.target.is_some() { self.member(name, args)? } else { global(name, args) };
        match result {
            Ok(value) => {
                self.charge_compared(value.as_ref())?;
                Ok(value)
            }
            Err(error) => fault(node, called(name, &described, call.target.is_some(), error)),
        }
    }

    /// Calls a member function through the crate, which alone can look its overloads up.
    pub(super) fn member<'a>(
        &'a self,
        name: &str,
        args: Vec<Val1<'a>>,
    ) -> Result<Result<Val1<'a>, ExecutionError>, Failure> {
        let mut context = Context::with_env(ENV.clone());
        let mut nodes = Vec::with_capacity(args.len());
        for (i, arg) in args.into_iter().enumerate() {
            let variable = format!("@{i}");
            context.add_variable_as_val(variable.clone(), self.own(arg)?);
            nodes.push(IdedExpr { id: 0, expr: CelExpr::Ident(variable) });
        }
        let target = (!nodes.is_empty()).then(|| Box::new(nodes.remove(0)));
        let call = CallExpr { func_name: name.to_owned(), target, args: nodes };
        let expr = IdedExpr { id: 0, expr: CelExpr::Call(call) };
        Ok(cel::Value::resolve_val(&expr, &context).map(|value| CowVal::Owned(value.into_owned())))
    }

    /// Charges for the work and the result of the functions whose cost is more than the size of their arguments.
    fn charge_call(&self, name: &str, args: &[Val1<'_>]) -> Result<(), Failure> {
        let mut total = 0_u64;
        for arg in args {
            total = total.saturating_add(self.charge_size(arg.as_ref())?);
        }
        let text = |at: usize| {
            args.get(at).and_then(|arg| arg.downcast_ref::<CelString<'_>>()).map(CelString::inner)
        };
        let length = |at: usize| {
            args.get(at)
                .and_then(|arg| arg.downcast_ref::<CelList<'_>>())
                .map_or(0, |list| cost(list.inner().len()))
        };
        self.charge(match name {
            "replace" => match (text(0), text(1), text(2)) {
                (Some(text), Some(from), Some(to)) => {
                    let times = if from.is_empty() {
                        text.len().saturating_add(1)
                    } else {
                        text.matches(from).count()
                    };
                    cost(times.saturating_mul(to.len())) >> 4
                }
                _ => 0,
            },
            "split" => text(0).map_or(0, |text| cost(text.len())),
            "join" => length(0).saturating_mul(text(1).map_or(0, |text| cost(text.len()))) >> 4,
            "lists.range" => {
                let count =
                    args.first().and_then(|arg| arg.downcast_ref::<CelInt>()).map_or(0, |n| *n.inner());
                u64::try_from(count).unwrap_or(0)
            }
            "distinct" => length(0).saturating_mul(total),
            "sort" => length(0).saturating_mul(16),
            // Each argument may be written with up to 1,000 decimals.
            "format" => length(1).saturating_mul(64).saturating_add(total.saturating_mul(8)),
            _ => 0,
        })
    }
}

/// Calls a global function.
fn global<'a>(name: &str, args: Vec<Val1<'a>>) -> Result<Val1<'a>, ExecutionError> {
    let name = match name {
        // The names of the functions behind the crate's macros.
        "math.greatest" => "math.@max",
        "math.least" => "math.@min",
        name => name,
    };
    match ENV.find_overload(name, &args) {
        Some(function) => function(args),
        None => Err(ExecutionError::no_such_overload(name, Vec::new())),
    }
}

fn owned<'a>(value: CowVal<'_, 'static>) -> Val1<'a> {
    CowVal::Owned(value.into_owned())
}

pub(super) fn cost(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// What went wrong in the operation itself, rather than with the types of its operands.
fn arithmetic(error: &ExecutionError) -> Option<String> {
    match error {
        ExecutionError::DivisionByZero(_) => Some("division by zero".to_owned()),
        ExecutionError::RemainderByZero(_) => Some("remainder of a division by zero".to_owned()),
        ExecutionError::Overflow(..) => Some("the result is too large for its type".to_owned()),
        _ => None,
    }
}

fn mismatch(operator: Binary, l: &dyn Val, r: &dyn Val) -> String {
    let symbol = operator.symbol();
    match operator {
        Binary::In => format!("`in` can't look for {} in {}", a_type(l), a_type(r)),
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
            format!("`{symbol}` can't compare {} with {}", a_type(l), a_type(r))
        }
        _ => format!("`{symbol}` does not work on {} and {}", a_type(l), a_type(r)),
    }
}

/// What went wrong in a call. The crate's own messages may hold values of the context, so only those of the network
/// functions, which hold none, are passed on.
fn called(name: &str, types: &[String], member: bool, error: ExecutionError) -> String {
    match error {
        // The crate, built without its regexes, does not know `matches`, which is ours for two strings.
        ExecutionError::UndeclaredReference(_) if name != "matches" => {
            format!("there is no function `{name}`")
        }
        ExecutionError::NoSuchOverload(_) | ExecutionError::UndeclaredReference(_) => match types {
            [target, rest @ ..] if member => {
                format!("`{name}` can't be called on {} with ({})", article(target), rest.join(", "))
            }
            types => format!("`{name}` does not take ({})", types.join(", ")),
        },
        ExecutionError::FunctionError { function, message } if matches!(function.as_str(), "ip" | "cidr") => {
            message
        }
        ExecutionError::Overflow(..) => format!("the result of `{name}` is too large for its type"),
        _ => format!("`{name}` can't be computed for this value"),
    }
}
