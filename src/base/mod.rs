//! Names, places and evidence: what every layer needs and nothing of Salesforce.

mod confidence;
mod ids;
mod issue;
mod name;
mod sources;
mod span;

pub(crate) use confidence::Confidence;
pub(crate) use ids::{Id, Ids};
pub(crate) use issue::{Issue, IssueKind};
pub(crate) use name::Name;
pub(crate) use sources::{FileKind, LineColumn, SourceFile, Sources};
pub(crate) use span::{Chain, FileId, Span, Step};
