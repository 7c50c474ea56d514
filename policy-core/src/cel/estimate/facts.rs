//! The context as an estimate sees it: the shapes of its facts, worked out once for all expressions of a policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::scope::Scope;
use super::super::shape::Shape;
use super::super::size::Size;
use super::super::types::Type;

pub(super) struct Facts {
    /// What expressions read by a name alone: `action`, `user`.
    pub(super) roots: BTreeMap<String, Root>,
    /// The fields of objects, each with its path.
    pub(super) fields: BTreeMap<Arc<str>, BTreeMap<String, (String, Fact)>>,
}

pub(super) struct Fact {
    pub(super) shape: Shape,
    pub(super) size: Size,
}

pub(super) struct Root {
    pub(super) fact: Fact,
    /// The name of the object that it is.
    pub(super) object: Option<Arc<str>>,
}

impl Facts {
    pub(super) fn of(scope: &Scope) -> Self {
        let mut facts = Self { roots: BTreeMap::new(), fields: BTreeMap::new() };
        for (name, kind) in &scope.roots {
            let root = match kind {
                Type::Object(object) => {
                    let object_name = Arc::from(object.name.as_str());
                    let fields: BTreeMap<_, _> = object
                        .fields
                        .iter()
                        .map(|(field, kind)| {
                            let path = format!("{}.{field}", object.name);
                            let fact = Fact::new(kind, scope.size(&path));
                            (field.clone(), (path, fact))
                        })
                        .collect();
                    let fact = Fact::all(fields.values().map(|(_, fact)| fact));
                    facts.fields.insert(Arc::clone(&object_name), fields);
                    Root { fact, object: Some(object_name) }
                }
                kind => Root { fact: Fact::new(kind, scope.size(name)), object: None },
            };
            facts.roots.insert(name.clone(), root);
        }
        facts
    }
}

impl Fact {
    fn new(kind: &Type, size: Size) -> Self {
        Self { shape: Shape::of(kind, size), size }
    }

    /// An object of these facts, as a map.
    fn all<'f>(facts: impl Iterator<Item = &'f Self>) -> Self {
        let shapes: Vec<Shape> = facts.map(|fact| fact.shape.clone()).collect();
        let length = u64::try_from(shapes.len()).unwrap_or(u64::MAX);
        let largest = shapes.into_iter().reduce(Shape::join).unwrap_or(Shape::leaf(1));
        // No field has a longer name.
        let name = Shape::text(32).length;
        Self { shape: Shape::map(length, name, largest), size: Size::SCALAR }
    }
}
