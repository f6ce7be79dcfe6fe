//! GitLab's code quality report: what merge requests show beside the code.

use crate::base::{Sources, Span};
use crate::finding::Severity;
use crate::policy::{Judged, Report};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Entry<'a> {
    description: &'a str,
    check_name: &'a str,
    /// Distinct in a report: GitLab shows one of those that share it.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub(super) fn write(report: &Report, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let entries: Vec<Entry<'_>> = report.reported().map(|judged| entry(judged, sources)).collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    writeln!(out)
}

fn entry<'a>(judged: &'a Judged, sources: &Sources) -> Entry<'a> {
    let finding = &judged.finding;
    Entry {
        description: &finding.message,
        check_name: finding.rule.id,
        fingerprint: judged.fingerprint.to_string(),
        severity: match finding.severity {
            Severity::Note => "info",
            Severity::Warning => "major",
            Severity::Error => "critical",
        },
        location: location(finding.at().span, sources),
    }
}

fn location(span: Span, sources: &Sources) -> Location {
    let file = sources.file(span.file);
    let line = |offset| file.line_column(offset).line;
    Location {
        path: sources.path_in_repository(span.file),
        lines: Lines { begin: line(span.start), end: line(span.end) },
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::output::samples;
    use serde_json::{Value, json};
    use snapbox::{IntoData, assert_data_eq, str};

    static SCHEMA: &str = include_str!("../../tests/schemas/gitlab-code-quality.json");

    fn entries(report: &crate::policy::Report) -> Vec<u8> {
        let mut out = Vec::new();
        write(report, &samples::sources().within("orgs/sales/".into()), &mut out).unwrap();
        out
    }

    #[test]
    fn a_finding_is_an_entry() {
        let report = samples::report(&samples::sources());
        let text = String::from_utf8(entries(&report)).unwrap();
        assert_data_eq!(
            text,
            str![[r#"
[
  {
    "description": "every update of a `Line__c` updates its `Invoice__c`",
    "check_name": "parent-update",
    "fingerprint": "v1:e3d9f44d2bc7c85c",
    "severity": "major",
    "location": {
      "path": "orgs/sales/main/Läufer 1.cls",
      "lines": {
        "begin": 3,
        "end": 3
      }
    }
  }
]

"#]]
            .raw()
        );
    }

    #[test]
    fn reports_are_valid() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let sources = samples::sources();
        let nothing = samples::report_of(&sources, Vec::new(), Vec::new());
        for report in [samples::report(&sources), nothing] {
            let entries = serde_json::from_slice(&entries(&report)).unwrap();
            let wrong: Vec<String> =
                validator.iter_errors(&entries).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{wrong:#?}");
        }
        assert!(!validator.is_valid(&json!([{ "description": "no place" }])));
    }
}
