//! What a policy reads of the context: an approval is bound to these facts.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{ChainPlan, Mode, Rule, SelectorPlan, Then};
use crate::cel::{Expression, References};
use crate::context::schema;

/// What is read of the context, as paths: `user.roles`, or `user` for all of it.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// For each action what enforced rules read, directly, through variables and in their chains.
    ///
    /// All rules for the action count, not only those that matched: whether a rule matches is itself a conclusion
    /// from the facts that it reads.
    pub(crate) by_action: BTreeMap<String, BTreeSet<String>>,
    /// What any rule reads for any action, those under observation too: what a host has to find out.
    pub(crate) at_all: BTreeSet<String>,
}

impl Reads {
    /// Of rules that refer to nothing that there is not.
    #[inline(never)]
    pub(crate) fn of(
        rules: &[Rule],
        chains: &BTreeMap<String, ChainPlan>,
        variables: &BTreeMap<String, Expression>,
    ) -> Self {
        let mut paths = Paths::new(variables);
        // Once for each chain, however many rules name it.
        let chains: BTreeMap<&str, Set> =
            chains.iter().map(|(name, chain)| (name.as_str(), paths.read_by(selectors(chain)))).collect();
        let mut by_action: BTreeMap<&str, Set> = BTreeMap::new();
        let mut at_all = Set::default();
        for rule in rules {
            let mut read = paths.read_by(rule.when.iter().chain(&rule.reason));
            if let Then::RequireApproval { chain, .. } = &rule.then
                && let Some(chain) = chains.get(chain.as_str())
            {
                read.unite(chain);
            }
            at_all.unite(&read);
            for action in rule.on.iter().filter(|_| rule.mode == Mode::Enforce) {
                by_action.entry(action).or_default().unite(&read);
            }
        }
        let by_action = by_action.into_iter().map(|(action, set)| (action.to_owned(), paths.named(&set)));
        Self { by_action: by_action.collect(), at_all: paths.named(&at_all) }
    }
}

/// A set of paths, a bit for the number of each.
#[derive(Clone, Debug, Default)]
struct Set(Vec<u64>);

impl Set {
    fn insert(&mut self, number: usize) {
        let word = number / 64;
        if self.0.len() <= word {
            self.0.resize(word.saturating_add(1), 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << (number % 64);
        }
    }

    fn unite(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(bits, others)| *bits |= others);
    }

    fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|bits| bits & (1 << (number % 64)) != 0)
    }
}

/// The paths that occur, numbered, and what each variable reads.
struct Paths {
    numbers: BTreeMap<String, usize>,
    variables: BTreeMap<String, Set>,
}

impl Paths {
    fn new(variables: &BTreeMap<String, Expression>) -> Self {
        let mut paths = Self { numbers: BTreeMap::new(), variables: BTreeMap::new() };
        let references: BTreeMap<&str, References> =
            variables.iter().map(|(name, it)| (name.as_str(), it.references())).collect();
        let own: BTreeMap<&str, Set> =
            references.iter().map(|(name, it)| (*name, paths.direct(it))).collect();
        for name in variables.keys() {
            let mut read = Set::default();
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            let mut open = vec![name.as_str()];
            while let Some(name) = open.pop() {
                if let (true, Some(references)) = (seen.insert(name), references.get(name)) {
                    own.get(name).into_iter().for_each(|own| read.unite(own));
                    open.extend(references.names.iter().map(String::as_str));
                }
            }
            paths.variables.insert(name.clone(), read);
        }
        paths
    }

    fn read_by<'e>(&mut self, expressions: impl Iterator<Item = &'e Expression>) -> Set {
        let mut read = Set::default();
        for references in expressions.map(Expression::references) {
            read.unite(&self.direct(&references));
            let variables = references.names.iter().filter_map(|name| self.variables.get(name));
            variables.for_each(|variable| read.unite(variable));
        }
        read
    }

    fn direct(&mut self, references: &References) -> Set {
        let mut read = Set::default();
        for path in &references.paths {
            // Below a field (`user.attributes["team"]`) nothing is told apart.
            read.insert(self.number(path.iter().take(2).map(String::as_str).collect::<Vec<_>>().join(".")));
            if let Some(root) = path.first().filter(|root| schema::find(root).is_some()) {
                read.insert(self.number(root.clone()));
            }
        }
        read
    }

    fn number(&mut self, path: String) -> usize {
        let next = self.numbers.len();
        *self.numbers.entry(path).or_insert(next)
    }

    fn named(&self, set: &Set) -> BTreeSet<String> {
        let named = self.numbers.iter().filter(|(_, number)| set.has(**number));
        named.map(|(path, _)| path.clone()).collect()
    }
}

/// The expressions that name the approvers of a chain.
pub(crate) fn selectors(chain: &ChainPlan) -> impl Iterator<Item = &Expression> {
    chain.stages.iter().flat_map(|stage| &stage.approvers).filter_map(|selector| match selector {
        SelectorPlan::Cel(expression) => Some(expression),
        SelectorPlan::Fixed(_) => None,
    })
}
