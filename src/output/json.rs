//! What `check` finds, for programs. These structs are a promise.

use super::document::{self, ChainStep, Range, chain, range};
use super::numbers::Numbers;
use super::{Wanted, command};
use crate::base::Sources;
use crate::finding::{Remedy, Severity};
use crate::policy::{Entry, Judged, Report, Tally, Verdict};
use crate::program::Unknown;
use serde::Serialize;
use std::io::{self, Write};

pub(super) fn write(
    wanted: Wanted,
    report: &Report,
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    document::write(content(wanted, report, sources), &report.issues, sources, out)
}

#[derive(Serialize)]
struct Content<'a> {
    summary: Summary,
    findings: Vec<Finding<'a>>,
    /// Entries of the baseline whose findings are gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stale: Vec<StaleEntry<'a>>,
    /// With `--unknowns` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknowns: Option<Vec<UnknownEntry<'a>>>,
    /// With `--stats` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<Numbers>,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    note: usize,
    allowed: usize,
    baselined: usize,
    /// There before the change that is looked at.
    unchanged: usize,
    /// No part of what is deployed.
    outside: usize,
    files: usize,
    unresolved: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'a str,
    confidence: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    path: &'a str,
    range: Range,
    object: Option<&'a str>,
    via: Option<&'a str>,
    events: &'a [String],
    facts: &'a [&'static str],
    anchor: &'a str,
    fingerprint: String,
    verdict: &'a str,
    /// The reason of what is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'a str>,
    chain: Vec<ChainStep<'a>>,
    remedy: Option<RemedyEntry<'a>>,
}

#[derive(Serialize)]
struct RemedyEntry<'a> {
    generator: &'a str,
    target: &'a str,
    command: String,
}

#[derive(Serialize)]
struct StaleEntry<'a> {
    fingerprint: String,
    rule: &'a str,
    anchor: &'a str,
}

#[derive(Serialize)]
struct UnknownEntry<'a> {
    path: &'a str,
    range: Range,
    reason: &'a str,
    message: &'a str,
    effect: &'a str,
    help: &'a str,
}

fn content<'a>(wanted: Wanted, report: &'a Report, sources: &'a Sources) -> Content<'a> {
    let unknowns = || report.unknowns.iter().map(|place| unknown(place, sources)).collect();
    let Tally { allowed, baselined, unchanged, outside, below_threshold: _ } = report.tally();
    Content {
        summary: Summary {
            error: report.count(Severity::Error),
            warning: report.count(Severity::Warning),
            note: report.count(Severity::Note),
            allowed,
            baselined,
            unchanged,
            outside,
            files: report.files,
            unresolved: report.unknowns.len(),
        },
        findings: report.remembered().map(|judged| finding(judged, sources)).collect(),
        stale: report.stale.iter().map(stale).collect(),
        unknowns: wanted.unknowns.then(unknowns),
        stats: wanted.stats.then(|| Numbers::of(&report.stats)),
    }
}

fn finding<'a>(judged: &'a Judged, sources: &'a Sources) -> Finding<'a> {
    let finding = &judged.finding;
    let at = finding.at().span;
    Finding {
        rule: finding.rule.id,
        severity: finding.severity.word(),
        confidence: finding.confidence.word(),
        message: &finding.message,
        help: finding.help.as_deref(),
        path: &sources.file(at.file).path,
        range: range(at, sources),
        object: finding.object.as_deref(),
        via: finding.via.as_deref(),
        events: &finding.events,
        facts: &finding.facts,
        anchor: &finding.anchor,
        fingerprint: judged.fingerprint.to_string(),
        verdict: judged.verdict.word(),
        justification: match &judged.verdict {
            Verdict::Allowed { reason, .. } => Some(reason),
            _ => None,
        },
        chain: chain(&finding.chain, sources),
        remedy: finding.remedy.as_ref().map(remedy),
    }
}

fn remedy(remedy: &Remedy) -> RemedyEntry<'_> {
    RemedyEntry { generator: remedy.generator, target: &remedy.target, command: command(remedy) }
}

fn stale(entry: &Entry) -> StaleEntry<'_> {
    let fingerprint = entry.fingerprint.to_string();
    StaleEntry { fingerprint, rule: &entry.rule, anchor: &entry.anchor }
}

fn unknown<'a>(unknown: &Unknown, sources: &'a Sources) -> UnknownEntry<'a> {
    let words = unknown.reason.words();
    UnknownEntry {
        path: &sources.file(unknown.span.file).path,
        range: range(unknown.span, sources),
        reason: words.id,
        message: words.what,
        effect: words.effect,
        help: words.help,
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::output::{Format, Wanted, samples};
    use crate::policy::Report;
    use snapbox::{assert_data_eq, str};

    fn json(report: &Report) -> String {
        json_of(samples::in_format(Format::Json), report)
    }

    fn json_of(wanted: Wanted, report: &Report) -> String {
        let mut out = Vec::new();
        write(wanted, report, &samples::sources(), &mut out).unwrap();
        let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
        String::from_utf8(out).unwrap().replace(version, "\"version\": \"[VERSION]\"")
    }

    #[test]
    fn every_member_is_there() {
        assert_data_eq!(
            json(&samples::report(&samples::sources())),
            str![[r#"
{
  "version": 1,
  "tool": {
    "name": "rowlock",
    "version": "[VERSION]"
  },
  "summary": {
    "error": 0,
    "warning": 1,
    "note": 0,
    "allowed": 0,
    "baselined": 0,
    "unchanged": 0,
    "outside": 0,
    "files": 2,
    "unresolved": 3
  },
  "findings": [
    {
      "rule": "parent-update",
      "severity": "warning",
      "confidence": "medium",
      "message": "every update of a `Line__c` updates its `Invoice__c`",
      "help": "update only where `Amount__c` changed",
      "path": "main/Läufer 1.cls",
      "range": {
        "start": {
          "line": 3,
          "column": 15,
          "offset": 55
        },
        "end": {
          "line": 3,
          "column": 28,
          "offset": 68
        }
      },
      "object": "Invoice__c",
      "via": "Line__c.Invoice__c",
      "events": [
        "Line__c:insert",
        "Line__c:update"
      ],
      "facts": [
        "AU-02",
        "LK-04"
      ],
      "anchor": "Line__c:update -> Invoice__c",
      "fingerprint": "v1:e3d9f44d2bc7c85c",
      "verdict": "reported",
      "chain": [
        {
          "path": "main/Zeile.trigger",
          "range": {
            "start": {
              "line": 1,
              "column": 18,
              "offset": 17
            },
            "end": {
              "line": 1,
              "column": 25,
              "offset": 24
            }
          },
          "note": "every save of `Line__c` runs it"
        },
        {
          "path": "main/Zeile.trigger",
          "range": {
            "start": {
              "line": 2,
              "column": 3,
              "offset": 44
            },
            "end": {
              "line": 2,
              "column": 27,
              "offset": 70
            }
          },
          "note": "calls `übertrage`"
        },
        {
          "path": "main/Läufer 1.cls",
          "range": {
            "start": {
              "line": 3,
              "column": 15,
              "offset": 55
            },
            "end": {
              "line": 3,
              "column": 28,
              "offset": 68
            }
          },
          "note": "updates `Invoice__c`"
        }
      ],
      "remedy": {
        "generator": "parent-write",
        "target": "Line__c.Invoice__c",
        "command": "rowlock generate parent-write Line__c.Invoice__c"
      }
    }
  ],
  "issues": [
    {
      "path": "main/Zeile.trigger",
      "range": {
        "start": {
          "line": 3,
          "column": 1,
          "offset": 72
        },
        "end": {
          "line": 3,
          "column": 2,
          "offset": 73
        }
      },
      "kind": "parse",
      "message": "no valid Apex; the rest of the file counts"
    }
  ]
}

"#]]
        );
    }

    #[test]
    fn nothing_found_is_a_document_too() {
        let report = samples::report_of(&samples::sources(), Vec::new(), Vec::new());
        assert_data_eq!(
            json(&report),
            str![[r#"
{
  "version": 1,
  "tool": {
    "name": "rowlock",
    "version": "[VERSION]"
  },
  "summary": {
    "error": 0,
    "warning": 0,
    "note": 0,
    "allowed": 0,
    "baselined": 0,
    "unchanged": 0,
    "outside": 0,
    "files": 2,
    "unresolved": 3
  },
  "findings": [],
  "issues": []
}

"#]]
        );
    }

    #[test]
    fn more_is_written_on_request() {
        let report = samples::report_of(&samples::sources(), Vec::new(), Vec::new());
        assert_data_eq!(
            json_of(samples::all_in_format(Format::Json), &report),
            str![[r#"
{
  "version": 1,
  "tool": {
    "name": "rowlock",
    "version": "[VERSION]"
  },
  "summary": {
    "error": 0,
    "warning": 0,
    "note": 0,
    "allowed": 0,
    "baselined": 0,
    "unchanged": 0,
    "outside": 0,
    "files": 2,
    "unresolved": 3
  },
  "findings": [],
  "unknowns": [
    {
      "path": "main/Läufer 1.cls",
      "range": {
        "start": {
          "line": 1,
          "column": 3,
          "offset": 2
        },
        "end": {
          "line": 1,
          "column": 9,
          "offset": 9
        }
      },
      "reason": "unknown-object",
      "message": "it is not known which object the written rows have",
      "effect": "what their save locks is not reported",
      "help": "give the rows a type where they come from: `List<Account>` instead of `List<SObject>`"
    },
    {
      "path": "main/Läufer 1.cls",
      "range": {
        "start": {
          "line": 1,
          "column": 11,
          "offset": 11
        },
        "end": {
          "line": 1,
          "column": 12,
          "offset": 12
        }
      },
      "reason": "missing-class",
      "message": "the class that is called is not in the project",
      "effect": "what it locks is not reported, and what it returns is not known",
      "help": "if you have its source, check it together with the project"
    },
    {
      "path": "main/Läufer 1.cls",
      "range": {
        "start": {
          "line": 2,
          "column": 4,
          "offset": 20
        },
        "end": {
          "line": 3,
          "column": 20,
          "offset": 60
        }
      },
      "reason": "unknown-object",
      "message": "it is not known which object the written rows have",
      "effect": "what their save locks is not reported",
      "help": "give the rows a type where they come from: `List<Account>` instead of `List<SObject>`"
    }
  ],
  "stats": {
    "triggers": 3,
    "followedTriggers": 2,
    "classes": 120,
    "statements": 9,
    "typedStatements": 9,
    "relatedStatements": 8,
    "relations": {
      "new": 2,
      "parent": 7,
      "unknown": 1
    },
    "unresolved": {
      "missing-class": 1,
      "unknown-object": 2
    }
  },
  "issues": []
}

"#]]
        );
    }
}
