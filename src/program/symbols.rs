//! Classes by name, and who extends whom.

use super::{Class, ClassId, CodeId};
use crate::base::{Ids, Name};
use rustc_hash::FxHashMap;

/// The project's classes, interfaces and enums.
#[derive(Default, Debug)]
pub(crate) struct Symbols {
    pub(crate) classes: Ids<Class>,
    top_level: FxHashMap<Name, ClassId>,
}

/// Class hierarchies deeper than this do not exist; a cycle in broken code would not end.
const MAX_ANCESTORS: usize = 64;

impl Symbols {
    /// Adds a class; of two top-level classes of one name, the first counts.
    pub(crate) fn add(&mut self, class: Class) -> ClassId {
        let (outer, name) = (class.outer, class.simple_name.clone());
        let id = self.classes.push(class);
        match outer {
            Some(outer) => self.classes[outer].inner.entry(name).or_insert(id),
            None => self.top_level.entry(name).or_insert(id),
        };
        id
    }

    pub(crate) fn top_level(&self, name: &Name) -> Option<ClassId> {
        self.top_level.get(name).copied()
    }

    /// A class by the name that stands in `scope`: an inner class of it, of its outer class or of an ancestor, or a top-level one.
    pub(crate) fn class_named(&self, name: &Name, scope: Option<ClassId>) -> Option<ClassId> {
        let mut segments = name.as_str().split('.').map(Name::new);
        let first = segments.next()?;
        let start = self.visible(&first, scope)?;
        segments.try_fold(start, |class, segment| self.inner(class, &segment))
    }

    fn visible(&self, name: &Name, scope: Option<ClassId>) -> Option<ClassId> {
        let mut at = scope;
        while let Some(class) = at {
            if let Some(inner) = self.inner(class, name) {
                return Some(inner);
            }
            if self.classes[class].simple_name == *name {
                return Some(class);
            }
            at = self.classes[class].outer;
        }
        self.top_level(name)
    }

    /// An inner class, also an inherited one.
    fn inner(&self, class: ClassId, name: &Name) -> Option<ClassId> {
        self.lineage(class).find_map(|class| self.classes[class].inner.get(name).copied())
    }

    /// The class, its superclass, and so on.
    pub(crate) fn lineage(&self, class: ClassId) -> impl Iterator<Item = ClassId> {
        std::iter::successors(Some(class), |&class| self.classes[class].superclass)
            .take(MAX_ANCESTORS)
    }

    /// Whether `class` is `ancestor`, extends it or implements it.
    pub(crate) fn is_a(&self, class: ClassId, ancestor: ClassId) -> bool {
        self.lineage(class).any(|class| {
            class == ancestor
                || self.classes[class]
                    .interfaces
                    .iter()
                    .any(|&interface| self.extends_interface(interface, ancestor, 0))
        })
    }

    fn extends_interface(&self, interface: ClassId, ancestor: ClassId, depth: usize) -> bool {
        let within = depth < MAX_ANCESTORS;
        interface == ancestor
            || within
                && self.classes[interface]
                    .interfaces
                    .iter()
                    .any(|&next| self.extends_interface(next, ancestor, depth + 1))
    }

    /// The methods of a name that an instance of `class` has, nearest first; overridden ones are left out by the caller's choice.
    pub(crate) fn methods(&self, class: ClassId, name: &Name) -> impl Iterator<Item = CodeId> {
        self.lineage(class).flat_map(move |class| {
            self.classes[class].methods.get(name).into_iter().flatten().copied()
        })
    }

    /// Concrete classes that are `class`, extend it or implement it, except test classes; in the order of ids.
    pub(crate) fn implementations(&self, class: ClassId) -> Vec<ClassId> {
        let mut found = vec![class];
        let mut at = 0;
        while at < found.len() {
            for &next in &self.classes[found[at]].derived {
                if !found.contains(&next) {
                    found.push(next);
                }
            }
            at += 1;
        }
        found.retain(|&class| !self.classes[class].is_test && !self.classes[class].is_interface);
        found.sort();
        found
    }
}
