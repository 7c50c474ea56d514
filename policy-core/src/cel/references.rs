//! What an expression reads.

use std::collections::BTreeSet;

use super::ast::{Expr, Node};
use super::functions;

/// The variables and the places of the context that an expression reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// Every free name: context roots and policy variables, without comprehension variables and types.
    pub names: BTreeSet<String>,
    /// Every path read, as far as it is written out: `["user", "roles"]`, or `["user", "attributes", "team"]` for
    /// `user.attributes["team"]`. A name that is read whole is a path of one.
    pub paths: BTreeSet<Vec<String>>,
}

impl References {
    pub(super) fn of(root: &Node) -> Self {
        let mut references = Self::default();
        references.visit(root, &mut Vec::new());
        references
    }

    fn visit<'a>(&mut self, node: &'a Node, bound: &mut Vec<&'a str>) {
        #[cfg(test)]
        super::steps::take();
        if let Some(path) = path(node) {
            let root = path.first().map(|name| name.trim_start_matches('.').to_owned()).unwrap_or_default();
            let absolute = path.first().is_some_and(|name| name.starts_with('.'));
            if absolute || !bound.contains(&root.as_str()) {
                if functions::type_value(&root).is_none() {
                    let tail = path.into_iter().skip(1);
                    self.paths.insert(std::iter::once(root.clone()).chain(tail).collect());
                    self.names.insert(root);
                }
                return;
            }
        }
        let before = bound.len();
        match &node.expr {
            Expr::Comprehension(it) => {
                self.visit(&it.range, bound);
                bound.push(&it.var);
                bound.extend(it.var2.as_deref());
                it.filter.iter().chain([&it.body]).for_each(|child| self.visit(child, bound));
            }
            Expr::Bind(it) => {
                self.visit(&it.value, bound);
                bound.push(&it.var);
                self.visit(&it.body, bound);
            }
            expr => expr.children(|child| self.visit(child, bound)),
        }
        bound.truncate(before);
    }
}

/// `a.b["c"].?d` as its segments, where the node is such a path.
fn path(node: &Node) -> Option<Vec<String>> {
    match &node.expr {
        Expr::Ident(name) => Some(vec![name.clone()]),
        Expr::Select(select) => {
            let mut path = path(&select.operand)?;
            path.push(select.field.clone());
            Some(path)
        }
        Expr::Index(index) => {
            let key = index.index.expr.as_text()?.to_owned();
            let mut path = path(&index.operand)?;
            path.push(key);
            Some(path)
        }
        _ => None,
    }
}
