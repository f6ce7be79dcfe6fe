//! What a file holds, by its path.

use crate::base::FileKind;

/// The kinds whose file name says all. The letter case does not matter.
const SUFFIXES: &[(&str, FileKind)] = &[
    (".cls", FileKind::ApexClass),
    (".trigger", FileKind::ApexTrigger),
    (".cls-meta.xml", FileKind::ApexMeta),
    (".trigger-meta.xml", FileKind::ApexMeta),
    (".object", FileKind::Object),
    (".object-meta.xml", FileKind::Object),
    (".duplicateRule", FileKind::DuplicateRule),
    (".duplicateRule-meta.xml", FileKind::DuplicateRule),
];

const FIELD_SUFFIX: &str = ".field-meta.xml";

/// The kind of a file that rowlock reads, from its path below the root, with `/`.
pub(super) fn of(path: &str) -> Option<FileKind> {
    let mut folders = path.rsplit('/');
    let name = folders.next()?;
    if ends_with(name, FIELD_SUFFIX) {
        // `objects/X/fields/`: elsewhere the object would be unknown.
        let fields = folders.next()?.eq_ignore_ascii_case("fields");
        let objects = folders.nth(1)?.eq_ignore_ascii_case("objects");
        return (fields && objects).then_some(FileKind::Field);
    }
    SUFFIXES.iter().find(|(suffix, _)| ends_with(name, suffix)).map(|(_, kind)| *kind)
}

/// Whether a name ends so and has something before it.
fn ends_with(name: &str, suffix: &str) -> bool {
    let split = name.len().checked_sub(suffix.len()).and_then(|at| name.split_at_checked(at));
    split.is_some_and(|(stem, tail)| !stem.is_empty() && tail.eq_ignore_ascii_case(suffix))
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::base::FileKind;

    fn check(path: &str, expected: Option<FileKind>) {
        assert_eq!(of(path), expected, "{path}");
    }

    #[test]
    fn kinds() {
        check("app/classes/A.cls", Some(FileKind::ApexClass));
        check("A.CLS", Some(FileKind::ApexClass));
        check("classes/A.cls-meta.xml", Some(FileKind::ApexMeta));
        check("triggers/A.trigger", Some(FileKind::ApexTrigger));
        check("triggers/A.trigger-meta.xml", Some(FileKind::ApexMeta));
        check("objects/A__c.object", Some(FileKind::Object));
        check("objects/A__c/A__c.object-meta.xml", Some(FileKind::Object));
        check("duplicateRules/A.B.duplicateRule-meta.xml", Some(FileKind::DuplicateRule));
        check("duplicateRules/A.B.duplicaterule", Some(FileKind::DuplicateRule));
        check("a/objects/A__c/fields/B__c.field-meta.xml", Some(FileKind::Field));
        check("Objects/A__c/Fields/é.Field-Meta.xml", Some(FileKind::Field));
    }

    #[test]
    fn anything_else_is_left_alone() {
        check("objects/A__c/B__c.field-meta.xml", None);
        check("other/A__c/fields/B__c.field-meta.xml", None);
        check("B__c.field-meta.xml", None);
        check("fields/B__c.field-meta.xml", None);
        check("objectTranslations/A/B.fieldTranslation-meta.xml", None);
        check("A.cls.orig", None);
        check("A.objectTranslation", None);
        check(".cls", None);
        check("classes/.trigger-meta.xml", None);
        check("package.xml", None);
        check("", None);
    }
}
