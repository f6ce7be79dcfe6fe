//! An object: `*.object-meta.xml`, or `*.object` with its fields inside.

use super::FieldFacts;
use super::field::read_inner_field;
use super::xml::Xml;
use crate::base::{FileId, Issue, Name, SourceFile, Span};

/// One `CustomObject` file, as far as locking cares. An object may have several, in several package directories.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ObjectFacts {
    pub(crate) name: Name,
    /// The place of the root element.
    pub(crate) span: Span,
    pub(crate) label: Option<String>,
    /// `customSettingsType`: `Hierarchy` or `List`; the object is a custom setting.
    pub(crate) custom_setting: bool,
    /// `sharingModel` (`ControlledByParent`, `Private`, …), as written.
    pub(crate) sharing_model: Option<String>,
    /// The fields inside the file: all of them in the Metadata API format, none in decomposed source.
    pub(crate) fields: Vec<FieldFacts>,
}

/// Reads an object file of either format. The object's name comes from the file name.
pub(crate) fn read_object(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<ObjectFacts> {
    let xml = Xml::parse(file, source, "CustomObject", issues)?;
    let root = xml.root();
    let name = Name::new(source.file_name().split('.').next().unwrap_or(""));
    let fields = root
        .children("fields")
        .filter_map(|element| read_inner_field(element, &name, issues))
        .collect();
    Some(ObjectFacts {
        span: root.span(),
        label: root.string("label").map(str::to_owned),
        custom_setting: root.value("customSettingsType").is_some(),
        sharing_model: root.string("sharingModel").map(str::to_owned),
        fields,
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::{ObjectFacts, read_object};
    use crate::base::{FileId, FileKind, Issue, SourceFile, Span};
    use crate::metadata::{FieldFacts, FieldTypeFacts, read_field};
    use proptest::prelude::{any, proptest};

    const WHOLE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<CustomObject xmlns=\"http://soap.sforce.com/2006/04/metadata\">
    <fields>
        <fullName>Invoice__c</fullName>
        <externalId>false</externalId>
        <referenceTo>Invoice__c</referenceTo>
        <type>MasterDetail</type>
    </fields>
    <fields>
        <fullName>Key__c</fullName>
        <externalId>true</externalId>
        <type>Text</type>
        <unique>true</unique>
    </fields>
    <label>Line</label>
    <listViews><label>All</label></listViews>
    <sharingModel>ControlledByParent</sharingModel>
</CustomObject>
";

    fn read(path: &str, text: &str) -> (Option<ObjectFacts>, Vec<Issue>) {
        let source = SourceFile::new(path.into(), FileKind::Object, text.into());
        let mut issues = Vec::new();
        let facts = read_object(FileId(0), &source, &mut issues);
        (facts, issues)
    }

    #[test]
    fn an_object_with_its_fields() {
        let (facts, issues) = read("src/objects/Line__c.object", WHOLE);
        let facts = facts.unwrap();
        assert_eq!(issues, []);
        assert_eq!((facts.name.as_str(), facts.label.as_deref()), ("Line__c", Some("Line")));
        assert_eq!(facts.sharing_model.as_deref(), Some("ControlledByParent"));
        assert!(!facts.custom_setting);
        let fields: Vec<_> =
            facts.fields.iter().map(|field| (field.object.as_str(), field.name.as_str())).collect();
        assert_eq!(fields, [("Line__c", "Invoice__c"), ("Line__c", "Key__c")]);
        assert!(facts.fields[1].unique && facts.fields[1].external_id && !facts.fields[0].unique);
    }

    #[test]
    fn a_custom_setting() {
        let text =
            "<CustomObject><customSettingsType>Hierarchy</customSettingsType></CustomObject>";
        let (facts, _) = read("objects/S__c/S__c.object-meta.xml", text);
        let facts = facts.unwrap();
        assert!(facts.custom_setting && facts.fields.is_empty());
        assert_eq!((facts.name.as_str(), facts.label), ("S__c", None));
    }

    #[test]
    fn a_field_reads_the_same_in_both_formats() {
        let inner = "<fullName>A__c</fullName><deleteConstraint>Restrict</deleteConstraint>
            <referenceTo>B__c</referenceTo><relationshipName>As</relationshipName><type>Lookup</type>";
        let (whole, _) = read(
            "objects/L__c.object",
            &format!("<CustomObject><fields>{inner}</fields></CustomObject>"),
        );
        let text = format!("<CustomField>{inner}</CustomField>");
        let path = "objects/L__c/fields/A__c.field-meta.xml";
        let source = SourceFile::new(path.into(), FileKind::Field, text);
        let single = read_field(FileId(0), &source, &mut Vec::new()).unwrap();
        assert!(matches!(single.kind, FieldTypeFacts::Lookup { .. }));
        assert_eq!(unplaced(whole.unwrap().fields.remove(0)), unplaced(single));
    }

    /// The facts without their places, which differ between files.
    fn unplaced(mut facts: FieldFacts) -> FieldFacts {
        let nowhere = Span::start_of(FileId(0));
        (facts.span, facts.type_span) = (nowhere, nowhere);
        if let FieldTypeFacts::Lookup { delete_constraint: Some((_, span)), .. } = &mut facts.kind {
            *span = nowhere;
        }
        facts
    }

    #[test]
    fn a_field_without_a_name_is_left_out() {
        let (facts, issues) = read(
            "L__c.object",
            "<CustomObject>\n<fields><type>Text</type></fields></CustomObject>",
        );
        assert_eq!(facts.unwrap().fields, []);
        assert_eq!(issues[0].message, "a field without <fullName> is left out");
        assert_eq!((issues[0].span.start, issues[0].span.end), (15, 22));
    }

    #[test]
    fn another_root_is_an_issue() {
        let (facts, issues) = read("L__c.object", "<Profile/>");
        assert_eq!(facts, None);
        assert_eq!(
            issues[0].message,
            "holds <Profile> where <CustomObject> belongs; nothing in this file counts"
        );
    }

    proptest! {
        #[test]
        fn no_cut_or_swap_panics(cut in 0..WHOLE.len(), at in 0..WHOLE.len(), with in any::<char>()) {
            let mut text: String = WHOLE.chars().enumerate().map(|(index, c)| if index == at { with } else { c }).collect();
            read("objects/L__c.object", &text);
            text = text.chars().take(cut).collect();
            let (facts, issues) = read("objects/L__c.object", &text);
            assert!(facts.is_some() || issues.len() == 1, "nothing read and nothing said");
        }
    }
}
