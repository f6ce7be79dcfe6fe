//! The `-meta.xml` neighbour of a class or trigger.

use super::xml::Xml;
use crate::base::{FileId, Issue, Name, SourceFile};

/// One `ApexClass` or `ApexTrigger` file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ApexMetaFacts {
    /// The name of the class or trigger: the file's name up to its first `.`.
    pub(crate) name: Name,
    /// Whether it belongs to a trigger rather than to a class.
    pub(crate) of_trigger: bool,
    /// `apiVersion`, such as `62.0`.
    pub(crate) api_version: Option<String>,
    /// False where `<status>` is `Inactive` or `Deleted`: such a trigger does not run.
    pub(crate) active: bool,
}

/// From this version on, a class without a keyword runs with sharing (GD-08).
const SHARING_BY_DEFAULT: f64 = 67.0;

impl ApexMetaFacts {
    /// Whether sharing holds in a class that does not say so.
    pub(crate) fn shares_by_default(&self) -> bool {
        let version = self.api_version.as_deref().and_then(|version| version.parse::<f64>().ok());
        version.is_some_and(|version| version >= SHARING_BY_DEFAULT)
    }
}

/// Reads `*.cls-meta.xml` or `*.trigger-meta.xml`.
pub(crate) fn read_apex_meta(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<ApexMetaFacts> {
    let mut parts = source.file_name().split('.');
    let name = Name::new(parts.next().unwrap_or(""));
    let of_trigger = parts.next().is_some_and(|suffix| suffix.eq_ignore_ascii_case("trigger-meta"));
    let xml =
        Xml::parse(file, source, if of_trigger { "ApexTrigger" } else { "ApexClass" }, issues)?;
    let root = xml.root();
    Some(ApexMetaFacts {
        name,
        of_trigger,
        api_version: root.string("apiVersion").map(str::to_owned),
        active: !matches!(root.string("status"), Some("Inactive" | "Deleted")),
    })
}

#[cfg(test)]
mod tests {
    use super::{ApexMetaFacts, read_apex_meta};
    use crate::base::{FileId, FileKind, Name, SourceFile};

    fn read(name: &str, text: &str) -> Option<ApexMetaFacts> {
        let source = SourceFile::new(format!("classes/{name}"), FileKind::ApexMeta, text.into());
        read_apex_meta(FileId(0), &source, &mut Vec::new())
    }

    #[test]
    fn classes_and_triggers() {
        let class = "<ApexClass><apiVersion>62.0</apiVersion><status>Active</status></ApexClass>";
        let expected = |of_trigger, api_version: Option<&str>, active| {
            Some(ApexMetaFacts {
                name: Name::new("A"),
                of_trigger,
                api_version: api_version.map(str::to_owned),
                active,
            })
        };
        assert_eq!(read("A.cls-meta.xml", class), expected(false, Some("62.0"), true));
        assert_eq!(read("A.trigger-meta.xml", class), None, "a class where a trigger belongs");
        let trigger = |status: &str| format!("<ApexTrigger>{status}</ApexTrigger>");
        assert_eq!(read("A.trigger-meta.xml", &trigger("")), expected(true, None, true));
        assert_eq!(
            read("A.Trigger-meta.xml", &trigger("<status>Inactive</status>")),
            expected(true, None, false)
        );
        assert_eq!(
            read("A.trigger-meta.xml", &trigger("<status>Deleted</status>")),
            expected(true, None, false)
        );
    }
}
