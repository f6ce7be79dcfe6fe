//! A field of an object: `*.field-meta.xml`, or `<fields>` inside an object file.

use super::xml::{Element, Xml};
use crate::base::{FileId, Issue, IssueKind, Name, SourceFile, Span};

/// One `CustomField`, as far as locking cares.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FieldFacts {
    pub(crate) object: Name,
    pub(crate) name: Name,
    /// The place of the field: its `<fullName>` (or the root element where that is missing).
    pub(crate) span: Span,
    /// The place of `<type>`, or `span` where there is none: what one would edit.
    pub(crate) type_span: Span,
    pub(crate) kind: FieldTypeFacts,
    pub(crate) required: bool,
    /// Whether it has a `lookupFilter` that is active (DC-13).
    pub(crate) filtered: bool,
    pub(crate) unique: bool,
    pub(crate) external_id: bool,
}

/// The type of a field. Every place is that of the text inside the element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum FieldTypeFacts {
    MasterDetail {
        /// One target, in practice; empty where the element is missing.
        to: Vec<Name>,
        /// `relationshipName`, without `__r`.
        relationship: Option<Name>,
        /// `reparentableMasterDetail`; false where absent (RU-19).
        reparentable: bool,
    },
    Lookup {
        to: Vec<Name>,
        relationship: Option<Name>,
        /// The constraint with its place; `None` where absent (DC-02).
        delete_constraint: Option<(DeleteConstraint, Span)>,
    },
    /// A roll-up summary (RU-02). The paths are kept as written: `Child__c.Field__c`.
    RollUp {
        /// `summaryOperation`, lower case: `count`, `sum`, `min`, `max`.
        operation: String,
        /// `summaryForeignKey`: `Child__c.Fk__c`, with its place.
        foreign_key: Option<(String, Span)>,
        /// `summarizedField`: `Child__c.Field__c`, with its place; none for `count`.
        summarized: Option<(String, Span)>,
        /// `field` of each `summaryFilterItems`, with its place.
        filters: Vec<(String, Span)>,
    },
    /// A formula of any type: the text of `<formula>`.
    Formula { formula: String },
    /// `MetadataRelationship`, `Hierarchy`, `ExternalLookup`, `IndirectLookup`: no row lock (DC-11).
    OtherRelationship { to: Vec<Name> },
    /// Any other type, by its name; empty where `<type>` is missing (a standard field).
    Plain(String),
}

/// DC-01. An unknown value is an issue and read as `SetNull`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum DeleteConstraint {
    SetNull,
    Restrict,
    Cascade,
}

/// Reads `objects/X/fields/*.field-meta.xml`. The object's name comes from the path.
pub(crate) fn read_field(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<FieldFacts> {
    let xml = Xml::parse(file, source, "CustomField", issues)?;
    let root = xml.root();
    let object = Name::new(source.path.rsplit('/').nth(2).unwrap_or(""));
    let (name, span) = match root.value("fullName") {
        Some((name, span)) => (Name::new(name), span),
        None => (Name::new(source.file_name().split('.').next().unwrap_or("")), root.span()),
    };
    Some(field(root, object, name, span, issues))
}

/// Reads one `<fields>` element of an object file.
pub(super) fn read_inner_field(
    element: Element,
    object: &Name,
    issues: &mut Vec<Issue>,
) -> Option<FieldFacts> {
    let Some((name, span)) = element.value("fullName") else {
        let message = "a field without <fullName> is left out";
        issues.push(Issue::new(element.span(), IssueKind::Parse, message));
        return None;
    };
    Some(field(element, object.clone(), Name::new(name), span, issues))
}

fn field(
    element: Element,
    object: Name,
    name: Name,
    span: Span,
    issues: &mut Vec<Issue>,
) -> FieldFacts {
    let (type_name, type_span) = element.value("type").unwrap_or(("", span));
    let to =
        || element.children("referenceTo").filter_map(|to| Some(Name::new(to.text()?.0))).collect();
    let relationship = || element.string("relationshipName").map(Name::new);
    let kind = match type_name {
        "MasterDetail" => FieldTypeFacts::MasterDetail {
            to: to(),
            relationship: relationship(),
            reparentable: element.flag("reparentableMasterDetail"),
        },
        "Lookup" => FieldTypeFacts::Lookup {
            to: to(),
            relationship: relationship(),
            delete_constraint: element
                .value("deleteConstraint")
                .map(|value| delete_constraint(value, issues)),
        },
        "Summary" => roll_up(element),
        "MetadataRelationship" | "Hierarchy" | "ExternalLookup" | "IndirectLookup" => {
            FieldTypeFacts::OtherRelationship { to: to() }
        }
        _ => match element.string("formula") {
            Some(formula) => FieldTypeFacts::Formula { formula: formula.to_owned() },
            None => FieldTypeFacts::Plain(type_name.to_owned()),
        },
    };
    if let Some(missing) = missing(&kind, &name) {
        let message = format!("{object}.{name} has no <{missing}>; this relationship is left out");
        issues.push(Issue::new(type_span, IssueKind::Parse, message));
    }
    FieldFacts {
        object,
        name,
        span,
        type_span,
        kind,
        required: element.flag("required"),
        filtered: element.child("lookupFilter").is_some_and(|filter| filter.flag("active")),
        unique: element.flag("unique"),
        external_id: element.flag("externalId"),
    }
}

fn roll_up(element: Element) -> FieldTypeFacts {
    let owned = |(text, span): (&str, Span)| (text.to_owned(), span);
    FieldTypeFacts::RollUp {
        operation: element.string("summaryOperation").unwrap_or("").to_ascii_lowercase(),
        foreign_key: element.value("summaryForeignKey").map(owned),
        summarized: element.value("summarizedField").map(owned),
        filters: element
            .children("summaryFilterItems")
            .filter_map(|item| item.value("field").map(owned))
            .collect(),
    }
}

fn delete_constraint(
    (text, span): (&str, Span),
    issues: &mut Vec<Issue>,
) -> (DeleteConstraint, Span) {
    let constraint = match text {
        "SetNull" => DeleteConstraint::SetNull,
        "Restrict" => DeleteConstraint::Restrict,
        "Cascade" => DeleteConstraint::Cascade,
        _ => {
            let message = format!("`{text}` is no delete constraint; it is read as `SetNull`");
            issues.push(Issue::new(span, IssueKind::Parse, message));
            DeleteConstraint::SetNull
        }
    };
    (constraint, span)
}

/// The element without which a custom relationship leads nowhere. Standard fields rightly lack it (DC-03).
fn missing(kind: &FieldTypeFacts, name: &Name) -> Option<&'static str> {
    match kind {
        FieldTypeFacts::MasterDetail { to, .. } | FieldTypeFacts::Lookup { to, .. } => {
            (to.is_empty() && name.has_suffix("__c")).then_some("referenceTo")
        }
        FieldTypeFacts::RollUp { foreign_key, .. } => {
            foreign_key.is_none().then_some("summaryForeignKey")
        }
        FieldTypeFacts::Formula { .. }
        | FieldTypeFacts::OtherRelationship { .. }
        | FieldTypeFacts::Plain(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{DeleteConstraint, FieldFacts, FieldTypeFacts, read_field};
    use crate::base::{FileId, FileKind, Issue, Name, SourceFile, Span};
    use crate::metadata::text_at;
    use proptest::prelude::{any, proptest};

    const RESTRICT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<CustomField xmlns=\"http://soap.sforce.com/2006/04/metadata\">
    <fullName>Invoice__c</fullName>
    <deleteConstraint>Restrict</deleteConstraint>
    <label>Invoice</label>
    <referenceTo>Invoice__c</referenceTo>
    <relationshipName>Lines</relationshipName>
    <required>true</required>
    <type>Lookup</type>
</CustomField>
";

    fn source(text: &str) -> SourceFile {
        SourceFile::new(
            "app/objects/Line__c/fields/Stem__c.field-meta.xml".into(),
            FileKind::Field,
            text.into(),
        )
    }

    /// Reads a field with this content, which must give this many issues.
    fn read(content: &str, issues: usize) -> (SourceFile, FieldFacts, Vec<Issue>) {
        let source = source(&format!("<CustomField>{content}</CustomField>"));
        let mut found = Vec::new();
        let facts = read_field(FileId(0), &source, &mut found).unwrap();
        assert_eq!(found.len(), issues, "{found:?}");
        (source, facts, found)
    }

    fn kind(content: &str) -> FieldTypeFacts {
        read(content, 0).1.kind
    }

    fn names(names: &[&str]) -> Vec<Name> {
        names.iter().copied().map(Name::new).collect()
    }

    #[test]
    fn a_lookup_with_every_place() {
        let source = source(RESTRICT);
        let mut issues = Vec::new();
        let facts = read_field(FileId(3), &source, &mut issues).unwrap();
        let text = |span: Span| text_at(&source, span);
        assert_eq!(issues, []);
        assert_eq!((facts.object.as_str(), facts.name.as_str()), ("Line__c", "Invoice__c"));
        assert_eq!(
            (text(facts.span), text(facts.type_span), facts.span.file),
            ("Invoice__c", "Lookup", FileId(3))
        );
        assert!(facts.required && !facts.unique && !facts.external_id);
        let FieldTypeFacts::Lookup { to, relationship, delete_constraint } = facts.kind else {
            panic!("not a lookup")
        };
        assert_eq!((to, relationship), (names(&["Invoice__c"]), Some(Name::new("Lines"))));
        let (constraint, span) = delete_constraint.unwrap();
        assert_eq!((constraint, text(span)), (DeleteConstraint::Restrict, "Restrict"));
    }

    #[test]
    fn delete_constraints() {
        let check = |value: &str, issues, expected| {
            let content = format!("<type>Lookup</type><referenceTo>A</referenceTo>{value}");
            let FieldTypeFacts::Lookup { delete_constraint, .. } = read(&content, issues).1.kind
            else {
                panic!("not a lookup")
            };
            assert_eq!(delete_constraint.map(|(constraint, _)| constraint), expected, "{value}");
        };
        check("<deleteConstraint> Cascade </deleteConstraint>", 0, Some(DeleteConstraint::Cascade));
        check("<deleteConstraint>SetNull</deleteConstraint>", 0, Some(DeleteConstraint::SetNull));
        check("<deleteConstraint>Forbid</deleteConstraint>", 1, Some(DeleteConstraint::SetNull));
        check("<deleteConstraint/>", 0, None);
        check("", 0, None);
    }

    #[test]
    fn master_detail() {
        let to = || names(&["Invoice__c"]);
        let field = "<type>MasterDetail</type><referenceTo>Invoice__c</referenceTo>";
        let expected = |relationship, reparentable| FieldTypeFacts::MasterDetail {
            to: to(),
            relationship,
            reparentable,
        };
        assert_eq!(kind(field), expected(None, false));
        let more = "<relationshipName>Lines</relationshipName><reparentableMasterDetail>true</reparentableMasterDetail>";
        assert_eq!(kind(&format!("{field}{more}")), expected(Some(Name::new("Lines")), true));
    }

    #[test]
    fn roll_ups() {
        let (source, facts, _) = read(
            "<type>Summary</type><summaryOperation>Sum</summaryOperation>
             <summarizedField>Line__c.Amount__c</summarizedField>
             <summaryFilterItems><field>Line__c.Open__c</field><operation>equals</operation></summaryFilterItems>
             <summaryFilterItems><field>Line__c.Kind__c</field></summaryFilterItems>
             <summaryForeignKey>Line__c.Invoice__c</summaryForeignKey>",
            0,
        );
        let FieldTypeFacts::RollUp { operation, foreign_key, summarized, filters } = facts.kind
        else {
            panic!("not a roll-up")
        };
        let mut places = vec![foreign_key.unwrap(), summarized.unwrap()];
        places.extend(filters);
        assert_eq!(operation, "sum");
        let expected =
            ["Line__c.Invoice__c", "Line__c.Amount__c", "Line__c.Open__c", "Line__c.Kind__c"];
        for ((path, span), expected) in places.iter().zip(expected) {
            assert_eq!(path, expected);
            assert_eq!(text_at(&source, *span), expected);
        }
        let (_, count, _) = read(
            "<type>Summary</type><summaryOperation>count</summaryOperation><summaryForeignKey>L.F</summaryForeignKey>",
            0,
        );
        assert!(
            matches!(count.kind, FieldTypeFacts::RollUp { summarized: None, filters, .. } if filters.is_empty())
        );
    }

    #[test]
    fn other_types() {
        assert_eq!(kind("<type>Text</type>"), FieldTypeFacts::Plain("Text".into()));
        assert_eq!(
            kind("<trackHistory>false</trackHistory>"),
            FieldTypeFacts::Plain(String::new())
        );
        let formula = FieldTypeFacts::Formula { formula: "A__c > 1".into() };
        assert_eq!(kind("<type>Checkbox</type><formula>A__c &gt; 1</formula>"), formula);
        let to = names(&["B__mdt"]);
        let relationship = "<type>MetadataRelationship</type><referenceTo>B__mdt</referenceTo>";
        assert_eq!(kind(relationship), FieldTypeFacts::OtherRelationship { to });
    }

    #[test]
    fn a_custom_relationship_needs_a_target() {
        let message = |content: &str, issues| {
            read(content, issues)
                .2
                .into_iter()
                .map(|issue| issue.message)
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(
            message("<fullName>A__c</fullName><type>MasterDetail</type>", 1),
            "Line__c.A__c has no <referenceTo>; this relationship is left out"
        );
        assert_eq!(message("<fullName>AccountId</fullName><type>Lookup</type>", 0), "");
        assert_eq!(
            message("<fullName>A__c</fullName><type>Summary</type>", 1),
            "Line__c.A__c has no <summaryForeignKey>; this relationship is left out"
        );
    }

    #[test]
    fn without_a_full_name_the_file_names_the_field() {
        let (source, facts, _) = read("<type>Text</type>", 0);
        assert_eq!(facts.name.as_str(), "Stem__c");
        assert_eq!(text_at(&source, facts.span), "<CustomField");
    }

    proptest! {
        #[test]
        fn no_cut_or_swap_panics(cut in 0..RESTRICT.len(), at in 0..RESTRICT.len(), with in any::<char>()) {
            let mut text: String = RESTRICT.chars().enumerate().map(|(index, c)| if index == at { with } else { c }).collect();
            read_field(FileId(0), &source(&text), &mut Vec::new());
            text = text.chars().take(cut).collect();
            let mut issues = Vec::new();
            let facts = read_field(FileId(0), &source(&text), &mut issues);
            assert!(facts.is_some() || issues.len() == 1, "nothing read and nothing said");
        }
    }
}
