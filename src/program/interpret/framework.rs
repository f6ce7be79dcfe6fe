//! Trigger frameworks whose base class is in a package, not in the project (a table, since their code is not here).

use super::frame::Frame;
use super::value::{Atom, Value};
use super::world::World;
use crate::base::{Name, Span};
use crate::program::mask::{Mask, Reach};
use crate::program::{ClassId, CodeId};

/// Base classes of handlers, by their name without namespace, and the methods that start them.
const HANDLER_BASES: &[&str] =
    &["TriggerHandler", "TriggerHandlerBase", "TriggerBase", "BaseTriggerHandler"];
const STARTS: &[&str] = &["run", "execute", "dispatch", "process"];

impl<'p> World<'p> {
    /// A method that a handler has from a packaged base: one that starts it calls the hook of each event (`afterUpdate`, …),
    /// any other is taken to set something and to hand back the handler. Nothing where the class has no such base.
    pub(super) fn packaged_call(
        &mut self,
        frame: &mut Frame<'p>,
        atom: Atom,
        class: ClassId,
        name: &Name,
        span: Span,
    ) -> Option<Value> {
        let symbols = &self.linked.symbols;
        let base = symbols
            .lineage(class)
            .find_map(|class| symbols.classes[class].packaged_base.clone())?;
        let bare = base.as_str().rsplit('.').next().unwrap_or_default();
        let told = self.linked.known.trigger_bases.iter().find(|told| told.class == base);
        if told.is_none() && !HANDLER_BASES.iter().any(|known| bare.eq_ignore_ascii_case(known)) {
            return None;
        }
        let this = self.values.of([atom]);
        let starts = match told {
            Some(told) => told.start == *name,
            None => STARTS.iter().any(|known| name.is(known)),
        };
        if starts {
            for (hook, mask) in self.hooks(class) {
                let reach = frame.reach;
                frame.reach = reach.and(Reach::under(mask));
                if !frame.reach.is_never() {
                    self.run_all(frame, &[hook], this, &[], span);
                }
                frame.reach = reach;
            }
        }
        Some(this)
    }

    /// The methods without parameters that are named exactly like an event, nearest first.
    fn hooks(&self, class: ClassId) -> Vec<(CodeId, Mask)> {
        const NAMES: [&str; 7] = [
            "beforeInsert",
            "beforeUpdate",
            "beforeDelete",
            "afterInsert",
            "afterUpdate",
            "afterDelete",
            "afterUndelete",
        ];
        let symbols = &self.linked.symbols;
        let hook = |name: &&str| {
            let name = Name::new(name);
            let code = symbols
                .methods(class, &name)
                .find(|&code| self.linked.code[code].params.is_empty())?;
            Some((code, Mask::of_name(name.as_str())?))
        };
        NAMES.iter().filter_map(hook).collect()
    }
}
