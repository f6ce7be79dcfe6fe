//! Test classes, recognised without a parse: nothing of theirs runs in production.

use super::super::ir::{Ident, Modifiers, TypeDecl, TypeKind, Unit};
use super::super::mask::after_comment_or_string;
use crate::base::{FileId, Name, SourceFile, Span};
use std::ops::Range;

/// The unit of a file whose class is a test class: just its name. Nothing if it is none.
pub(crate) fn read_test_class(file: FileId, source: &SourceFile) -> Option<Unit> {
    let range = test_class_name(&source.text)?;
    let name = Name::new(source.text.get(range.clone())?);
    let span = Span { file, start: range.start as u32, end: range.end as u32 };
    let annotations = vec![Name::new("IsTest")];
    let decl = TypeDecl {
        kind: TypeKind::Class,
        name: Ident { name, span },
        modifiers: Modifiers { is_test: true, annotations, ..Modifiers::default() },
        superclass: None,
        interfaces: Vec::new(),
        fields: Vec::new(),
        methods: Vec::new(),
        initialisers: Vec::new(),
        constants: Vec::new(),
        inner: Vec::new(),
    };
    Some(Unit { types: vec![decl], ..Unit::default() })
}

/// Where the name of the file's class stands, if the class is annotated `@IsTest`.
fn test_class_name(text: &str) -> Option<Range<usize>> {
    let mut words = words_of_header(text);
    let mut is_test = false;
    while let Some((before, word)) = words.next() {
        let written = text.get(word)?;
        if before == Some(b'@') {
            is_test |= written.eq_ignore_ascii_case("IsTest");
        } else if written.eq_ignore_ascii_case("class") {
            return words.next().map(|(_, name)| name).filter(|_| is_test);
        }
    }
    None
}

/// The words before the first `{`, each with the character before it, without comments, strings and what stands in parentheses.
fn words_of_header(text: &str) -> impl Iterator<Item = (Option<u8>, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut before = None;
    let mut nested = 0usize;
    std::iter::from_fn(move || {
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                let start = at;
                at += bytes[at..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                    .count();
                let sign = before.take();
                if nested == 0 {
                    return Some((sign, start..at));
                }
                continue;
            }
            match byte {
                b'{' if nested == 0 => return None,
                b'(' => nested += 1,
                b')' => nested = nested.saturating_sub(1),
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                before = Some(byte);
            }
            at = after_comment_or_string(bytes, at);
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::{read_test_class, test_class_name};
    use crate::base::{FileId, FileKind, SourceFile};

    fn is_test_class(text: &str) -> bool {
        test_class_name(text).is_some()
    }

    #[test]
    fn test_classes_are_recognised() {
        assert!(is_test_class("@IsTest class A {}"));
        assert!(is_test_class("// x\n@isTest(SeeAllData=true)\nprivate with sharing class A {"));
        assert!(is_test_class("@ISTEST /* { class */ public class A extends B {"));
        assert!(is_test_class("@SuppressWarnings('PMD.ApexDoc, { class') @ isTest\r\nclass A {"));
        assert!(!is_test_class("public class A { @IsTest class B {} }"));
        assert!(!is_test_class("/* @IsTest */ public class A {}"));
        assert!(!is_test_class("// @IsTest\npublic class A { @IsTest static void f() {} }"));
        assert!(!is_test_class("@SuppressWarnings('@IsTest') class A {}"));
        assert!(!is_test_class("@IsTest"));
        assert!(!is_test_class("@TestVisible class A {}"));
        assert!(!is_test_class(""));
    }

    #[test]
    fn a_test_class_keeps_its_name() {
        let text = "@IsTest private class A_Test {".to_owned();
        let unit = read_test_class(
            FileId(0),
            &SourceFile::new("A_Test.cls".into(), FileKind::ApexClass, text),
        )
        .unwrap();
        assert_eq!(unit.types[0].name.name.as_str(), "A_Test");
        assert!(unit.types[0].modifiers.is_test);
    }
}
