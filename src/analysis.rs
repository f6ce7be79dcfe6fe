//! From sources to everything that views ask. Cannot fail: what is wrong is an issue.

use crate::base::{FileId, Issue, IssueKind, Sources, Span};
use crate::facts::{self, Facts};
use crate::known::Known;
use crate::locks::{self, LockModel};
use crate::program::{self, Program};
use crate::project::Project;
use crate::schema::{self, Schema};
use rayon::prelude::*;

/// The model of a project, and what could not be read.
#[derive(Debug)]
pub(crate) struct Analysis {
    pub(crate) sources: Sources,
    pub(crate) schema: Schema,
    pub(crate) program: Program,
    pub(crate) locks: LockModel,
    pub(crate) issues: Vec<Issue>,
    pub(crate) size: Size,
}

/// How much Apex there is.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Size {
    /// Of the top level, without tests.
    pub(crate) classes: usize,
    pub(crate) triggers: usize,
}

/// The analysis of a project, with what of it could not be read.
pub(crate) fn of_project(project: Project, known: &Known) -> Analysis {
    let mut analysis = with(project.sources, known);
    analysis.issues.splice(..0, project.issues);
    analysis
}

/// The analysis of sources alone.
#[cfg(test)]
pub(crate) fn of(sources: Sources) -> Analysis {
    with(sources, &Known::default())
}

/// The analysis of sources, with what people know besides.
pub(crate) fn with(sources: Sources, known: &Known) -> Analysis {
    let (facts, mut issues) = read(&sources, known);
    let size = size_of(&facts);
    let mut schema = schema::link(&facts, &mut issues);
    schema.tell(known);
    let program = program::link(facts, &schema, known, &mut issues);
    let locks = locks::model(&schema, &program);
    issues.sort();
    Analysis { sources, schema, program, locks, issues, size }
}

fn size_of(facts: &[Facts]) -> Size {
    let mut size = Size::default();
    for fact in facts {
        match fact {
            Facts::Apex(unit) if unit.trigger.is_some() => size.triggers += 1,
            Facts::Apex(unit) => {
                size.classes += unit.types.iter().filter(|decl| !decl.modifiers.is_test).count();
            }
            _ => {}
        }
    }
    size
}

/// The facts of every file, in file order. A panic on one file is an issue of that file.
fn read(sources: &Sources, known: &Known) -> (Vec<Facts>, Vec<Issue>) {
    let read: Vec<(Facts, Vec<Issue>)> = sources
        .files()
        .par_iter()
        .enumerate()
        .map(|(index, source)| {
            let file = FileId(index as u32);
            let guarded = std::panic::catch_unwind(|| {
                let mut issues = Vec::new();
                let facts = facts::read(file, source, known, &mut issues);
                (facts, issues)
            });
            guarded.unwrap_or_else(|_| {
                let message = "rowlock failed on this file; the others are reported";
                (
                    Facts::Nothing,
                    vec![Issue::new(Span::start_of(file), IssueKind::Internal, message)],
                )
            })
        })
        .collect();
    let mut issues = Vec::new();
    let facts = read
        .into_iter()
        .map(|(facts, mut found)| {
            issues.append(&mut found);
            facts
        })
        .collect();
    (facts, issues)
}
