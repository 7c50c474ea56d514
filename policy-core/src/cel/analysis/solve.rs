//! Whether conditions can come out in given ways, all at once.
//!
//! A condition of CEL comes out true, false, or fails, and `&&` and `||` absorb failures; so there are four things to want
//! of it. The search takes conditions apart until only tests are left (a semantic tableau), and gives up, saying "perhaps",
//! when it has taken too many steps: what it calls impossible is impossible.

use super::constant::Constant;
use super::term::{Shape, Term, Terms};

/// How many choices may lie inside each other.
const DEEPEST: u32 = 48;
/// The most facts that a search keeps: each new one is held against all of them.
const MOST_FACTS: usize = 400;

/// How a condition shall come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    True,
    False,
    /// False, or it fails.
    NotTrue,
    /// True, or it fails.
    NotFalse,
}

impl Want {
    fn opposite(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::NotTrue => Self::NotFalse,
            Self::NotFalse => Self::NotTrue,
        }
    }

    fn contradicts(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::True, Self::False | Self::NotTrue)
                | (Self::False, Self::True | Self::NotFalse)
                | (Self::NotTrue, Self::True)
                | (Self::NotFalse, Self::False)
        )
    }
}

/// A test, and how it came out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fact {
    pub(super) test: Term,
    pub(super) want: Want,
    subject: Term,
}

impl Fact {
    /// Whether the test came out, one way or the other.
    pub(super) fn is_settled(&self) -> bool {
        matches!(self.want, Want::True | Want::False)
    }
}

type Goal = (Term, Want);

/// What a goal comes to.
enum Step {
    /// All of these as well.
    All(Vec<Goal>),
    /// All of one of these as well.
    Any(Vec<Vec<Goal>>),
    Test,
    Never,
}

/// One search.
pub(super) struct Search<'t> {
    pub(super) terms: &'t Terms<'t>,
    /// `action`, and the values that it can have.
    pub(super) action: Option<(Term, &'t [Constant])>,
    /// Counts down.
    pub(super) steps: u32,
    facts: Vec<Fact>,
}

impl<'t> Search<'t> {
    pub(super) fn new(terms: &'t Terms<'t>, action: Option<(Term, &'t [Constant])>, steps: u32) -> Self {
        Self { terms, action, steps, facts: Vec::new() }
    }

    /// Whether all goals can be met together; also where that could not be found out.
    pub(super) fn perhaps(&mut self, goals: Vec<Goal>) -> bool {
        self.meet(goals, DEEPEST)
    }

    /// Whether that many steps are left.
    fn spend(&mut self, steps: usize) -> bool {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        let enough = self.steps >= steps;
        self.steps = self.steps.saturating_sub(steps);
        enough
    }

    #[inline(never)]
    fn meet(&mut self, mut open: Vec<Goal>, depth: u32) -> bool {
        let mut choices: Vec<Goal> = Vec::new();
        while let Some(goal) = open.pop() {
            if !self.spend(1) {
                return true;
            }
            match self.step(goal) {
                Step::All(goals) => open.extend(goals),
                Step::Any(_) => choices.push(goal),
                Step::Test => match self.learn(goal) {
                    Some(true) => {}
                    Some(false) => return false,
                    None => return true,
                },
                Step::Never => return false,
            }
        }
        let Some(choice) = choices.pop() else { return true };
        let (Step::Any(branches), Some(deeper)) = (self.step(choice), depth.checked_sub(1)) else {
            return true;
        };
        let known = self.facts.len();
        for mut branch in branches {
            if !self.spend(choices.len().saturating_add(1)) {
                return true;
            }
            branch.extend(&choices);
            if self.meet(branch, deeper) {
                return true;
            }
            self.facts.truncate(known);
        }
        false
    }

    #[inline(never)]
    fn step(&self, (term, want): Goal) -> Step {
        let each = |terms: &[Term]| terms.iter().map(|term| (*term, want)).collect::<Vec<_>>();
        let one = |terms: &[Term]| terms.iter().map(|term| vec![(*term, want)]).collect::<Vec<_>>();
        match self.terms.shape(term) {
            Shape::Constant(Constant::Bool(value)) => match (want, value) {
                (Want::True | Want::NotFalse, true) | (Want::False | Want::NotTrue, false) => {
                    Step::All(Vec::new())
                }
                _ => Step::Never,
            },
            Shape::Not(operand) => Step::All(vec![(*operand, want.opposite())]),
            Shape::And(terms) => match want {
                Want::True | Want::NotFalse => Step::All(each(terms)),
                Want::False | Want::NotTrue => Step::Any(one(terms)),
            },
            Shape::Or(terms) => match want {
                Want::False | Want::NotTrue => Step::All(each(terms)),
                Want::True | Want::NotFalse => Step::Any(one(terms)),
            },
            Shape::Choice(condition, yes, no) => {
                let mut branches = vec![
                    vec![(*condition, Want::True), (*yes, want)],
                    vec![(*condition, Want::False), (*no, want)],
                ];
                if matches!(want, Want::NotTrue | Want::NotFalse) {
                    branches.push(vec![(*condition, Want::NotTrue), (*condition, Want::NotFalse)]);
                }
                Step::Any(branches)
            }
            // What is equal to itself: everything but NaN, which has no kind here.
            Shape::Equal(one, other) if one == other && self.terms.kind(*one).is_some() => match want {
                Want::False => Step::Never,
                _ => Step::Test,
            },
            _ => Step::Test,
        }
    }

    /// Takes down how a test came out: whether that can be, or nothing where there are too many to tell.
    #[inline(never)]
    fn learn(&mut self, (test, want): Goal) -> Option<bool> {
        if self.facts.len() >= MOST_FACTS || !self.spend(self.facts.len()) {
            return None;
        }
        let fact = Fact { test, want, subject: self.terms.subject(test) };
        if self.facts.iter().any(|known| known.test == test && known.want.contradicts(want)) {
            return Some(false);
        }
        self.facts.push(fact);
        if fact.is_settled() && self.reads_the_absent(fact) {
            return Some(false);
        }
        let about: Vec<&Fact> = self.facts.iter().filter(|known| known.subject == fact.subject).collect();
        let given = self.action.filter(|(action, _)| *action == fact.subject).map(|(_, values)| values);
        Some(self.terms.has_value(fact.subject, &about, given))
    }

    /// Whether a field that is not there would have been read.
    #[inline(never)]
    fn reads_the_absent(&self, fact: Fact) -> bool {
        let absent = |known: &Fact| match self.terms.shape(known.test) {
            Shape::Has(field) if known.want == Want::False && self.terms.is_plain_path(*field) => {
                Some(*field)
            }
            _ => None,
        };
        match absent(&fact) {
            Some(field) => {
                self.facts.iter().any(|other| other.is_settled() && self.reads(other.test, field, 16))
            }
            None => self.facts.iter().filter_map(absent).any(|field| self.reads(fact.test, field, 16)),
        }
    }

    /// Whether a part has no value without `field`.
    #[inline(never)]
    fn reads(&self, term: Term, field: Term, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let any = |terms: &[Term]| terms.iter().any(|term| self.reads(*term, field, depth));
        term == field
            || match self.terms.shape(term) {
                Shape::Field(operand, _) | Shape::Not(operand) => self.reads(*operand, field, depth),
                Shape::Has(tested) => match self.terms.shape(*tested) {
                    Shape::Field(operand, _) => self.reads(*operand, field, depth),
                    _ => false,
                },
                Shape::OneOf(subject, _) | Shape::Order(subject, ..) | Shape::Text(subject, ..) => {
                    self.reads(*subject, field, depth)
                }
                Shape::Equal(one, other) => any(&[*one, *other]),
                Shape::List(parts) => any(parts),
                // The argument of `orValue` may be left alone.
                Shape::Call(function, true, parts) if matches!(function.as_str(), "or" | "orValue") => {
                    any(parts.get(..1).unwrap_or_default())
                }
                Shape::Call(_, _, parts) => any(parts),
                // The first part of a loop or binding is read before all else; those of an operator are read all.
                Shape::Opaque(_, names, parts) if !names.is_empty() => {
                    any(parts.get(..1).unwrap_or_default())
                }
                Shape::Opaque(operator, _, parts) if !operator.contains('?') => any(parts),
                _ => false,
            }
    }
}
