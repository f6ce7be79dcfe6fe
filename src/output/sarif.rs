//! SARIF 2.1.0: the part of it that we emit.

use super::numbers::Numbers;
use super::{Wanted, command};
use crate::base::{Issue, LineColumn, Sources, Span, Step};
use crate::finding::RuleInfo;
use crate::policy::{Judged, Report, Verdict};
use crate::program::Unknown;
use crate::rules;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub(super) fn write(
    wanted: Wanted,
    report: &Report,
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules: Vec<&'static RuleInfo> = rules::ALL.iter().map(|rule| &rule.info).collect();
    serde_json::to_writer_pretty(&mut *out, &log(wanted, report, sources, &rules))?;
    writeln!(out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    invocations: [Invocation<'a>; 1],
    results: Vec<Finding<'a>>,
    /// With `--stats` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<RunProperties>,
}

#[derive(Serialize)]
struct RunProperties {
    stats: Numbers,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    deprecated_ids: &'static [&'static str],
    short_description: Text<'static>,
    full_description: Text<'static>,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    descriptor: Descriptor<'a>,
    level: &'static str,
    message: Message,
    locations: [Location<'a>; 1],
}

#[derive(Serialize)]
struct Descriptor<'a> {
    id: &'a str,
}

/// SARIF calls it a result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'a str,
    message: Message,
    locations: [Location<'a>; 1],
    code_flows: [CodeFlow<'a>; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
    /// Of all results or of none, says the standard; empty for what counts.
    suppressions: Vec<Suppression<'a>>,
    properties: Properties<'a>,
}

/// Why a finding does not count: viewers close it, and open it again when the reason is gone.
#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    fully_qualified_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow<'a> {
    thread_flows: [ThreadFlow<'a>; 1],
}

#[derive(Serialize)]
struct ThreadFlow<'a> {
    locations: Vec<ThreadFlowLocation<'a>>,
}

#[derive(Serialize)]
struct ThreadFlowLocation<'a> {
    location: Location<'a>,
}

#[derive(Serialize)]
struct Properties<'a> {
    confidence: &'a str,
    facts: &'a [&'static str],
    events: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    via: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

fn log<'a>(
    wanted: Wanted,
    report: &'a Report,
    sources: &'a Sources,
    rules: &[&'static RuleInfo],
) -> Log<'a> {
    let issues = report.issues.iter().map(|issue| notification(issue, sources));
    let unknowns = report.unknowns.iter().filter(|_| wanted.unknowns);
    let invocation = Invocation {
        execution_successful: !report.is_incomplete(),
        tool_execution_notifications: issues
            .chain(unknowns.map(|unknown| unresolved(unknown, sources)))
            .collect(),
    };
    let driver = Driver {
        name: "rowlock",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: rules.iter().copied().map(rule).collect(),
    };
    let run = Run {
        tool: Tool { driver },
        column_kind: "unicodeCodePoints",
        invocations: [invocation],
        results: report.remembered().map(|judged| finding(judged, sources, rules)).collect(),
        properties: wanted.stats.then(|| RunProperties { stats: Numbers::of(&report.stats) }),
    };
    Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] }
}

/// Rules are listed even where nothing is found: it tells what was looked for.
fn rule(info: &'static RuleInfo) -> Rule {
    Rule {
        id: info.id,
        deprecated_ids: info.aliases,
        short_description: Text { text: info.summary },
        full_description: Text { text: first_paragraph(info.page).unwrap_or(info.summary) },
        help: Help { text: info.page, markdown: info.page },
        default_configuration: Configuration { level: info.severity.word() },
    }
}

fn first_paragraph(page: &str) -> Option<&str> {
    page.split("\n\n").map(str::trim).find(|block| !block.is_empty() && !block.starts_with('#'))
}

fn finding<'a>(
    judged: &'a Judged,
    sources: &'a Sources,
    rules: &[&'static RuleInfo],
) -> Finding<'a> {
    let finding = &judged.finding;
    let at = finding.at();
    let place = Location {
        logical_locations: vec![LogicalLocation { fully_qualified_name: &finding.anchor }],
        ..location(at.span, None, sources)
    };
    let steps = finding.chain.steps().map(|step| flow_step(step, sources)).collect();
    Finding {
        rule_id: finding.rule.id,
        rule_index: rules.iter().position(|rule| rule.id == finding.rule.id),
        level: finding.severity.word(),
        message: Message { text: message(&finding.message, finding.help.as_deref()) },
        locations: [place],
        code_flows: [CodeFlow { thread_flows: [ThreadFlow { locations: steps }] }],
        partial_fingerprints: BTreeMap::from([("rowlock/v1", judged.fingerprint.to_string())]),
        suppressions: suppression(&judged.verdict).into_iter().collect(),
        properties: Properties {
            confidence: finding.confidence.word(),
            facts: &finding.facts,
            events: &finding.events,
            object: finding.object.as_deref(),
            via: finding.via.as_deref(),
            remedy: finding.remedy.as_ref().filter(|_| super::GENERATE_EXISTS).map(command),
        },
    }
}

fn suppression(verdict: &Verdict) -> Option<Suppression<'_>> {
    let of = |kind, justification| Some(Suppression { kind, justification });
    match verdict {
        Verdict::Allowed { reason, in_source: true } => of("inSource", reason),
        Verdict::Allowed { reason, in_source: false } => of("external", reason),
        Verdict::Baselined => of("external", "in the baseline"),
        _ => None,
    }
}

/// Viewers show the first paragraph in lists, and have no field for help.
fn message(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{message}\n\nhelp: {help}"),
        None => message.to_owned(),
    }
}

fn flow_step<'a>(step: &'a Step, sources: &Sources) -> ThreadFlowLocation<'a> {
    ThreadFlowLocation { location: location(step.span, Some(&step.note), sources) }
}

fn notification<'a>(issue: &'a Issue, sources: &Sources) -> Notification<'a> {
    Notification {
        descriptor: Descriptor { id: issue.kind.word() },
        level: "warning",
        message: Message { text: issue.message.clone() },
        locations: [location(issue.span, None, sources)],
    }
}

fn unresolved<'a>(unknown: &Unknown, sources: &Sources) -> Notification<'a> {
    let words = unknown.reason.words();
    Notification {
        descriptor: Descriptor { id: words.id },
        level: "note",
        message: Message {
            text: format!("{}: {}\n\nhelp: {}", words.what, words.effect, words.help),
        },
        locations: [location(unknown.span, None, sources)],
    }
}

fn location<'a>(span: Span, note: Option<&'a str>, sources: &Sources) -> Location<'a> {
    let file = sources.file(span.file);
    let LineColumn { line: start_line, column: start_column } = file.line_column(span.start);
    let LineColumn { line: end_line, column: end_column } = file.line_column(span.end);
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: uri(&sources.path_in_repository(span.file)),
                uri_base_id: "%SRCROOT%",
            },
            region: Region { start_line, start_column, end_line, end_column },
        },
        logical_locations: Vec::new(),
        message: note.map(|text| Text { text }),
    }
}

/// A path as a relative reference (RFC 3986): what is not unreserved is percent-encoded, but for `/`.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::{first_paragraph, log, uri};
    use crate::output::samples::{self, RULE};
    use crate::output::{Format, Wanted};
    use crate::policy::Report;
    use serde_json::Value;
    use snapbox::{IntoData, assert_data_eq, str};

    static SCHEMA: &str = include_str!("../../tests/schemas/sarif-2.1.0-rtm.5.json");

    fn sarif(report: &Report) -> Value {
        sarif_of(samples::in_format(Format::Sarif), report)
    }

    fn sarif_of(wanted: Wanted, report: &Report) -> Value {
        serde_json::to_value(log(wanted, report, &samples::sources(), &[&RULE])).unwrap()
    }

    #[test]
    fn logs_are_valid() {
        // Its pattern for languages has a stray `]`, which not every engine forgives.
        let schema: Value = serde_json::from_str(&SCHEMA.replace("{2}]?$", "{2}$")).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let sources = samples::sources();
        let nothing = samples::report_of(&sources, Vec::new(), Vec::new());
        for report in [samples::report(&sources), nothing] {
            let log = sarif_of(samples::all_in_format(Format::Sarif), &report);
            let wrong: Vec<String> = validator
                .iter_errors(&log)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{wrong:#?}");
        }
        assert!(!validator.is_valid(&serde_json::json!({ "version": "2.1.0", "runs": [{}] })));
    }

    #[test]
    fn a_finding_has_its_chain_and_identity() {
        let log = sarif(&samples::report(&samples::sources()));
        let run = &log["runs"][0];
        let text = |value: &Value| serde_json::to_string_pretty(value).unwrap() + "\n";
        assert_data_eq!(
            text(&run["results"][0]),
            str![[r#"
{
  "codeFlows": [
    {
      "threadFlows": [
        {
          "locations": [
            {
              "location": {
                "message": {
                  "text": "every save of `Line__c` runs it"
                },
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "main/Zeile.trigger",
                    "uriBaseId": "%SRCROOT%"
                  },
                  "region": {
                    "endColumn": 25,
                    "endLine": 1,
                    "startColumn": 18,
                    "startLine": 1
                  }
                }
              }
            },
            {
              "location": {
                "message": {
                  "text": "calls `übertrage`"
                },
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "main/Zeile.trigger",
                    "uriBaseId": "%SRCROOT%"
                  },
                  "region": {
                    "endColumn": 27,
                    "endLine": 2,
                    "startColumn": 3,
                    "startLine": 2
                  }
                }
              }
            },
            {
              "location": {
                "message": {
                  "text": "updates `Invoice__c`"
                },
                "physicalLocation": {
                  "artifactLocation": {
                    "uri": "main/L%C3%A4ufer%201.cls",
                    "uriBaseId": "%SRCROOT%"
                  },
                  "region": {
                    "endColumn": 28,
                    "endLine": 3,
                    "startColumn": 15,
                    "startLine": 3
                  }
                }
              }
            }
          ]
        }
      ]
    }
  ],
  "level": "warning",
  "locations": [
    {
      "logicalLocations": [
        {
          "fullyQualifiedName": "Line__c:update -> Invoice__c"
        }
      ],
      "physicalLocation": {
        "artifactLocation": {
          "uri": "main/L%C3%A4ufer%201.cls",
          "uriBaseId": "%SRCROOT%"
        },
        "region": {
          "endColumn": 28,
          "endLine": 3,
          "startColumn": 15,
          "startLine": 3
        }
      }
    }
  ],
  "message": {
    "text": "every update of a `Line__c` updates its `Invoice__c`\n\nhelp: update only where `Amount__c` changed"
  },
  "partialFingerprints": {
    "rowlock/v1": "v1:e3d9f44d2bc7c85c"
  },
  "properties": {
    "confidence": "medium",
    "events": [
      "Line__c:insert",
      "Line__c:update"
    ],
    "facts": [
      "AU-02",
      "LK-04"
    ],
    "object": "Invoice__c",
    "via": "Line__c.Invoice__c"
  },
  "ruleId": "parent-update",
  "ruleIndex": 0,
  "suppressions": []
}

"#]]
            .raw()
        );
        assert_data_eq!(
            text(&run["invocations"]),
            str![[r#"
[
  {
    "executionSuccessful": true,
    "toolExecutionNotifications": [
      {
        "descriptor": {
          "id": "parse"
        },
        "level": "warning",
        "locations": [
          {
            "physicalLocation": {
              "artifactLocation": {
                "uri": "main/Zeile.trigger",
                "uriBaseId": "%SRCROOT%"
              },
              "region": {
                "endColumn": 2,
                "endLine": 3,
                "startColumn": 1,
                "startLine": 3
              }
            }
          }
        ],
        "message": {
          "text": "no valid Apex; the rest of the file counts"
        }
      }
    ]
  }
]

"#]]
            .raw()
        );
    }

    #[test]
    fn rules_are_listed_where_nothing_is_found() {
        let log = sarif(&samples::report_of(&samples::sources(), Vec::new(), Vec::new()));
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
        assert_eq!(rule["id"], RULE.id);
        assert_eq!(rule["fullDescription"]["text"], "Every save takes the lock of the parent.");
        assert_eq!(rule["deprecatedIds"][0], "parent-write");
    }

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("main/Läufer 1#2%.cls"), "main/L%C3%A4ufer%201%232%25.cls");
        assert_eq!(uri("a:b/c?.cls"), "a%3Ab/c%3F.cls");
    }

    #[test]
    fn a_page_without_text_has_no_paragraph() {
        assert_eq!(first_paragraph("# title\n"), None);
    }

    #[test]
    fn more_is_written_on_request() {
        let report = samples::report_of(&samples::sources(), Vec::new(), Vec::new());
        let run = &sarif_of(samples::all_in_format(Format::Sarif), &report)["runs"][0];
        let notifications = &run["invocations"][0]["toolExecutionNotifications"];
        assert_eq!(notifications.as_array().unwrap().len(), 3);
        assert_eq!(notifications[0]["descriptor"]["id"], "unknown-object");
        assert_eq!(notifications[0]["level"], "note");
        assert_eq!(run["properties"]["stats"]["relatedStatements"], 8);
        assert!(sarif(&report)["runs"][0].get("properties").is_none());
    }
}
