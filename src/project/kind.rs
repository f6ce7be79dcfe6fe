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
    (".md-meta.xml", FileKind::CustomMetadata),
    (".flow", FileKind::Flow),
    (".flow-meta.xml", FileKind::Flow),
    (".flowDefinition", FileKind::FlowDefinition),
    (".flowDefinition-meta.xml", FileKind::FlowDefinition),
    (".platformEventSubscriberConfig", FileKind::SubscriberConfig),
    (".platformEventSubscriberConfig-meta.xml", FileKind::SubscriberConfig),
    (".workflow", FileKind::Workflow),
    (".workflow-meta.xml", FileKind::Workflow),
];

const FIELD_SUFFIX: &str = ".field-meta.xml";

/// Of a custom metadata record in the Metadata API format, and of Markdown.
const RECORD_SUFFIX: &str = ".md";

/// The kind of a file that rowlock reads, from its path below the root, with `/`.
pub(crate) fn of(path: &str) -> Option<FileKind> {
    let mut folders = path.rsplit('/');
    let name = folders.next()?;
    if without_suffix(name, FIELD_SUFFIX).is_some() {
        // `objects/X/fields/`: elsewhere the object would be unknown.
        let fields = folders.next()?.eq_ignore_ascii_case("fields");
        let objects = folders.nth(1)?.eq_ignore_ascii_case("objects");
        return (fields && objects).then_some(FileKind::Field);
    }
    if let Some(stem) = without_suffix(name, RECORD_SUFFIX) {
        // `Type.Record.md` below `customMetadata/`: elsewhere, or without a dot, it is Markdown.
        let records = folders.any(|folder| folder.eq_ignore_ascii_case("customMetadata"));
        return (records && stem.contains('.')).then_some(FileKind::CustomMetadata);
    }
    SUFFIXES
        .iter()
        .find(|(suffix, _)| without_suffix(name, suffix).is_some())
        .map(|(_, kind)| *kind)
}

/// What a name has before a suffix, unless that is nothing.
fn without_suffix<'n>(name: &'n str, suffix: &str) -> Option<&'n str> {
    let at = name.len().checked_sub(suffix.len())?;
    let (stem, tail) = name.split_at_checked(at)?;
    (!stem.is_empty() && tail.eq_ignore_ascii_case(suffix)).then_some(stem)
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
        check("customMetadata/A.B.md-meta.xml", Some(FileKind::CustomMetadata));
        check("src/CustomMetadata/A.B.md", Some(FileKind::CustomMetadata));
        check("customMetadata/rollups/A.B.md", Some(FileKind::CustomMetadata));
        check(
            "platformEventSubscriberConfigs/A.platformEventSubscriberConfig-meta.xml",
            Some(FileKind::SubscriberConfig),
        );
        check("A.PlatformEventSubscriberConfig", Some(FileKind::SubscriberConfig));
        check("workflows/A.workflow-meta.xml", Some(FileKind::Workflow));
        check("flows/A.flow-meta.xml", Some(FileKind::Flow));
        check("src/flows/A-3.flow", Some(FileKind::Flow));
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
        check("docs/A.B.md", None);
        check("customMetadata/README.md", None);
        check("customMetadata.md", None);
        check("A.cls.orig", None);
        check("A.objectTranslation", None);
        check(".cls", None);
        check("classes/.trigger-meta.xml", None);
        check("package.xml", None);
        check("", None);
    }
}
