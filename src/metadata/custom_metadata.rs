//! A custom metadata record: `customMetadata/Type.Record.md-meta.xml` (RT-01, RT-02, RT-03).

use super::xml::{Element, Xml};
use crate::base::{FileId, Issue, IssueKind, Name, SourceFile, Span};

/// One `CustomMetadata` record: how declarative roll-ups (RT-01, RT-02) and trigger frameworks (RT-03) are set up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CustomMetadataFacts {
    /// The object whose record this is: the file's name before the first `.`, with `__mdt`.
    pub(crate) record_type: Name,
    /// The developer name: the file's name between the first `.` and the suffix, with its namespace, if any.
    pub(crate) name: Name,
    pub(crate) label: Option<String>,
    /// The place of the root element.
    pub(crate) span: Span,
    /// In file order. A field that the file does not mention has no value.
    pub(crate) values: Vec<MetadataValue>,
}

/// One `<values>` element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MetadataValue {
    pub(crate) field: Name,
    /// As written, whatever its type: a relationship holds a developer name or an API name. `None` where it is
    /// empty, as with `xsi:nil`.
    pub(crate) value: Option<String>,
    /// The place of the value, or of the field's name where there is none.
    pub(crate) span: Span,
}

/// Reads a record of either format.
pub(crate) fn read_custom_metadata(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<CustomMetadataFacts> {
    let xml = Xml::parse(file, source, "CustomMetadata", issues)?;
    let root = xml.root();
    let file_name = Name::new(source.file_name());
    let stem = [".md-meta.xml", ".md"].iter().find_map(|suffix| file_name.without_suffix(suffix));
    let Some((record_type, name)) = stem.and_then(|stem| stem.split_once('.')) else {
        let message = "a custom metadata record's file is named `Type.Record.md-meta.xml`; this one is left out";
        issues.push(Issue::new(root.span(), IssueKind::Parse, message));
        return None;
    };
    Some(CustomMetadataFacts {
        record_type: Name::new(&format!("{record_type}__mdt")),
        name: Name::new(name),
        label: root.string("label").map(str::to_owned),
        span: root.span(),
        values: root.children("values").filter_map(|element| value(element, issues)).collect(),
    })
}

fn value(element: Element, issues: &mut Vec<Issue>) -> Option<MetadataValue> {
    let Some((field, field_span)) = element.value("field") else {
        let message = "a value without <field> is left out";
        issues.push(Issue::new(element.span(), IssueKind::Parse, message));
        return None;
    };
    let value = element.value("value");
    Some(MetadataValue {
        field: Name::new(field),
        value: value.map(|(text, _)| text.to_owned()),
        span: value.map_or(field_span, |(_, span)| span),
    })
}

#[cfg(test)]
mod tests {
    use super::{CustomMetadataFacts, read_custom_metadata};
    use crate::base::{FileId, FileKind, Issue, SourceFile};
    use crate::metadata::text_at;

    const WHOLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
    <label>Paid on invoice</label>
    <protected>false</protected>
    <values>
        <field>Active__c</field>
        <value xsi:type="xsd:boolean">true</value>
    </values>
    <values>
        <field>RelationshipCriteria__c</field>
        <value xsi:type="xsd:string">Amount__c &gt; 0</value>
    </values>
    <values>
        <field>RowLimit__c</field>
        <value xsi:nil="true"/>
    </values>
</CustomMetadata>
"#;

    fn read(name: &str, text: &str) -> (SourceFile, Option<CustomMetadataFacts>, Vec<Issue>) {
        let path = format!("customMetadata/{name}");
        let source = SourceFile::new(path, FileKind::CustomMetadata, text.into());
        let mut issues = Vec::new();
        let facts = read_custom_metadata(FileId(0), &source, &mut issues);
        (source, facts, issues)
    }

    /// Type and developer name of a record in a file of this name.
    fn check_name(file: &str, record_type: &str, name: &str) {
        let (_, facts, issues) = read(file, "<CustomMetadata/>");
        let facts = facts.unwrap();
        assert_eq!((facts.record_type.as_str(), facts.name.as_str()), (record_type, name));
        assert_eq!((facts.label, facts.values.len(), issues.len()), (None, 0, 0));
    }

    fn check_refused(file: &str, text: &str, message: &str) {
        let (_, facts, issues) = read(file, text);
        let messages: Vec<_> = issues.iter().map(|issue| issue.message.as_str()).collect();
        assert_eq!((facts, messages), (None, vec![message]), "{file}: {text}");
    }

    #[test]
    fn a_record_with_its_values() {
        let (source, facts, issues) = read("Rollup.Paid.md-meta.xml", WHOLE);
        let facts = facts.unwrap();
        assert_eq!(issues, []);
        assert_eq!(facts.label.as_deref(), Some("Paid on invoice"));
        assert_eq!(text_at(&source, facts.span), "<CustomMetadata");
        let values: Vec<_> = facts
            .values
            .iter()
            .map(|it| (it.field.as_str(), it.value.as_deref(), text_at(&source, it.span)))
            .collect();
        assert_eq!(
            values,
            [
                ("Active__c", Some("true"), "true"),
                ("RelationshipCriteria__c", Some("Amount__c > 0"), "Amount__c &gt; 0"),
                ("RowLimit__c", None, "RowLimit__c"),
            ]
        );
    }

    #[test]
    fn the_type_and_the_name_are_in_the_file_name() {
        check_name("Rollup.Paid.md-meta.xml", "Rollup__mdt", "Paid");
        check_name("Rollup.Paid.md", "Rollup__mdt", "Paid");
        check_name("Rollup.Paid.MD-Meta.xml", "Rollup__mdt", "Paid");
        check_name("dlrs__Rollup.my__Paid.md", "dlrs__Rollup__mdt", "my__Paid");
        let named = "a custom metadata record's file is named `Type.Record.md-meta.xml`; this one is left out";
        check_refused("Paid.md-meta.xml", "<CustomMetadata/>", named);
    }

    #[test]
    fn a_value_may_be_missing_but_not_its_field() {
        let (source, facts, issues) = read(
            "Rollup.Paid.md",
            "<CustomMetadata><values><value>a</value></values>
            <values><field>B__c</field></values>
            <values><field>C__c</field><value> </value></values></CustomMetadata>",
        );
        let values = facts.unwrap().values;
        let fields: Vec<_> = values.iter().map(|it| (it.field.as_str(), &it.value)).collect();
        assert_eq!(fields, [("B__c", &None), ("C__c", &None)]);
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].message, "a value without <field> is left out");
        assert_eq!(text_at(&source, issues[0].span), "<values");
    }

    #[test]
    fn broken_records() {
        check_refused("A.B.md", "", "is empty; nothing in this file counts");
        check_refused(
            "A.B.md",
            "<CustomMetadata><values>",
            "ends in the middle of an element; nothing in this file counts",
        );
        check_refused(
            "A.B.md",
            "<CustomObject/>",
            "holds <CustomObject> where <CustomMetadata> belongs; nothing in this file counts",
        );
    }
}
