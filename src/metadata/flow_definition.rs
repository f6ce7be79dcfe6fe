//! Which version of a flow is active: `flowDefinitions/Name.flowDefinition-meta.xml` (FL-02).

use super::xml::Xml;
use crate::base::{FileId, Issue, Name, SourceFile};

/// One `FlowDefinition`. Before version 44 it told what the status of a flow tells now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FlowDefinitionFacts {
    /// The file's name up to its first `.`: that of the flow.
    pub(crate) name: Name,
    /// `activeVersionNumber`; nothing where no version is active.
    pub(crate) active_version: Option<u32>,
}

/// Reads a flow definition of either format.
pub(crate) fn read_flow_definition(
    file: FileId,
    source: &SourceFile,
    issues: &mut Vec<Issue>,
) -> Option<FlowDefinitionFacts> {
    let xml = Xml::parse(file, source, "FlowDefinition", issues)?;
    let number = xml.root().string("activeVersionNumber").and_then(|number| number.parse().ok());
    Some(FlowDefinitionFacts {
        name: Name::new(source.file_name().split('.').next().unwrap_or("")),
        active_version: number.filter(|number| *number > 0),
    })
}

#[cfg(test)]
mod tests {
    use super::read_flow_definition;
    use crate::base::{FileId, FileKind, SourceFile};

    #[test]
    fn a_version_or_none() {
        let active = |inner: &str| {
            let text = format!("<FlowDefinition>{inner}</FlowDefinition>");
            let path = "flowDefinitions/Stamp.flowDefinition".to_owned();
            let source = SourceFile::new(path, FileKind::FlowDefinition, text);
            let facts = read_flow_definition(FileId(0), &source, &mut Vec::new()).unwrap();
            assert_eq!(facts.name.as_str(), "Stamp");
            facts.active_version
        };
        assert_eq!(active("<activeVersionNumber>3</activeVersionNumber>"), Some(3));
        assert_eq!(active("<activeVersionNumber>0</activeVersionNumber>"), None);
        assert_eq!(active(""), None);
    }
}
