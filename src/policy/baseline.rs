//! `rowlock-baseline.json`: the findings that a team has for now, so that only new ones count.

use super::Fingerprint;
use crate::finding::Finding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of the file, at the root of the project.
pub(crate) const BASELINE_NAME: &str = "rowlock-baseline.json";

const VERSION: u64 = 1;

/// The findings of a baseline, by fingerprint.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Baseline {
    entries: BTreeMap<Fingerprint, Entry>,
}

/// What a reader of the file wants to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) fingerprint: Fingerprint,
    pub(crate) rule: String,
    pub(crate) anchor: String,
}

/// Why a text is no baseline.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum NoBaseline {
    /// Of a version that this rowlock does not know.
    Newer(u64),
    /// Line and column count from 1.
    Broken { line: usize, column: usize, reason: String },
}

/// The file, as it is.
#[derive(Deserialize)]
struct Document {
    findings: Vec<Line>,
}

/// All that is read before it is known whether the rest can be.
#[derive(Deserialize)]
struct Version {
    version: u64,
}

/// One line, the fingerprint first.
#[derive(Serialize, Deserialize)]
struct Line {
    fingerprint: String,
    rule: String,
    at: String,
}

impl Baseline {
    /// What is found now.
    pub(crate) fn of<'a>(found: impl Iterator<Item = (Fingerprint, &'a Finding)>) -> Baseline {
        let entry = |(fingerprint, finding): (Fingerprint, &Finding)| {
            let (rule, anchor) = (finding.rule.id.to_owned(), finding.anchor.clone());
            (fingerprint, Entry { fingerprint, rule, anchor })
        };
        Baseline { entries: found.map(entry).collect() }
    }

    /// # Errors
    /// A newer version, or what is no baseline.
    pub(crate) fn parse(text: &str) -> Result<Baseline, NoBaseline> {
        let broken = |error: serde_json::Error| {
            let (line, column) = (error.line().max(1), error.column().max(1));
            let whole = error.to_string();
            let place = format!(" at line {} column {}", error.line(), error.column());
            let reason = whole.strip_suffix(&place).unwrap_or(&whole).to_owned();
            NoBaseline::Broken { line, column, reason }
        };
        let Version { version } = serde_json::from_str(text).map_err(broken)?;
        if version != VERSION {
            return Err(NoBaseline::Newer(version));
        }
        let document: Document = serde_json::from_str(text).map_err(broken)?;
        let mut entries = BTreeMap::new();
        for line in document.findings {
            let Some(fingerprint) = Fingerprint::parse(&line.fingerprint) else {
                let reason = format!("`{}` is no fingerprint", line.fingerprint);
                let at = text.lines().position(|it| it.contains(&line.fingerprint));
                let line = at.unwrap_or_default() + 1;
                return Err(NoBaseline::Broken { line, column: 1, reason });
            };
            entries.insert(fingerprint, Entry { fingerprint, rule: line.rule, anchor: line.at });
        }
        Ok(Baseline { entries })
    }

    /// The text of the file: sorted, a line each, so that changes of several people rarely meet.
    pub(crate) fn text(&self) -> String {
        let line = |entry: &Entry| {
            let line = Line {
                fingerprint: entry.fingerprint.to_string(),
                rule: entry.rule.clone(),
                at: entry.anchor.clone(),
            };
            // Strings cannot fail.
            format!("    {}", serde_json::to_string(&line).unwrap_or_default())
        };
        let lines: Vec<String> = self.entries.values().map(line).collect();
        let findings =
            if lines.is_empty() { String::new() } else { format!("\n{}\n  ", lines.join(",\n")) };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{findings}]\n}}\n")
    }

    pub(crate) fn has(&self, fingerprint: Fingerprint) -> bool {
        self.entries.contains_key(&fingerprint)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entries that another one does not have.
    pub(crate) fn without<'a>(&'a self, other: &'a Baseline) -> impl Iterator<Item = &'a Entry> {
        self.entries.values().filter(|entry| !other.has(entry.fingerprint))
    }

    /// The entries by which a condition holds.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// All but these.
    pub(crate) fn prune(&mut self, stale: &[Entry]) {
        for entry in stale {
            self.entries.remove(&entry.fingerprint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Baseline, NoBaseline};

    const TEXT: &str = r#"{
  "version": 1,
  "findings": [
    {"fingerprint":"v1:0000000000000001","rule":"a","at":"A\\B \"c\""},
    {"fingerprint":"v1:00000000000000ff","rule":"b","at":"Ö"}
  ]
}
"#;

    #[test]
    fn what_is_written_is_read() {
        let baseline = Baseline::parse(TEXT).unwrap();
        assert_eq!(baseline.len(), 2);
        assert_eq!(baseline.text(), TEXT);
        assert_eq!(Baseline::parse(&TEXT.replace('\n', "\r\n")).unwrap(), baseline);
        let none = Baseline::default();
        assert_eq!(Baseline::parse(&none.text()).unwrap(), none);
    }

    #[test]
    fn what_is_no_baseline_is_told() {
        let broken = |text: &str| match Baseline::parse(text).unwrap_err() {
            NoBaseline::Broken { line, reason, .. } => format!("{line}: {reason}"),
            NoBaseline::Newer(version) => format!("version {version}"),
        };
        assert_eq!(broken("{\"version\": 2, \"entries\": {}}"), "version 2");
        assert_eq!(broken("{}"), "1: missing field `version`");
        assert_eq!(broken("{\"version\": 1}"), "1: missing field `findings`");
        assert_eq!(broken(""), "1: EOF while parsing a value");
        assert_eq!(
            broken(&TEXT.replace("v1:00000000000000ff", "v2:1")),
            "5: `v2:1` is no fingerprint"
        );
    }
}
