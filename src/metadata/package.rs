//! What a deployment names: `package.xml`, `destructiveChanges*.xml`.

use super::xml::Xml;
use crate::base::{FileId, Issue, SourceFile};
use std::ops::Range;

/// The members of a manifest: each with its type, as written; `*` for all of a type.
pub(crate) fn read_package(
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<Vec<(String, String)>> {
    let xml = Xml::parse(FileId(0), source, "Package", issues)?;
    let members = xml.root().children("types").flat_map(|types| {
        let kind = types.string("name").unwrap_or_default();
        let names = types.children("members").filter_map(|member| member.text());
        names.map(move |(name, _)| (kind.to_owned(), name.to_owned()))
    });
    Some(members.collect())
}

/// A component inside the file of another one.
pub(crate) struct Part {
    /// The element: `fields`, `rules`, `fieldUpdates`.
    pub(crate) element: String,
    pub(crate) name: String,
    pub(crate) place: Range<usize>,
}

/// The components inside a file whose root is `root`; none where it cannot be read.
pub(crate) fn parts(source: &SourceFile, root: &str) -> Vec<Part> {
    let Some(xml) = Xml::parse(FileId(0), source, root, &mut Vec::new()) else {
        return Vec::new();
    };
    let part = |element: super::xml::Element<'_>| {
        let name = element.string("fullName")?.to_owned();
        Some(Part { element: element.name().to_owned(), name, place: element.whole() })
    };
    xml.root().elements().filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::{parts, read_package};
    use crate::base::{FileKind, SourceFile};

    fn file(text: &str) -> SourceFile {
        SourceFile::new("package.xml".to_owned(), FileKind::Config, text.to_owned())
    }

    #[test]
    fn members_have_types() {
        let text = "<Package xmlns='urn:x'><types><members>A</members><members> * </members><name>ApexClass</name></types>\
            <types><name>Flow</name></types><version>60.0</version></Package>";
        let members = read_package(&file(text), &mut Vec::new()).unwrap();
        let class = |name: &str| ("ApexClass".to_owned(), name.to_owned());
        assert_eq!(members, [class("A"), class("*")]);
    }

    #[test]
    fn parts_have_places() {
        let text = "<CustomObject><label>A</label><fields><fullName>B__c</fullName></fields></CustomObject>";
        let parts = parts(&file(text), "CustomObject");
        assert_eq!(parts.len(), 1);
        assert_eq!((parts[0].element.as_str(), parts[0].name.as_str()), ("fields", "B__c"));
        assert_eq!(
            text.get(parts[0].place.clone()),
            Some("<fields><fullName>B__c</fullName></fields>")
        );
    }
}
