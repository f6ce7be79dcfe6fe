//! A cursor over XML that gives text with its place. Elements are found by local name, whatever their namespace.

use crate::base::{FileId, Issue, IssueKind, SourceFile, Span};
use roxmltree::{Document, Error, Node, ParsingOptions};

/// More nodes than 64 MB of ordinary metadata have; keeps what a hostile file can make us allocate within bounds.
const NODES_LIMIT: u32 = 8_000_000;

/// The parser's time grows with the cube of nested namespaces. Metadata declares one or two.
const NAMESPACES_LIMIT: usize = 1_000;

/// The parser's time grows with the square of the attributes of an element. Metadata has a handful; text may also hold `=`.
const ATTRIBUTES_LIMIT: usize = 20_000;

/// A well-formed file with the root element that its name promises.
pub(crate) struct Xml<'a> {
    document: Document<'a>,
    file: FileId,
}

impl<'a> Xml<'a> {
    /// Parses a file whose root must be `root`; otherwise an issue says what it is instead.
    pub(crate) fn parse(
        file: FileId,
        source: &'a SourceFile,
        root: &str,
        issues: &mut Vec<Issue>,
    ) -> Option<Xml<'a>> {
        let text = source.text.as_str();
        let mut reject = |span, what: String| {
            issues.push(Issue::new(
                span,
                IssueKind::Parse,
                format!("{what}; nothing in this file counts"),
            ));
        };
        if text.trim().is_empty() {
            reject(Span::start_of(file), "is empty".to_owned());
            return None;
        }
        if let Some(what) = excess(text) {
            reject(Span::start_of(file), what);
            return None;
        }
        let options = ParsingOptions { nodes_limit: NODES_LIMIT, ..ParsingOptions::default() };
        let document = match Document::parse_with_options(text, options) {
            Ok(document) => document,
            Err(error) => {
                let (at, what) = complaint(source, &error);
                reject(Span { file, start: at as u32, end: at as u32 }, what);
                return None;
            }
        };
        let xml = Xml { document, file };
        let found = xml.root();
        if found.name() != root {
            reject(found.span(), format!("holds <{}> where <{root}> belongs", found.name()));
            return None;
        }
        Some(xml)
    }

    pub(crate) fn root(&self) -> Element<'_> {
        Element { node: self.document.root_element(), file: self.file }
    }
}

/// What no metadata has so much of, and what the parser would take for ever to read.
fn excess(text: &str) -> Option<String> {
    if text.matches("xmlns").count() > NAMESPACES_LIMIT {
        return Some(format!("declares more than {NAMESPACES_LIMIT} XML namespaces"));
    }
    let crowded = text
        .split('<')
        .any(|tag| tag.bytes().filter(|byte| *byte == b'=').count() > ATTRIBUTES_LIMIT);
    crowded.then(|| format!("has an element with more than {ATTRIBUTES_LIMIT} attributes"))
}

/// Where the XML breaks, and what is wrong there.
fn complaint(source: &SourceFile, error: &Error) -> (usize, String) {
    if let Some(at) = source.conflict_marker() {
        return (at as usize, "has an unresolved merge conflict".to_owned());
    }
    let text = source.text.as_str();
    let place = error.pos();
    match error {
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            (text.trim_end().len(), "ends in the middle of an element".to_owned())
        }
        Error::DtdDetected => {
            let at = text.find("<!DOCTYPE").unwrap_or(0);
            (at, "has a document type declaration, which Salesforce metadata never has".to_owned())
        }
        Error::NodesLimitReached => (0, format!("has more than {NODES_LIMIT} XML nodes")),
        _ => {
            let whole = error.to_string();
            // The place is said by the span, in our own counting.
            let what = whole.strip_suffix(&format!(" at {place}")).unwrap_or(&whole);
            (
                source.offset(place.row as usize, place.col as usize) as usize,
                format!("is not valid XML: {what}"),
            )
        }
    }
}

/// An element of a parsed file.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    node: Node<'a, 'a>,
    file: FileId,
}

impl<'a> Element<'a> {
    pub(crate) fn name(self) -> &'a str {
        self.node.tag_name().name()
    }

    /// The place of `<name`: the beginning of the start tag.
    pub(crate) fn span(self) -> Span {
        let range = self.node.range();
        let source = self.node.document().input_text();
        let tag = source.get(range.clone()).unwrap_or("");
        let len = tag
            .find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>')
            .unwrap_or(tag.len());
        self.place(range.start, range.start + len)
    }

    /// From the beginning of the start tag to the end of the end tag, in bytes.
    pub(crate) fn whole(self) -> std::ops::Range<usize> {
        self.node.range()
    }

    /// The children, in file order.
    pub(crate) fn elements(self) -> impl Iterator<Item = Element<'a>> {
        let Element { node, file } = self;
        node.children().filter(Node::is_element).map(move |node| Element { node, file })
    }

    /// The children of a name, in file order.
    pub(crate) fn children(self, name: &str) -> impl Iterator<Item = Element<'a>> {
        let Element { node, file } = self;
        node.children()
            .filter(move |child| child.is_element() && child.tag_name().name() == name)
            .map(move |node| Element { node, file })
    }

    /// The first child of a name.
    pub(crate) fn child(self, name: &str) -> Option<Element<'a>> {
        self.children(name).next()
    }

    /// The text without white space around it, entities resolved, and the place of what stands in the file for it.
    /// Nothing where there is no text.
    pub(crate) fn text(self) -> Option<(&'a str, Span)> {
        let blank = |node: &Node| node.text().is_none_or(|text| text.trim().is_empty());
        let node = self.node.children().find(|child| child.is_text() && !blank(child))?;
        let value = node.text()?.trim();
        let source = self.node.document().input_text();
        let start = node.range().start;
        let end = match node.next_sibling() {
            Some(next) => next.range().start,
            None => {
                let before_end = source.get(start..self.node.range().end)?;
                start + before_end.rfind("</")?
            }
        };
        let raw = source.get(start..end)?;
        let start = start + (raw.len() - raw.trim_start().len());
        Some((value, self.place(start, start + raw.trim().len())))
    }

    /// The text of the first child of a name, with its place.
    pub(crate) fn value(self, name: &str) -> Option<(&'a str, Span)> {
        self.child(name)?.text()
    }

    /// The text of the first child of a name.
    pub(crate) fn string(self, name: &str) -> Option<&'a str> {
        self.value(name).map(|(text, _)| text)
    }

    /// Whether the first child of a name says `true`.
    pub(crate) fn flag(self, name: &str) -> bool {
        self.string(name) == Some("true")
    }

    fn place(self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::Xml;
    use crate::base::{FileId, FileKind, Issue, SourceFile};
    use crate::metadata::text_at;

    fn source(text: &str) -> SourceFile {
        SourceFile::new("objects/A__c/A__c.object-meta.xml".into(), FileKind::Object, text.into())
    }

    /// The issue of a file that must have the root `<r>`, as `line:column message`.
    fn complaint(text: &str) -> String {
        let source = source(text);
        let mut issues: Vec<Issue> = Vec::new();
        let parsed = Xml::parse(FileId(0), &source, "r", &mut issues);
        assert_eq!(parsed.is_none(), !issues.is_empty(), "an issue exactly where nothing is read");
        issues.iter().map(|issue| place(&source, issue)).collect::<Vec<_>>().join("\n")
    }

    fn place(source: &SourceFile, issue: &Issue) -> String {
        let at = source.line_column(issue.span.start);
        format!("{}:{} {}", at.line, at.column, issue.message)
    }

    /// The value of `<v>` and the text at its span.
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let source = source(text);
        let xml = Xml::parse(FileId(0), &source, "r", &mut Vec::new()).unwrap();
        let found = xml.root().value("v");
        let found = found.map(|(value, span)| (value, text_at(&source, span)));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn text_comes_with_its_place() {
        check("<r><v>Lookup</v></r>", Some(("Lookup", "Lookup")));
        check("<r>\r\n <v>\r\n  é \t</v></r>", Some(("é", "é")));
        check("<r><v>a &amp; b</v></r>", Some(("a & b", "a &amp; b")));
        check("<r><v><!-- x --> a <!-- y --></v></r>", Some(("a", "a")));
        check("<r><v><![CDATA[a<b]]></v></r>", Some(("a<b", "<![CDATA[a<b]]>")));
        check("<x:r xmlns:x='u'><x:v>a</x:v ></x:r>", Some(("a", "a")));
        check("<r><v>first</v><v>second</v></r>", Some(("first", "first")));
    }

    #[test]
    fn no_text_is_nothing() {
        check("<r><v/></r>", None);
        check("<r><v> \n </v></r>", None);
        check("<r><w>a</w></r>", None);
        check("<r><w><v>nested</v></w></r>", None);
        check("<r><v><w>a</w></v></r>", None);
    }

    #[test]
    fn a_span_of_an_element_is_the_beginning_of_its_tag() {
        let source = source("<?xml version='1.0'?>\n<r a='>'><v/></r>");
        let xml = Xml::parse(FileId(0), &source, "r", &mut Vec::new()).unwrap();
        assert_eq!(text_at(&source, xml.root().span()), "<r");
        assert_eq!(text_at(&source, xml.root().child("v").unwrap().span()), "<v");
    }

    #[test]
    fn broken_files_say_what_and_where() {
        assert_eq!(complaint("<r/>"), "");
        assert_eq!(complaint(""), "1:1 is empty; nothing in this file counts");
        assert_eq!(complaint(" \n\n"), "1:1 is empty; nothing in this file counts");
        assert_eq!(
            complaint("<s/>"),
            "1:1 holds <s> where <r> belongs; nothing in this file counts"
        );
        assert_eq!(
            complaint("<r>\n <v>"),
            "2:5 ends in the middle of an element; nothing in this file counts"
        );
        assert_eq!(
            complaint("<r>\n <v"),
            "2:4 ends in the middle of an element; nothing in this file counts"
        );
        assert_eq!(
            complaint("<r>\n é<v></w></r>"),
            "2:6 is not valid XML: expected 'v' tag, not 'w'; nothing in this file counts"
        );
        assert_eq!(
            complaint("<r>\n<v>1</v>\n<<<<<<< HEAD\n<v/>\n=======\n>>>>>>> b\n</r>"),
            "3:1 has an unresolved merge conflict; nothing in this file counts"
        );
    }

    #[test]
    fn hostile_files_are_refused_or_read() {
        let bomb = "<!DOCTYPE r [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><r>&b;</r>";
        assert_eq!(
            complaint(bomb),
            "1:1 has a document type declaration, which Salesforce metadata never has; nothing in this file counts"
        );
        let depth = 100_000;
        assert_eq!(
            complaint(&format!("<r>{}{}</r>", "<v>".repeat(depth), "</v>".repeat(depth))),
            ""
        );
        assert!(complaint(&"<r>".repeat(depth)).contains("ends in the middle"));
        let namespaces: String = (0..depth).map(|n| format!("<v xmlns:n{n}='u{n}'>")).collect();
        assert!(complaint(&namespaces).contains("declares more than 1000 XML namespaces"));
        let attributes: String = (0..depth).map(|n| format!(" a{n}=''")).collect();
        assert!(complaint(&format!("<r{attributes}/>")).contains("more than 20000 attributes"));
        assert_eq!(complaint("<r xmlns='u' a='1'>a = b</r>"), "");
    }
}
