//! What is allowed, by comments in Apex and by entries of `rowlock.toml`.

use crate::apex::{self, Declaration};
use crate::base::{Chain, FileId, FileKind, SourceFile, Sources, Span, Step};
use crate::config::Allowed;
use crate::error::did_you_mean;
use crate::finding::{Finding, RuleInfo};
use crate::rules::{self, unknown_rule, unused_allow};
use std::ops::Range;

/// How such a comment begins.
const MARK: &str = "rowlock:";

const HELP: &str = "write `// rowlock:allow rule-id -- reason`";

/// One rule that somebody allows somewhere.
#[derive(Clone, Debug)]
pub(super) struct Allowance {
    pub(super) rule: &'static RuleInfo,
    pub(super) reason: String,
    cover: Cover,
    /// The comment, or the entry; nothing where it is an entry of an earlier configuration.
    place: Option<Span>,
    /// What names it in an anchor: the file.
    file: String,
}

#[derive(Clone, Debug)]
enum Cover {
    /// What begins or ends on a line.
    Line(FileId, Range<usize>),
    /// What begins in a member, a type or a trigger.
    Whole(FileId, Range<usize>),
    Anchor(String),
}

impl Allowance {
    /// An entry of the configuration, which is a file of the sources where its findings are shown.
    pub(super) fn of_entry(entry: &Allowed, file: Option<FileId>) -> Allowance {
        let span =
            |file| Span { file, start: entry.place.start as u32, end: entry.place.end as u32 };
        Allowance {
            rule: entry.rule,
            reason: entry.reason.clone(),
            cover: Cover::Anchor(entry.anchor.clone()),
            place: file.map(span),
            file: crate::config::FILE_NAME.to_owned(),
        }
    }

    pub(super) fn covers(&self, finding: &Finding) -> bool {
        let at = finding.at().span;
        let start = at.start as usize;
        let end = (at.end as usize).saturating_sub(1).max(start);
        self.rule.id == finding.rule.id
            && match &self.cover {
                Cover::Line(file, line) => {
                    *file == at.file && (line.contains(&start) || line.contains(&end))
                }
                Cover::Whole(file, whole) => *file == at.file && whole.contains(&start),
                Cover::Anchor(anchor) => finding.anchor.eq_ignore_ascii_case(anchor),
            }
    }

    pub(super) fn is_in_source(&self) -> bool {
        !matches!(self.cover, Cover::Anchor(_))
    }

    /// The finding that it is of no use.
    pub(super) fn unused(&self) -> Finding {
        let id = self.rule.id;
        let (anchor, message) = match &self.cover {
            Cover::Anchor(anchor) => (
                format!("{}: {id} at {anchor}", self.file),
                format!("no finding of `{id}` has the anchor `{anchor}`"),
            ),
            _ => (
                format!("{}: {id}", self.file),
                format!("there is no finding of `{id}` here to allow"),
            ),
        };
        let place = self.place.unwrap_or(Span::start_of(FileId(0)));
        let chain = Chain::of(Step::new(place, "allowed here"));
        Finding::new(&unused_allow::RULE.info, anchor, chain, message)
            .help("delete it, so that it does not hide what comes next")
    }
}

/// What comments allow, and the findings about those that cannot be read.
pub(super) fn in_sources(sources: &Sources) -> (Vec<Allowance>, Vec<Finding>) {
    let (mut allowances, mut faults) = (Vec::new(), Vec::new());
    for (index, source) in sources.files().iter().enumerate() {
        let is_apex = matches!(source.kind, FileKind::ApexClass | FileKind::ApexTrigger);
        if is_apex && source.text.contains(MARK) {
            Reader::new(FileId(index as u32), source).read(&mut allowances, &mut faults);
        }
    }
    (allowances, faults)
}

struct Reader<'s> {
    file: FileId,
    source: &'s SourceFile,
    comments: Vec<Range<usize>>,
    declarations: Vec<Declaration>,
}

impl<'s> Reader<'s> {
    fn new(file: FileId, source: &'s SourceFile) -> Reader<'s> {
        let comments = apex::comments(&source.text);
        Reader { file, source, comments, declarations: apex::declarations(&source.text) }
    }

    fn read(&self, allowances: &mut Vec<Allowance>, faults: &mut Vec<Finding>) {
        for comment in &self.comments {
            for (line, text) in lines(&self.source.text, comment) {
                let Some(said) = text.strip_prefix(MARK) else { continue };
                let place =
                    Span { file: self.file, start: line as u32, end: (line + text.len()) as u32 };
                let mut fault = |what: &str, reason: String| {
                    faults.push(fault(self.source, place, what, reason));
                };
                let Some((ids, reason)) = parts(said, &mut fault) else { continue };
                for rule in ids.split(',').filter_map(|id| rule(id.trim(), &mut fault)) {
                    allowances.push(Allowance {
                        rule,
                        reason: reason.to_owned(),
                        cover: self.cover(comment),
                        place: Some(place),
                        file: self.source.file_name().to_owned(),
                    });
                }
            }
        }
    }

    /// What a comment stands for: its line, or what comes after it where it stands alone.
    fn cover(&self, comment: &Range<usize>) -> Cover {
        let mut line = self.source.line_around(comment.start as u32);
        if self.has_code(line.start..comment.start) {
            return Cover::Line(self.file, line);
        }
        // Comments that follow belong to the same code.
        line = self.source.line_around(comment.end as u32);
        let is_comment = |line: &Range<usize>| {
            !self.source.text.get(line.clone()).unwrap_or_default().trim().is_empty()
                && !self.has_code(line.clone())
        };
        while is_comment(&line) {
            let next = self.source.line_after(line.end as u32);
            match next {
                Some(next) => line = next,
                None => break,
            }
        }
        let text = self.source.text.get(line.clone()).unwrap_or_default();
        let first = line.start + (text.len() - text.trim_start().len());
        match self.declarations.iter().find(|it| it.header.contains(&first)) {
            Some(declared) => Cover::Whole(self.file, declared.whole.clone()),
            None => Cover::Line(self.file, line),
        }
    }

    fn has_code(&self, range: Range<usize>) -> bool {
        let text = self.source.text.as_str();
        let is_comment = |at: usize| self.comments.iter().any(|comment| comment.contains(&at));
        let inside = text.get(range.clone()).unwrap_or_default();
        inside.char_indices().any(|(at, c)| !c.is_whitespace() && !is_comment(range.start + at))
    }
}

/// The lines of a comment that say something, without what makes it a comment; each with its place.
fn lines<'s>(text: &'s str, comment: &Range<usize>) -> Vec<(usize, &'s str)> {
    let start = comment.start;
    let whole = text.get(comment.clone()).unwrap_or_default();
    let mut at = start;
    let mut said = Vec::new();
    for line in whole.split_inclusive('\n') {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '*');
        let from = at + (line.len() - bare.len());
        said.push((from, bare.trim_end().trim_end_matches("*/").trim_end()));
        at += line.len();
    }
    said
}

/// The rules and the reason in `allow rule-id, rule-id -- reason`.
fn parts<'t>(said: &'t str, fault: &mut impl FnMut(&str, String)) -> Option<(&'t str, &'t str)> {
    let bare = said.trim_start();
    let (word, rest) = bare.split_once(char::is_whitespace).unwrap_or((bare, ""));
    if !word.eq_ignore_ascii_case("allow") {
        if bare != said || bare.is_empty() {
            // Prose: `rowlock: this locks the parent`.
            return None;
        }
        fault(word, format!("`{MARK}{word}` means nothing to rowlock"));
        return None;
    }
    let (ids, reason) = rest.split_once("--").unwrap_or((rest, ""));
    let (ids, reason) = (ids.trim(), reason.trim());
    if reason.is_empty() {
        fault(ids, "this allowance gives no reason, and allows nothing".to_owned());
        return None;
    }
    Some((ids, reason))
}

fn rule(id: &str, fault: &mut impl FnMut(&str, String)) -> Option<&'static RuleInfo> {
    let found = rules::by_id(id).map(|rule| &rule.info);
    match id {
        _ if found.is_some() => {}
        "" | "*" => fault(id, "an allowance names its rules: all at once is none".to_owned()),
        _ => {
            let nearest = did_you_mean(&rules::nearest(id));
            fault(id, format!("there is no rule `{id}`{nearest}"));
        }
    }
    found
}

fn fault(source: &SourceFile, place: Span, what: &str, reason: String) -> Finding {
    let anchor = format!("{}: {what}", source.file_name());
    let chain = Chain::of(Step::new(place, "meant as an allowance"));
    Finding::new(&unknown_rule::RULE.info, anchor, chain, reason).help(HELP)
}

#[cfg(test)]
mod tests {
    use super::in_sources;
    use crate::base::{FileKind, SourceFile, Sources};
    use proptest::prelude::{prop_assert, proptest};

    proptest! {
        /// Whatever stands in a file: nothing fails, and what is said of comments has a place in it.
        #[test]
        fn any_text_is_read(pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "// ", "/* ", " */", "\n", "\r\n", "rowlock:", "allow ", "dml-in-loop", ",", "*", " -- ", "ü",
                "class A {", "}", "'", "void b() {", ";", " ", "\u{2028}",
            ]),
            0..24,
        )) {
            let text: String = pieces.concat();
            let file = SourceFile::new("A.cls".into(), FileKind::ApexClass, text.clone());
            let (allowances, faults) = in_sources(&Sources::new(vec![file]));
            let places = allowances.iter().filter_map(|it| it.place);
            for span in places.chain(faults.iter().map(|it| it.at().span)) {
                let said = text.get(span.start as usize..span.end as usize);
                prop_assert!(said.is_some_and(|said| said.starts_with("rowlock:")), "{said:?}");
            }
            for allowance in &allowances {
                prop_assert!(!allowance.reason.is_empty());
            }
        }
    }
}
