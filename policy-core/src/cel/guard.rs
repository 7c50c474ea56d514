//! What a condition demands of single facts: enough to leave it out without evaluating it.

use super::expression::Expression;
use super::plan::{Op, Plan};

/// The condition is false, whatever else it says, where this fact is there and is none of these texts.
///
/// That is so even where another part of it fails: `&&` is false where one of its operands is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// The fact's slot in the layout that the expression is linked with.
    pub slot: u16,
    /// The texts.
    pub texts: Vec<String>,
}

impl Expression {
    /// The guards of a condition that is linked: its operands of the form `fact == "text"` or `fact in ["text", …]`.
    #[must_use]
    pub fn guards(&self) -> Vec<Guard> {
        let root = &self.program().root;
        match &root.op {
            Op::And(terms) => terms.iter().filter_map(guard).collect(),
            _ => guard(root).into_iter().collect(),
        }
    }
}

fn guard(plan: &Plan) -> Option<Guard> {
    let plan = match &plan.op {
        Op::Shared(_, plan) => plan,
        _ => plan,
    };
    let (slot, texts) = match &plan.op {
        Op::Equal(sides) => match sides.each_ref().map(|side| &side.op) {
            [Op::Slot(slot), Op::Text(text)] | [Op::Text(text), Op::Slot(slot)] => {
                (slot, vec![text.to_string()])
            }
            _ => return None,
        },
        Op::In(sides) => match sides.each_ref().map(|side| &side.op) {
            [Op::Slot(slot), Op::List(elements)] => {
                let texts = elements.iter().map(|element| match &element.value.op {
                    Op::Text(text) if !element.optional => Some(text.to_string()),
                    _ => None,
                });
                (slot, texts.collect::<Option<Vec<_>>>()?)
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(Guard { slot: slot.index, texts })
}
