//! Markdown as GitHub and GitLab read it, for the summary of a job and for a comment: a table, then details.

use super::{clean, counted, counts, excerpt, place, worst_first};
use crate::base::{Sources, Step};
use crate::policy::{Judged, Report};
use std::io::{self, Write};

/// What a comment on GitHub may have, in characters; bytes are counted here, of which there are no fewer.
const LONGEST: usize = 65_536;

/// What the table may take of it, so that details of the worst fit as well.
const LONGEST_TABLE: usize = 30_000;

/// For the sentences about what was left out.
const RESERVE: usize = 400;

/// More issues than this bury the findings.
const MOST_ISSUES: usize = 20;

pub(super) fn write(report: &Report, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page(report, sources).as_bytes())
}

fn page(report: &Report, sources: &Sources) -> String {
    let findings = worst_first(report);
    let mut page = format!("## rowlock: {}\n", counts(report));
    if !report.unknowns.is_empty() {
        let places = counted(report.unknowns.len(), "place");
        page.push_str(&format!("\n{places} could not be resolved.\n"));
    }
    page.push_str(&issues(report, sources));
    if findings.is_empty() {
        return page;
    }
    page.push_str("\n| severity | rule | finding | place |\n|---|---|---|---|\n");
    let rows = findings.iter().map(|judged| row(judged, sources));
    let listed = append(&mut page, rows, LONGEST_TABLE);
    page.push_str(&left_out(findings.len() - listed, "listed"));
    let details = findings.iter().map(|judged| detail(judged, sources));
    let shown = append(&mut page, details, LONGEST - RESERVE);
    page.push_str(&left_out(findings.len() - shown, "shown in detail"));
    page
}

/// Appends what fits; the number of parts that did.
fn append(page: &mut String, parts: impl Iterator<Item = String>, longest: usize) -> usize {
    let mut count = 0;
    for part in parts {
        if longest < page.len() + part.len() {
            break;
        }
        page.push_str(&part);
        count += 1;
    }
    count
}

fn left_out(count: usize, how: &str) -> String {
    match count {
        0 => String::new(),
        1 => format!("\nOne more finding is not {how}: the page would be too long.\n"),
        _ => format!("\n{count} more findings are not {how}: the page would be too long.\n"),
    }
}

fn issues(report: &Report, sources: &Sources) -> String {
    let mut text = String::new();
    for issue in report.issues.iter().take(MOST_ISSUES) {
        let place = code(&place(issue.span, sources));
        text.push_str(&format!("\n- {}: {place}: {}", issue.kind.word(), prose(&issue.message)));
    }
    match report.issues.len().saturating_sub(MOST_ISSUES) {
        0 => {}
        more => text.push_str(&format!("\n- and {}", counted(more, "more place"))),
    }
    if text.is_empty() { text } else { format!("\nCould not be read:\n{text}\n") }
}

fn row(judged: &Judged, sources: &Sources) -> String {
    let finding = &judged.finding;
    let cells = [
        finding.severity.word().to_owned(),
        code(finding.rule.id),
        prose(&finding.message),
        code(&place(finding.at().span, sources)),
    ];
    // A bar ends a cell, in code too.
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    format!("| {} |\n", cells.join(" | "))
}

fn detail(judged: &Judged, sources: &Sources) -> String {
    let finding = &judged.finding;
    let (severity, rule) = (finding.severity.word(), finding.rule.id);
    let mut text = format!("\n#### {severity}: {} (`{rule}`)\n\n", prose(&finding.message));
    for (index, step) in finding.chain.steps().enumerate() {
        text.push_str(&format!("{}. {}\n", index + 1, of_step(step, sources)));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\n**Help:** {}\n", prose(help)));
    }
    text
}

fn of_step(step: &Step, sources: &Sources) -> String {
    let (note, place) = (prose(&step.note), code(&place(step.span, sources)));
    match excerpt::of(step.span, sources) {
        Some(it) => {
            let line = format!("{}{}{}", it.before, it.marked, it.after);
            format!("{note}: {place}<br>{}", code(&line))
        }
        None => format!("{note}: {place}"),
    }
}

/// Code on one line, between more backticks than it has in a row.
fn code(text: &str) -> String {
    let text = clean(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A backtick at an end would count to the fence.
    let space = if longest == 0 { "" } else { " " };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Words of rowlock: what stands between backticks is code, the rest is to be read as it stands.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let paired = parts.len() % 2 == 1;
    let part = |(index, part): (usize, &&str)| match index % 2 {
        0 => plain(part),
        _ if paired || index + 1 < parts.len() => code(part),
        _ => plain(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Words without what Markdown, HTML and mentions would make of them.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '<' => plain.push_str("&lt;"),
            '&' => plain.push_str("&amp;"),
            '@' => plain.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '$' => {
                plain.push('\\');
                plain.push(c);
            }
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, code, page, prose};
    use crate::base::{Chain, Sources, Step};
    use crate::finding::{Finding, Severity};
    use crate::output::samples::{self, RULE, span};
    use crate::policy::Report;
    use snapbox::{IntoData, assert_data_eq, str};

    #[test]
    fn a_table_then_details() {
        let sources = samples::sources().within("orgs/sales/".into());
        assert_data_eq!(page(&samples::report(&sources), &sources), str![[r#"
## rowlock: 1 warning in 2 files

3 places could not be resolved.

Could not be read:

- parse: `orgs/sales/main/Zeile.trigger:3:1`: no valid Apex; the rest of the file counts

| severity | rule | finding | place |
|---|---|---|---|
| warning | `parent-update` | every update of a `Line__c` updates its `Invoice__c` | `orgs/sales/main/Läufer 1.cls:3:15` |

#### warning: every update of a `Line__c` updates its `Invoice__c` (`parent-update`)

1. every save of `Line__c` runs it: `orgs/sales/main/Zeile.trigger:1:18`<br>`trigger Zeile on Line__c (after update) {`
2. calls `übertrage`: `orgs/sales/main/Zeile.trigger:2:3`<br>`new Läufer().übertrage();`
3. updates `Invoice__c`: `orgs/sales/main/Läufer 1.cls:3:15`<br>`/* für */ update eltern;`

**Help:** update only where `Amount__c` changed

"#]].raw());
    }

    #[test]
    fn nothing_found_is_said() {
        let sources = samples::sources();
        let report = samples::report_of(&sources, Vec::new(), Vec::new());
        assert_data_eq!(
            page(&report, &sources),
            str![[r#"
## rowlock: no findings in 2 files

3 places could not be resolved.

"#]]
            .raw()
        );
    }

    fn many(sources: &Sources, count: usize) -> Report {
        let finding = |index: usize| {
            let chain = Chain::of(Step::new(span(sources, 1, "Line__c"), "x".repeat(80)));
            let severity = if index == count - 1 { Severity::Error } else { Severity::Note };
            Finding::new(&RULE, format!("{index}"), chain, format!("number {index} "))
                .severity(severity)
        };
        samples::report_of(sources, (0..count).map(finding).collect(), Vec::new())
    }

    #[test]
    fn a_comment_holds_it_and_says_what_is_left_out() {
        let sources = samples::sources();
        for count in [10, 1_000, 5_000] {
            let page = page(&many(&sources, count), &sources);
            assert!(page.len() <= LONGEST, "{count}: {}", page.len());
            let rows = page
                .lines()
                .filter(|line| line.starts_with("| note") || line.starts_with("| error"));
            let (rows, details) = (rows.count(), page.matches("\n####").count());
            let sentence = |left: usize, how: &str| {
                page.contains(&format!(
                    "\n{left} more findings are not {how}: the page would be too long.\n"
                ))
            };
            assert_eq!(rows < count, sentence(count - rows, "listed"), "{count}");
            assert_eq!(details < count, sentence(count - details, "shown in detail"), "{count}");
            let worst =
                page.lines().find(|line| line.starts_with("| note") || line.starts_with("| error"));
            assert!(worst.unwrap().starts_with("| error"), "worst first");
        }
    }

    #[test]
    fn the_sentences_about_what_is_left_out_fit_as_well() {
        let sources = samples::sources();
        // The last part ends anywhere before the limit.
        for width in 0..60 {
            let finding = |index: usize| {
                let chain = Chain::of(Step::new(span(&sources, 1, "Line__c"), "x".repeat(width)));
                Finding::new(&RULE, format!("{index}"), chain, "x".repeat(200))
            };
            let findings = (0..300).map(finding).collect();
            let page = page(&samples::report_of(&sources, findings, Vec::new()), &sources);
            assert!(page.contains("are not shown in detail") && page.len() <= LONGEST, "{width}");
        }
    }

    #[test]
    fn files_cannot_write_markdown() {
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
        assert_eq!(code("x\n# y"), "`x # y`");
        assert_eq!(prose("a `B__c` <img> @all [x](y)"), "a `B__c` &lt;img> &#64;all \\[x\\](y)");
        assert_eq!(prose("one ` only <b>"), "one  only &lt;b>");
    }
}
