//! Where comments stand in a class or trigger, and what is declared, for what is written about the code around them.

use super::mask::after_comment_or_string;
use super::syntax::{self, Field, Kind, Node};
use std::ops::Range;

/// The comments of a text, in its order.
pub(crate) fn comments(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut comments = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = after_comment_or_string(bytes, at);
        if bytes[at..end].starts_with(b"//") || bytes[at..end].starts_with(b"/*") {
            comments.push(at..end);
        }
        at = end;
    }
    comments
}

/// A trigger, a type or a member.
#[derive(Debug)]
pub(crate) struct Declaration {
    /// From its first annotation or modifier to its name.
    pub(crate) header: Range<usize>,
    pub(crate) whole: Range<usize>,
}

/// What is declared in a text; the outer before the inner.
pub(crate) fn declarations(text: &str) -> Vec<Declaration> {
    let tree = syntax::parse(text);
    let mut found = Vec::new();
    let mut rest = vec![tree.root()];
    while let Some(node) = rest.pop() {
        found.extend(declaration(node));
        // Statements declare nothing that stays.
        if !matches!(node.kind(), Kind::MethodDeclaration | Kind::ConstructorDeclaration) {
            rest.extend(node.children().into_iter().rev());
        }
    }
    found
}

fn declaration(node: Node<'_>) -> Option<Declaration> {
    let name = match node.kind() {
        Kind::TriggerDeclaration
        | Kind::ClassDeclaration
        | Kind::InterfaceDeclaration
        | Kind::EnumDeclaration
        | Kind::MethodDeclaration
        | Kind::ConstructorDeclaration => node.field(Field::Name)?,
        Kind::FieldDeclaration => node.field(Field::Declarator)?,
        _ => return None,
    };
    let whole = node.range();
    Some(Declaration { header: whole.start..name.range().end, whole })
}

#[cfg(test)]
mod tests {
    use super::{comments, declarations};

    #[test]
    fn comments_are_no_strings() {
        let text = "a // b\n'// c' /* d */ e // f";
        let found: Vec<&str> = comments(text).into_iter().filter_map(|at| text.get(at)).collect();
        assert_eq!(found, ["// b", "/* d */", "// f"]);
    }

    #[test]
    fn members_have_headers() {
        let text = "public class A {\n  @future\n  static void b() { if (c) { } }\n  D e { get { return f; } }\n}";
        let found: Vec<(&str, &str)> = declarations(text)
            .into_iter()
            .filter_map(|it| Some((text.get(it.header)?, text.get(it.whole)?.get(..8)?)))
            .collect();
        assert_eq!(
            found,
            [
                ("public class A", "public c"),
                ("@future\n  static void b", "@future\n"),
                ("D e", "D e { ge"),
            ]
        );
    }

    #[test]
    fn triggers_are_declared() {
        let found = declarations("trigger A on B (after insert) { c(); void c() { } }");
        assert_eq!(found.iter().map(|it| it.header.clone()).collect::<Vec<_>>(), [0..9, 37..43]);
    }
}
