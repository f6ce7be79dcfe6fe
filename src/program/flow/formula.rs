//! What a formula says about the save: whether it is an insert, and whether something has changed.
//!
//! Read are the functions and operators that combine conditions. A condition itself is known only where it is `ISNEW()`, or
//! asks what was before.

use crate::program::mask::{Mask, Test};

/// Deeper than any that a person writes.
const MAX_DEPTH: usize = 32;

pub(super) fn test(expression: &str) -> Test {
    read(&bare(expression).to_ascii_uppercase(), 0)
}

/// A formula without its comments, and with its strings empty: what stands in them is none of it.
fn bare(expression: &str) -> String {
    let mut bare = String::with_capacity(expression.len());
    let mut rest = expression;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (before, from) = rest.split_at(at);
        bare.push_str(before);
        let mut chars = from.chars();
        rest = match chars.next() {
            Some('/') if chars.as_str().starts_with('*') => {
                bare.push(' ');
                from.split_once("*/").map_or("", |(_, after)| after)
            }
            Some('/') => {
                bare.push('/');
                chars.as_str()
            }
            Some(quote) => {
                bare.extend([quote, quote]);
                after_string(chars.as_str(), quote)
            }
            None => "",
        };
    }
    bare + rest
}

/// What comes after a string whose first quote is behind.
fn after_string(text: &str, quote: char) -> &str {
    let mut chars = text.chars();
    while let Some(inside) = chars.next() {
        match inside {
            '\\' => _ = chars.next(),
            end if end == quote => break,
            _ => {}
        }
    }
    chars.as_str()
}

fn read(text: &str, depth: usize) -> Test {
    let text = text.trim();
    if depth > MAX_DEPTH {
        return Test::OPEN;
    }
    let inner = |part: &str| read(part, depth + 1);
    if let Some(parts) = split(text, "||") {
        return parts.into_iter().map(inner).reduce(Test::or).unwrap_or(Test::OPEN);
    }
    if let Some(parts) = split(text, "&&") {
        return parts.into_iter().map(inner).reduce(Test::and).unwrap_or(Test::OPEN);
    }
    if let Some(rest) = text.strip_prefix('!').filter(|rest| !rest.starts_with('=')) {
        return inner(rest).not();
    }
    match call(text) {
        Some(("", inside)) => inner(inside),
        Some(("AND", args)) => {
            arguments(args).into_iter().map(inner).reduce(Test::and).unwrap_or(Test::OPEN)
        }
        Some(("OR", args)) => {
            arguments(args).into_iter().map(inner).reduce(Test::or).unwrap_or(Test::OPEN)
        }
        Some(("NOT", inside)) => inner(inside).not(),
        Some(("ISNEW", _)) => Test::event(Mask::INSERT),
        // False for a new row, which has no value before (Salesforce Help, "ISCHANGED").
        Some(("ISCHANGED", _)) => Test::CHANGED.and(Test::event(Mask::INSERT).not()),
        Some(("IF", args)) => match arguments(args).as_slice() {
            [cond, then, otherwise] => {
                let cond = inner(cond);
                cond.and(inner(then)).or(cond.not().and(inner(otherwise)))
            }
            _ => Test::OPEN,
        },
        _ => match text {
            "TRUE" => Test::TRUE,
            "FALSE" => Test::FALSE,
            _ if looks_back(text) => Test::KNOWS_BEFORE,
            _ => Test::OPEN,
        },
    }
}

/// Whether a condition asks what was before, in whatever way.
fn looks_back(text: &str) -> bool {
    ["ISCHANGED", "PRIORVALUE", "$RECORD__PRIOR", "MYVARIABLE_OLD"]
        .iter()
        .any(|word| text.contains(word))
}

/// A call that is the whole text: its name, which is empty for parentheses alone, and what is between its parentheses.
fn call(text: &str) -> Option<(&str, &str)> {
    let open = text.find('(')?;
    let (name, rest) = text.split_at(open);
    let name = name.trim_end();
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let inside = rest.strip_prefix('(')?.strip_suffix(')')?;
    // The first parenthesis must be the one that is closed last.
    let closes_early = Outside::of(inside).any(|(_, _, depth)| depth < 0);
    (is_name && !closes_early).then_some((name, inside))
}

fn arguments(text: &str) -> Vec<&str> {
    split(text, ",").unwrap_or_else(|| vec![text])
}

/// The parts between an operator that stands outside of parentheses; nothing where there is none.
fn split<'t>(text: &'t str, operator: &str) -> Option<Vec<&'t str>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _, depth) in Outside::of(text) {
        let is_operator =
            at >= start && text.get(at..).is_some_and(|rest| rest.starts_with(operator));
        if depth == 0 && is_operator {
            parts.extend(text.get(start..at));
            start = at + operator.len();
        }
    }
    parts.extend(text.get(start..));
    (parts.len() > 1).then_some(parts)
}

/// The characters, with how many parentheses are open after them.
struct Outside<'t> {
    chars: std::str::CharIndices<'t>,
    depth: isize,
}

impl<'t> Outside<'t> {
    fn of(text: &'t str) -> Outside<'t> {
        Outside { chars: text.char_indices(), depth: 0 }
    }
}

impl Iterator for Outside<'_> {
    type Item = (usize, char, isize);

    fn next(&mut self) -> Option<(usize, char, isize)> {
        let (at, c) = self.chars.next()?;
        match c {
            '(' => self.depth += 1,
            ')' => self.depth -= 1,
            _ => {}
        }
        Some((at, c, self.depth))
    }
}

#[cfg(test)]
mod tests {
    use super::test;
    use crate::program::mask::Reach;
    use crate::program::mask::{Mask, Test};

    #[test]
    fn inserts_are_told_apart() {
        let insert = Test::event(Mask::INSERT);
        assert_eq!(test("ISNEW()"), insert);
        assert_eq!(test(" NOT( ISNEW() ) "), insert.not());
        assert_eq!(test("!ISNEW()"), insert.not());
        assert_eq!(test("AND(ISNEW(), {!$Record.Amount} > 5)").yes, Reach::under(Mask::INSERT));
        assert_eq!(test("isnew() && TRUE").yes, Reach::under(Mask::INSERT));
    }

    #[test]
    fn alternatives_leave_every_event() {
        for open in [
            "OR (ISNEW(), {!$Record.Amount} > 5)",
            "ISNEW() || {!$Record.Amount} > 5",
            "IF(ISNEW(), TRUE, {!$Record.Amount} > 5)",
            "(ISNEW()) || (1 = 2)",
        ] {
            assert_eq!(test(open).yes, Reach::ALWAYS, "{open}");
        }
        // What it is when it does not hold is no more than what is left.
        assert_eq!(test("AND(ISNEW(), {!$Record.Amount} > 5)").no, Reach::ALWAYS);
    }

    #[test]
    fn changes_are_guards() {
        assert_eq!(test("ISCHANGED({!$Record.Amount})").no, Reach::ALWAYS);
        let both = test("AND(NOT(ISNEW()), ISCHANGED({!$Record.Amount}))");
        assert!(both.yes.mask.meets(Mask::UPDATE) && !both.yes.mask.meets(Mask::INSERT));
        assert!(both.yes.unchecked.is_empty());
        assert_eq!(test("{!$Record__Prior.Status} = 'Open'"), Test::KNOWS_BEFORE);
    }

    #[test]
    fn what_stands_in_a_string_is_no_formula() {
        for text in
            ["'ISNEW() || '", "\"a)\" & '('", "IF(ISNEW(), 'new', 'old')", "((", "))", "", "'"]
        {
            let told = test(text);
            assert_eq!(told.yes.mask, Mask::ALL, "{text}");
        }
        assert_eq!(test(&"NOT(".repeat(10_000)), Test::OPEN);
    }
}
