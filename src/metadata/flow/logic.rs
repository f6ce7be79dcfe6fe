//! How conditions are combined: `and`, `or`, `1 AND NOT (2 OR 3)`.

use std::collections::BTreeSet;

/// Conditions by their numbers, from 0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Logic {
    Condition(usize),
    Not(Box<Logic>),
    And(Vec<Logic>),
    Or(Vec<Logic>),
    /// What could not be read: nothing is known of any condition.
    Unknown,
}

/// Deeper than any that a person writes.
const MAX_DEPTH: usize = 64;

impl Logic {
    /// Reads `filterLogic` or `conditionLogic` over so many conditions; all must hold where nothing is written.
    pub(super) fn read(text: Option<&str>, count: usize) -> Logic {
        let all = || (0..count).map(Logic::Condition).collect();
        let text = text.unwrap_or("and").trim();
        if text.eq_ignore_ascii_case("and") {
            return Logic::And(all());
        }
        if text.eq_ignore_ascii_case("or") {
            return Logic::Or(all());
        }
        let spaced = text.to_ascii_uppercase().replace('(', " ( ").replace(')', " ) ");
        let mut words = spaced.split_whitespace().peekable();
        let logic = either(&mut words, 0);
        match (logic, words.next()) {
            (Some(logic), None) => logic,
            _ => Logic::Unknown,
        }
    }

    /// The conditions without which it never holds.
    pub(crate) fn required(&self) -> BTreeSet<usize> {
        match self {
            Logic::Condition(index) => BTreeSet::from([*index]),
            Logic::And(parts) => parts.iter().flat_map(Logic::required).collect(),
            Logic::Or(parts) => {
                let mut sets = parts.iter().map(Logic::required);
                let first = sets.next().unwrap_or_default();
                sets.fold(first, |all, set| all.intersection(&set).copied().collect())
            }
            Logic::Not(_) | Logic::Unknown => BTreeSet::new(),
        }
    }
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, depth: usize) -> Option<Logic> {
    let mut parts = vec![both(words, depth)?];
    while words.next_if_eq(&"OR").is_some() {
        parts.push(both(words, depth)?);
    }
    Some(one_or(parts, Logic::Or))
}

fn both(words: &mut Words<'_>, depth: usize) -> Option<Logic> {
    let mut parts = vec![single(words, depth)?];
    while words.next_if_eq(&"AND").is_some() {
        parts.push(single(words, depth)?);
    }
    Some(one_or(parts, Logic::And))
}

fn single(words: &mut Words<'_>, depth: usize) -> Option<Logic> {
    if depth > MAX_DEPTH {
        return None;
    }
    match words.next()? {
        "NOT" => Some(Logic::Not(Box::new(single(words, depth + 1)?))),
        "(" => {
            let inner = either(words, depth + 1)?;
            words.next_if_eq(&")")?;
            Some(inner)
        }
        // Numbers count from 1.
        number => Some(Logic::Condition(number.parse::<usize>().ok()?.checked_sub(1)?)),
    }
}

fn one_or(mut parts: Vec<Logic>, several: fn(Vec<Logic>) -> Logic) -> Logic {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            several(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Logic;

    fn required(text: &str) -> Vec<usize> {
        Logic::read(Some(text), 4).required().into_iter().collect()
    }

    #[test]
    fn what_must_hold() {
        assert_eq!(required("and"), [0, 1, 2, 3]);
        assert_eq!(required("1 AND (2 OR 3)"), [0]);
        assert_eq!(required("(1 or 2) and 3 and 4"), [2, 3]);
        assert_eq!(required("1 AND NOT 2"), [0]);
        assert_eq!(required("(1 AND 2) OR (1 AND 3)"), [0]);
    }

    #[test]
    fn what_need_not() {
        let none: [usize; 0] = [];
        assert_eq!(required("or"), none);
        assert_eq!(required("1 OR 2 AND 3"), none);
        assert_eq!(required("NOT (1 AND 2)"), none);
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for text in ["", ")1 AND", "1 AND", "1 2", "0", "((1)", "1 XOR 2", &"(".repeat(100_000)] {
            assert_eq!(Logic::read(Some(text), 4), Logic::Unknown, "{text:.20}");
        }
    }
}
