//! What a deployment brings: the components of a manifest, or the files of a list.

use crate::base::{FileKind, Name, SourceFile, Sources, Span};
use crate::finding::Finding;
use crate::metadata::{Part, parts};
use rustc_hash::FxHashSet;

/// Components and files that are deployed.
#[derive(Clone, Default, Debug)]
pub(crate) struct Deployment {
    /// Type and name.
    members: FxHashSet<(Name, Name)>,
    /// Types of which everything is deployed.
    whole: FxHashSet<Name>,
    deleted: FxHashSet<(Name, Name)>,
    /// Files, as `bare` gives them.
    files: FxHashSet<String>,
    /// What anchors may name.
    names: FxHashSet<Name>,
}

impl Deployment {
    /// Adds what a manifest names.
    pub(crate) fn add(&mut self, members: &[(String, String)]) {
        for (kind, name) in members {
            let (kind, name) = (Name::new(kind), Name::new(name));
            if name.is("*") {
                self.whole.insert(kind);
            } else {
                self.names.insert(name.clone());
                self.members.insert((kind, name));
            }
        }
    }

    /// Takes out what is deleted.
    pub(crate) fn delete(&mut self, members: &[(String, String)]) {
        for (kind, name) in members {
            self.deleted.insert((Name::new(kind), Name::new(name)));
        }
    }

    /// Adds a file, by its path below the project's root.
    pub(crate) fn add_file(&mut self, path: &str) {
        self.files.insert(bare(path));
    }

    /// The part of a project that is deployed.
    pub(crate) fn within<'a>(&'a self, sources: &'a Sources) -> Scope<'a> {
        let mut scope = Scope { deployment: self, files: Vec::new(), names: FxHashSet::default() };
        let deleted = self.deleted.iter().map(|(_, name)| name);
        let deleted: FxHashSet<&Name> = deleted.collect();
        scope.names.extend(self.names.iter().filter(|name| !deleted.contains(name)).cloned());
        for source in sources.files() {
            let file = File::of(source);
            if self.files.contains(&bare(&source.path)) {
                scope.names.extend(file.components.iter().take(1).map(|(_, name)| name.clone()));
            }
            scope.files.push((file, source.path.as_str()));
        }
        scope
    }
}

/// A deployment, looked for in a project.
pub(crate) struct Scope<'a> {
    deployment: &'a Deployment,
    /// By file number, with its path.
    files: Vec<(File, &'a str)>,
    names: FxHashSet<Name>,
}

impl Scope<'_> {
    /// Whether anything of the project is deployed.
    pub(crate) fn is_empty(&self) -> bool {
        !self.files.iter().any(|(file, path)| {
            let own = file.components.as_slice();
            let parts = file.parts.iter().map(|part| vec![file.component(part)]);
            self.deployment.files.contains(&bare(path))
                || self.has(own)
                || parts.into_iter().any(|part| self.has(&part))
        })
    }

    /// Whether a finding's way, or its anchor, touches what is deployed.
    pub(super) fn touches(&self, finding: &Finding) -> bool {
        finding.chain.steps().any(|step| self.has_place(step.span)) || self.names(&finding.anchor)
    }

    fn has_place(&self, span: Span) -> bool {
        let Some((file, path)) = self.files.get(span.file.0 as usize) else { return false };
        self.deployment.files.contains(&bare(path)) || self.has(&file.components_at(span))
    }

    /// Of a component and those that it is part of, one is deployed, and none is deleted.
    fn has(&self, components: &[(Name, Name)]) -> bool {
        let Deployment { members, whole, deleted, .. } = self.deployment;
        !components.iter().any(|component| deleted.contains(component))
            && components
                .iter()
                .any(|component| members.contains(component) || whole.contains(&component.0))
    }

    /// Whether an anchor has the name of something that is deployed: `Line__c.Total__c`, `LineHandler.run`.
    fn names(&self, anchor: &str) -> bool {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        anchor.split(|c| !is_part(c)).any(|name| {
            let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
            let mut heads = ends.filter_map(|end| name.get(..end));
            heads.any(|head| !head.is_empty() && self.names.contains(&Name::new(head)))
        })
    }
}

/// What a file holds.
struct File {
    /// The component of the whole file, then those that it is part of.
    components: Vec<(Name, Name)>,
    /// Components inside it.
    parts: Vec<Part>,
}

impl File {
    fn of(source: &SourceFile) -> File {
        let name = source.file_name();
        let upto = |suffix: &str| {
            let lower = name.to_ascii_lowercase();
            Name::new(lower.rfind(suffix).and_then(|at| name.get(..at)).unwrap_or(name))
        };
        let one = |kind: &str, suffix: &str| vec![(Name::new(kind), upto(suffix))];
        let (components, parts) = match source.kind {
            FileKind::ApexClass => (one("ApexClass", ".cls"), Vec::new()),
            FileKind::ApexTrigger => (one("ApexTrigger", ".trigger"), Vec::new()),
            FileKind::ApexMeta if Name::new(name).has_suffix(".trigger-meta.xml") => {
                (one("ApexTrigger", ".trigger"), Vec::new())
            }
            FileKind::ApexMeta => (one("ApexClass", ".cls"), Vec::new()),
            FileKind::Object => (one("CustomObject", ".object"), parts(source, "CustomObject")),
            FileKind::Field => (field(&source.path, &upto(".field")), Vec::new()),
            FileKind::DuplicateRule => (one("DuplicateRule", ".duplicaterule"), Vec::new()),
            FileKind::CustomMetadata => (one("CustomMetadata", ".md"), Vec::new()),
            FileKind::Flow => (flow(&upto(".flow")), Vec::new()),
            FileKind::FlowDefinition => (flow(&upto(".flowdefinition")), Vec::new()),
            FileKind::SubscriberConfig => {
                let suffix = ".platformeventsubscriberconfig";
                (one("PlatformEventSubscriberConfig", suffix), Vec::new())
            }
            FileKind::Workflow => (one("Workflow", ".workflow"), parts(source, "Workflow")),
            FileKind::Config | FileKind::Unread => (Vec::new(), Vec::new()),
        };
        File { components, parts }
    }

    fn components_at(&self, span: Span) -> Vec<(Name, Name)> {
        let inside = self.parts.iter().filter(|part| part.place.contains(&(span.start as usize)));
        inside.map(|part| self.component(part)).chain(self.components.iter().cloned()).collect()
    }

    fn component(&self, part: &Part) -> (Name, Name) {
        let kind = match part.element.as_str() {
            "fields" => "CustomField",
            "rules" => "WorkflowRule",
            "fieldUpdates" => "WorkflowFieldUpdate",
            other => other,
        };
        let of = self.components.first().map(|(_, name)| name.as_str()).unwrap_or_default();
        (Name::new(kind), Name::new(&format!("{of}.{}", part.name)))
    }
}

/// `objects/X/fields/`: a field goes with its object.
fn field(path: &str, name: &Name) -> Vec<(Name, Name)> {
    let object = path.rsplit('/').nth(2).unwrap_or_default();
    vec![
        (Name::new("CustomField"), Name::new(&format!("{object}.{name}"))),
        (Name::new("CustomObject"), Name::new(object)),
    ]
}

/// A flow is deployed by its name, with or without version, or by its definition.
fn flow(name: &Name) -> Vec<(Name, Name)> {
    let is_version = |version: &&str| version.bytes().all(|byte| byte.is_ascii_digit());
    let bare = name.as_str().rsplit_once('-').filter(|(_, version)| is_version(version));
    let bare = Name::new(bare.map_or(name.as_str(), |(bare, _)| bare));
    let mut components =
        vec![(Name::new("Flow"), bare.clone()), (Name::new("FlowDefinition"), bare.clone())];
    if bare != *name {
        components.push((Name::new("Flow"), name.clone()));
    }
    components
}

/// A path without what distinguishes a file from the one that describes it: `A.cls` and `A.cls-meta.xml` go together.
fn bare(path: &str) -> String {
    let path = path.to_ascii_lowercase();
    path.strip_suffix("-meta.xml").map(str::to_owned).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::Deployment;
    use crate::base::{Chain, FileId, FileKind, SourceFile, Sources, Span, Step};
    use crate::finding::{Finding, RuleInfo, Severity};

    static RULE: RuleInfo = RuleInfo {
        id: "a",
        aliases: &[],
        since: "0.1.0",
        severity: Severity::Note,
        summary: "",
        page: "",
    };

    /// Whether a deployment touches a finding with this anchor at the first `@` of a file.
    fn touches(
        deployment: &Deployment,
        path: &str,
        kind: FileKind,
        text: &str,
        anchor: &str,
    ) -> bool {
        let start = text.find('@').unwrap_or_default() as u32;
        let sources = Sources::new(vec![SourceFile::new(path.into(), kind, text.into())]);
        let step = Step::new(Span { file: FileId(0), start, end: start }, "");
        let finding = Finding::new(&RULE, anchor.into(), Chain::of(step), String::new());
        deployment.within(&sources).touches(&finding)
    }

    fn of(members: &[(&str, &str)]) -> Deployment {
        let mut deployment = Deployment::default();
        deployment.add(&owned(members));
        deployment
    }

    fn owned(members: &[(&str, &str)]) -> Vec<(String, String)> {
        members.iter().map(|(kind, name)| ((*kind).to_owned(), (*name).to_owned())).collect()
    }

    #[test]
    fn files_are_components() {
        let check = |kind: &str, name: &str, path: &str, file: FileKind| {
            assert!(touches(&of(&[(kind, name)]), path, file, "", ""), "{kind} {name}");
            assert!(touches(&of(&[(kind, "*")]), path, file, "", ""), "{kind}");
            assert!(!touches(&of(&[(kind, "Other")]), path, file, "", ""), "{kind}");
        };
        check("ApexClass", "a", "x/A.cls", FileKind::ApexClass);
        check("ApexTrigger", "A", "x/A.trigger-meta.xml", FileKind::ApexMeta);
        check("CustomObject", "A__c", "objects/A__c/A__c.object-meta.xml", FileKind::Object);
        check("CustomObject", "A__c", "objects/A__c/fields/B__c.field-meta.xml", FileKind::Field);
        check(
            "CustomField",
            "A__c.B__c",
            "objects/A__c/fields/B__c.field-meta.xml",
            FileKind::Field,
        );
        check("Flow", "A", "flows/A-3.flow", FileKind::Flow);
        check("Flow", "A-3", "flows/A-3.flow", FileKind::Flow);
        check("FlowDefinition", "A", "flows/A.flow-meta.xml", FileKind::Flow);
        check("Workflow", "A", "workflows/A.workflow", FileKind::Workflow);
        check(
            "DuplicateRule",
            "A.B",
            "duplicateRules/A.B.duplicateRule-meta.xml",
            FileKind::DuplicateRule,
        );
        check("CustomMetadata", "A.B", "customMetadata/A.B.md-meta.xml", FileKind::CustomMetadata);
    }

    #[test]
    fn a_file_may_hold_several_components() {
        let object = "<CustomObject><fields><fullName>B__c</fullName>@</fields><fields><fullName>C__c</fullName></fields></CustomObject>";
        let check = |kind: &str, name: &str| {
            touches(&of(&[(kind, name)]), "objects/A__c.object", FileKind::Object, object, "")
        };
        assert!(check("CustomField", "A__c.B__c") && check("CustomObject", "A__c"));
        assert!(!check("CustomField", "A__c.C__c"));
        let workflow = "<Workflow><rules><fullName>B</fullName>@</rules></Workflow>";
        let rule = of(&[("WorkflowRule", "A.B")]);
        assert!(touches(&rule, "workflows/A.workflow", FileKind::Workflow, workflow, ""));
    }

    #[test]
    fn what_is_deleted_is_not_deployed() {
        let mut deployment = of(&[("CustomObject", "A__c")]);
        deployment.delete(&owned(&[("CustomField", "A__c.B__c")]));
        let field = |name: &str| {
            let path = format!("objects/A__c/fields/{name}.field-meta.xml");
            touches(&deployment, &path, FileKind::Field, "", "")
        };
        assert!(!field("B__c") && field("C__c"));
    }

    #[test]
    fn anchors_name_components() {
        let named = |kind: &str, name: &str, anchor: &str| {
            touches(&of(&[(kind, name)]), "B.cls", FileKind::ApexClass, "", anchor)
        };
        assert!(named("CustomField", "A__c.B__c", "A__c.B__c"));
        assert!(named("CustomObject", "a__c", "A__c:update -> C__c @ D.run"));
        assert!(named("ApexClass", "D", "A__c:update -> C__c @ D.run"));
        assert!(!named("ApexClass", "run", "A__c:update -> C__c @ D.run"));
    }

    #[test]
    fn files_of_a_list_go_with_those_that_describe_them() {
        let mut deployment = Deployment::default();
        deployment.add_file("x/A.cls-meta.xml");
        assert!(touches(&deployment, "x/A.cls", FileKind::ApexClass, "", ""));
        assert!(!touches(&deployment, "y/A.cls", FileKind::ApexClass, "", ""));
        assert!(touches(&deployment, "x/A.cls", FileKind::ApexClass, "", "B__c @ A.run"));
        let sources =
            Sources::new(vec![SourceFile::new("b.cls".into(), FileKind::ApexClass, String::new())]);
        assert!(deployment.within(&sources).is_empty());
    }
}
