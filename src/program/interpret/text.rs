//! Strings and tokens: constant folding, as far as class names, object names and queries are made by it.
//!
//! A string of which only parts are known has holes, so that a query made of parts still shows its object and its clauses.

use super::value::{Atom, Value, What};
use super::world::{Cell, World};
use crate::base::{Name, Span};
use crate::program::mask::{Mask, Reach, Test};

/// Stands for a part of a string that is not known. No source has it in a string.
pub(super) const HOLE: char = '\u{FFFC}';

/// Longer strings are no names and no queries.
const MAX_TEXT: usize = 4000;

/// More variants of one string are no registry, but data.
const MAX_VARIANTS: usize = 64;

impl<'p> World<'p> {
    pub(super) fn constant(&mut self, text: &str) -> Value {
        let text = self.name(&Name::new(text));
        self.values.one(What::Text(text))
    }

    /// The one constant string, without holes, that a value is.
    pub(super) fn text(&self, value: Value) -> Option<Name> {
        match self.values.atoms(value) {
            [Atom { what: What::Text(key), .. }] => {
                let text = self.names.get(*key);
                (!text.as_str().contains(HOLE)).then(|| text.clone())
            }
            _ => None,
        }
    }

    /// The strings that a value may be, with a hole for what is not known.
    pub(super) fn variants(&self, value: Value) -> Vec<String> {
        self.variants_within(value).into_iter().map(|variant| variant.text).collect()
    }

    /// The strings that a value may be, when, and from which registration.
    fn variants_within(&self, value: Value) -> Vec<Variant> {
        let known = |atom: &Atom| {
            let text = match atom.what {
                What::Text(key) => self.names.get(key).as_str().to_owned(),
                What::ObjectToken(object) => self.schema.name(object).as_str().to_owned(),
                What::ClassToken(class) => self.linked.symbols.classes[class].name.clone(),
                What::Null => return None,
                _ => HOLE.to_string(),
            };
            Some(Variant { text, reach: atom.reach, origin: atom.origin })
        };
        let mut variants: Vec<Variant> =
            self.values.atoms(value).iter().filter_map(known).collect();
        variants.dedup_by(|again, first| again.text == first.text);
        if variants.len() > MAX_VARIANTS {
            return vec![Variant::of(HOLE.to_string())];
        }
        variants
    }

    fn texts(&mut self, variants: Vec<Variant>) -> Value {
        if variants.len() > MAX_VARIANTS {
            return self.values.other;
        }
        let mut atoms = Vec::new();
        for Variant { text, reach, origin } in variants {
            let is_known =
                !text.chars().all(|c| c == HOLE) && text.len() <= MAX_TEXT || text.is_empty();
            let what =
                if is_known { What::Text(self.name(&Name::new(&text))) } else { What::Other };
            atoms.push(Atom { reach, origin, ..Atom::new(what) });
        }
        self.values.of(atoms)
    }

    /// `a + b + c`: of strings, where at least one part is known; else a number.
    pub(super) fn concatenation(&mut self, values: &[Value]) -> Value {
        let is_text = |value: &Value| self.values.has(*value, |what| matches!(what, What::Text(_)));
        if !values.iter().any(is_text) {
            return self.values.other;
        }
        let mut joined = vec![Variant::of(String::new())];
        for &value in values {
            let parts = self.variants_within(value);
            let ways = |head: &Variant| {
                let head = head.clone();
                let way = move |part: &Variant| Variant {
                    text: format!("{}{}", head.text, part.text),
                    reach: head.reach.and(part.reach),
                    origin: head.origin.or(part.origin),
                };
                parts.iter().map(way).collect::<Vec<_>>()
            };
            joined = joined.iter().flat_map(ways).collect();
            if joined.len() > MAX_VARIANTS
                || joined.iter().any(|variant| variant.text.len() > MAX_TEXT)
            {
                return self.values.other;
            }
        }
        self.texts(joined)
    }

    /// `String.format('SELECT {0} FROM {1}', new List<String>{ a, b })`
    pub(super) fn formatted(&mut self, format: Value, parts: Value) -> Value {
        let Some(format) = self.text_or_token(format) else { return self.values.other };
        let parts = self.literal_elements(parts);
        let mut pieces = Vec::new();
        let mut rest = format.as_str();
        while let Some((head, tail)) = rest.split_once('{') {
            let Some((index, after)) = tail.split_once('}') else { break };
            pieces.push(self.constant(head));
            let part = index.trim().parse().ok().and_then(|index: usize| parts.get(index).copied());
            pieces.push(part.unwrap_or(self.values.other));
            rest = after;
        }
        pieces.push(self.constant(rest));
        self.concatenation(&pieces)
    }

    /// `String.join(parts, ' ')`: of a list literal, its parts in order; of another list, what is known, by clause.
    pub(super) fn joined(&mut self, parts: Value, separator: Value) -> Value {
        let separator =
            self.text(separator).map_or(" ".to_owned(), |text| text.as_str().to_owned());
        let between = self.constant(&separator);
        let pieces = self.literal_elements(parts);
        if !pieces.is_empty() {
            let mut all = Vec::new();
            for piece in pieces {
                all.extend((!all.is_empty()).then_some(between));
                all.push(piece);
            }
            return self.concatenation(&all);
        }
        let elements = self.elements(parts);
        let mut texts = self.variants(elements);
        if texts.len() == 1 {
            return elements;
        }
        texts.sort_by_key(|text| clause_order(text));
        self.texts(vec![Variant::of(texts.join(&separator))])
    }

    /// The elements of a list literal, in order; none where the value is anything else.
    fn literal_elements(&mut self, list: Value) -> Vec<Value> {
        let &[Atom { what: What::Alloc(alloc), .. }] = self.values.atoms(list) else {
            return Vec::new();
        };
        let mut elements = Vec::new();
        loop {
            let place = self.name(&Name::new(&format!("#{}", elements.len())));
            match self.read(Cell::Of(alloc, place)) {
                Some(element) => elements.push(element),
                None => return elements,
            }
        }
    }

    /// A method of strings or tokens; nothing where it is none that is folded.
    pub(super) fn text_method(
        &mut self,
        receiver: Value,
        name: &Name,
        args: &[Value],
    ) -> Option<Value> {
        let is_event = |what: &What| matches!(what, What::Operation | What::Event(_));
        // However the event's name is changed, it still is the event's name.
        let keeps =
            ["name", "toString", "replace", "remove", "toLowerCase", "toUpperCase", "capitalize"];
        if keeps.iter().any(|known| name.is(known)) && self.values.has(receiver, is_event) {
            return Some(receiver);
        }
        let is_text = |what: &What| {
            matches!(what, What::Text(_) | What::ObjectToken(_) | What::ClassToken(_))
        };
        if !self.values.has(receiver, is_text) {
            return None;
        }
        if ["getName", "getLocalName", "toString"].iter().any(|known| name.is(known)) {
            let variants = self.variants_within(receiver);
            return Some(self.texts(variants));
        }
        if [
            "contains",
            "containsIgnoreCase",
            "startsWith",
            "startsWithIgnoreCase",
            "endsWith",
            "endsWithIgnoreCase",
        ]
        .iter()
        .any(|known| name.is(known))
        {
            let test = self.part_test(receiver, name, args);
            return Some(self.values.one(What::Test(test)));
        }
        if name.is("split") {
            let separator = args.first().and_then(|&arg| self.text(arg))?;
            let separator = separator.as_str().trim_matches('\\').to_owned();
            let mut parts = Vec::new();
            for variant in self.variants_within(receiver) {
                let part = |text: &str| Variant { text: text.trim().to_owned(), ..variant };
                parts.extend(variant.text.split(separator.as_str()).map(part));
            }
            return Some(self.texts(parts));
        }
        let arg = |index: usize| {
            args.get(index).and_then(|&arg| self.text(arg)).map(|text| text.as_str().to_owned())
        };
        let (first, second) = (arg(0), arg(1));
        let variants = self.variants_within(receiver).into_iter();
        let variants: Option<Vec<Variant>> = variants
            .map(|variant| {
                let text = changed(&variant.text, name, first.as_deref(), second.as_deref())?;
                Some(Variant { text, ..variant })
            })
            .collect();
        Some(self.texts(variants?))
    }

    /// `name.endsWith('Constructor')`, where both are known.
    fn part_test(&mut self, receiver: Value, name: &Name, args: &[Value]) -> Test {
        if let Some(test) = args.first().and_then(|&arg| self.events_test(receiver, arg)) {
            return test;
        }
        let (Some(whole), Some(part)) =
            (self.text_or_token(receiver), args.first().and_then(|&arg| self.text(arg)))
        else {
            return Test::OPEN;
        };
        let (whole, part) = (whole.to_ascii_lowercase(), part.as_str().to_ascii_lowercase());
        let holds = match () {
            () if name.is("startsWith") || name.is("startsWithIgnoreCase") => {
                whole.starts_with(&part)
            }
            () if name.is("endsWith") || name.is("endsWithIgnoreCase") => whole.ends_with(&part),
            () => whole.contains(&part),
        };
        if holds { Test::TRUE } else { Test::FALSE }
    }

    fn text_or_token(&self, value: Value) -> Option<String> {
        match self.variants(value).as_slice() {
            [text] if !text.contains(HOLE) => Some(text.clone()),
            _ => None,
        }
    }

    /// `Type.forName('Handler')`, with or without a namespace before it. Nothing if the name is not known.
    /// One name of many that some list holds is not known, unless each comes from a registration that was asked for.
    pub(super) fn class_named(&mut self, args: &[Value]) -> Option<Value> {
        let name = *args.last()?;
        if name == self.values.nothing {
            return Some(name);
        }
        let variants = self.variants_within(name);
        let is_hole = |variant: &Variant| variant.text.contains(HOLE);
        let (holes, known): (Vec<Variant>, Vec<Variant>) = variants.into_iter().partition(is_hole);
        let is_guess = known.iter().filter(|variant| variant.origin.is_none()).count() > 1;
        let known: Vec<Variant> =
            known.into_iter().filter(|variant| variant.origin.is_some() || !is_guess).collect();
        if known.is_empty() {
            return None;
        }
        let mut classes = Vec::new();
        for Variant { text, reach, origin } in known {
            let class = self.linked.symbols.class_named(&Name::new(&text), None);
            let token = |class| Atom { reach, origin, ..Atom::new(What::ClassToken(class)) };
            classes.extend(class.map(token));
        }
        if classes.is_empty() {
            return Some(self.values.null);
        }
        classes.extend((is_guess || !holes.is_empty()).then(|| Atom::new(What::Other)));
        Some(self.values.of(classes))
    }

    /// `record.Trigger_Action__c.contains(action.name())`: holds under the events that the text lists.
    fn events_test(&self, whole: Value, part: Value) -> Option<Test> {
        if !self.is_current_event(part) {
            return None;
        }
        // Of a list of names, too: it holds the current one under the events that it lists.
        let texts = self.variants(whole);
        if texts.iter().any(|text| text.contains(HOLE)) {
            return None;
        }
        let names = texts.iter().flat_map(|text| text.split([';', ',']));
        let masks = names.filter_map(Mask::of_name);
        Some(Test::event(masks.fold(Mask::NONE, Mask::or)))
    }
}

/// One string that a value may be.
#[derive(Clone)]
struct Variant {
    text: String,
    reach: Reach,
    /// The registration that it was read from.
    origin: Option<Span>,
}

impl Variant {
    fn of(text: String) -> Variant {
        Variant { text, reach: Reach::ALWAYS, origin: None }
    }
}

/// The string after a method that is folded; nothing for one that is not.
fn changed(text: &str, method: &Name, first: Option<&str>, second: Option<&str>) -> Option<String> {
    let cut = |found: Option<&str>| Some(found.unwrap_or(text).to_owned());
    match () {
        () if [
            "toLowerCase",
            "toUpperCase",
            "trim",
            "normalizeSpace",
            "capitalize",
            "escapeJava",
        ]
        .iter()
        .any(|known| method.is(known)) =>
        {
            Some(text.to_owned())
        }
        () if method.is("removeEnd") || method.is("removeEndIgnoreCase") => {
            cut(Name::new(text).without_suffix(first?))
        }
        () if method.is("removeStart") || method.is("removeStartIgnoreCase") => {
            let first = first?;
            let starts =
                text.get(..first.len()).is_some_and(|head| head.eq_ignore_ascii_case(first));
            cut(if starts { text.get(first.len()..) } else { None })
        }
        () if method.is("remove") => Some(text.replace(first?, "")),
        () if method.is("replace") || method.is("replaceAll") => {
            Some(text.replace(first?, second?))
        }
        () if method.is("substringBefore") => cut(text.split_once(first?).map(|(head, _)| head)),
        () if method.is("substringAfter") => cut(text.split_once(first?).map(|(_, tail)| tail)),
        () if method.is("substringBeforeLast") => {
            cut(text.rsplit_once(first?).map(|(head, _)| head))
        }
        () if method.is("substringAfterLast") => {
            cut(text.rsplit_once(first?).map(|(_, tail)| tail))
        }
        () => None,
    }
}

/// Where a part of a query stands in it.
fn clause_order(text: &str) -> usize {
    let clauses =
        ["select", "from", "where", "with", "group by", "order by", "limit", "for update"];
    let text = text.trim_start().to_ascii_lowercase();
    clauses.iter().position(|clause| text.starts_with(clause)).unwrap_or(0)
}
