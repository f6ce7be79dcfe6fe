//! One page that needs nothing else: no server, no network, and no script to be read. The script only filters.

mod finding;

use super::markup::escaped;
use super::{Wanted, counted, counts, place, worst_first};
use crate::base::{Issue, Sources, Span};
use crate::finding::{RuleInfo, Severity};
use crate::policy::{Judged, Report};
use crate::program::{Unknown, UnknownReason};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Where the pages of rules are shown.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/src/rules");

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("filter.js");

pub(super) fn write(
    wanted: Wanted,
    report: &Report,
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let findings = worst_first(report);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"rowlock {}\">\n\
         <title>rowlock: {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>",
        env!("CARGO_PKG_VERSION"),
        counts(report),
    )?;
    header(report, out)?;
    filter(&findings, out)?;
    writeln!(out, "<main id=\"findings\">")?;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        group(severity, &findings, sources, out)?;
    }
    if findings.is_empty() {
        writeln!(
            out,
            "<p class=\"quiet\">Nothing was found that makes saves contend for locks.</p>"
        )?;
    }
    writeln!(out, "</main>")?;
    rules(&findings, out)?;
    issues(&report.issues, sources, out)?;
    if wanted.unknowns {
        unknowns(&report.unknowns, sources, out)?;
    }
    writeln!(
        out,
        "<footer><p>Written by rowlock {}. <code>rowlock rule ID</code> prints the page of a rule: why it matters, \
         with examples, and when to leave it as it is.</p></footer>\n<script>\n{SCRIPT}</script>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION"),
    )
}

fn header(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n<header>\n\
         <h1>Row locks</h1>\n<p class=\"lead\">What makes saves wait for each other, and fail with \
         <code>UNABLE_TO_LOCK_ROW</code>.</p>\n<dl class=\"numbers\">"
    )?;
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    for (severity, (one, many)) in severities.into_iter().zip([
        ("error", "errors"),
        ("warning", "warnings"),
        ("note", "notes"),
    ]) {
        let count = report.count(severity);
        number(severity.word(), count, if count == 1 { one } else { many }, out)?;
    }
    let files = report.files;
    number("plain", files, if files == 1 { "file read" } else { "files read" }, out)?;
    let places = report.unknowns.len();
    let unresolved = if places == 1 { "place not resolved" } else { "places not resolved" };
    number("plain", places, unresolved, out)?;
    writeln!(out, "</dl>\n</header>")
}

fn number(class: &str, count: usize, label: &str, out: &mut dyn Write) -> io::Result<()> {
    let none = if count == 0 { " none" } else { "" };
    writeln!(out, "<div class=\"{class}{none}\"><dt>{label}</dt><dd>{count}</dd></div>")
}

/// Hidden until the script is there that it needs.
fn filter(findings: &[&Judged], out: &mut dyn Write) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<form id=\"filter\" class=\"filter\" aria-label=\"Filter the findings\" hidden>\n\
         <fieldset><legend>Severity</legend>"
    )?;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let word = severity.word();
        if findings.iter().any(|judged| judged.finding.severity == severity) {
            writeln!(
                out,
                "<label><input type=\"checkbox\" name=\"severity\" value=\"{word}\" checked> {word}</label>"
            )?;
        }
    }
    writeln!(out, "</fieldset>")?;
    choice("rule", "Rule", "All rules", findings.iter().map(|it| it.finding.rule.id), out)?;
    let objects = findings.iter().filter_map(|it| it.finding.object.as_deref());
    choice("object", "Locked object", "All objects", objects, out)?;
    writeln!(
        out,
        "<div class=\"row\">\n<p id=\"shown\" role=\"status\"></p>\n\
         <div class=\"buttons\"><button type=\"button\" id=\"open\">Open all</button>\
         <button type=\"button\" id=\"close\">Close all</button>\
         <button type=\"reset\">Clear filter</button></div>\n</div>\n</form>"
    )
}

fn choice<'a>(
    name: &str,
    label: &str,
    all: &str,
    values: impl Iterator<Item = &'a str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    writeln!(out, "<label>{label} <select name=\"{name}\"><option value=\"\">{all}</option>")?;
    for (value, count) in counts {
        let value = escaped(value);
        writeln!(out, "<option value=\"{value}\">{value} ({count})</option>")?;
    }
    writeln!(out, "</select></label>")
}

fn group(
    severity: Severity,
    findings: &[&Judged],
    sources: &Sources,
    out: &mut dyn Write,
) -> io::Result<()> {
    let of_severity: Vec<&&Judged> =
        findings.iter().filter(|judged| judged.finding.severity == severity).collect();
    if of_severity.is_empty() {
        return Ok(());
    }
    let title = match severity {
        Severity::Error => "Errors",
        Severity::Warning => "Warnings",
        Severity::Note => "Notes",
    };
    let count = of_severity.len();
    writeln!(
        out,
        "<section class=\"group\">\n<h2>{title} <span class=\"count\">{count}</span></h2>"
    )?;
    for judged in of_severity {
        finding::write(judged, sources, out)?;
    }
    writeln!(out, "</section>")
}

/// The rules that found something.
fn rules(findings: &[&Judged], out: &mut dyn Write) -> io::Result<()> {
    let mut found: BTreeMap<&str, (&RuleInfo, usize)> = BTreeMap::new();
    for judged in findings {
        let rule = judged.finding.rule;
        found.entry(rule.id).or_insert((rule, 0)).1 += 1;
    }
    if found.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section class=\"more\">\n<h2>Rules</h2>\n<table>\n<thead><tr><th scope=\"col\">Rule</th>\
         <th scope=\"col\" class=\"right\">Findings</th><th scope=\"col\">What it finds</th></tr></thead>\n<tbody>"
    )?;
    for (id, (rule, count)) in found {
        let page = format!("{PAGES}/{}.md", id.replace('-', "_"));
        writeln!(
            out,
            "<tr><th scope=\"row\"><a href=\"{page}\"><code>{id}</code></a></th><td class=\"right\">{count}</td><td>{}</td></tr>",
            coded(rule.summary)
        )?;
    }
    writeln!(out, "</tbody>\n</table>\n</section>")
}

fn issues(issues: &[Issue], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    if issues.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section class=\"more\">\n<h2>Could not be read</h2>\n<p>What these places lock is not reported.</p>\n<ul>"
    )?;
    for issue in issues {
        let (kind, place) = (issue.kind.word(), escaped(&place(issue.span, sources)));
        writeln!(out, "<li>{kind}: <code>{place}</code>: {}</li>", coded(&issue.message))?;
    }
    writeln!(out, "</ul>\n</section>")
}

fn unknowns(unknowns: &[Unknown], sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let mut by_reason: BTreeMap<UnknownReason, Vec<Span>> = BTreeMap::new();
    for unknown in unknowns {
        by_reason.entry(unknown.reason).or_default().push(unknown.span);
    }
    writeln!(out, "<section class=\"more\">\n<h2>Could not be resolved</h2>")?;
    for (reason, spans) in by_reason {
        let (words, count) = (reason.words(), counted(spans.len(), "place"));
        writeln!(
            out,
            "<details>\n<summary>{count}: {}</summary>\n<p>{}. {}.</p>\n<ul>",
            coded(words.what),
            coded(&capital(words.effect)),
            coded(&capital(words.help))
        )?;
        for span in spans {
            writeln!(out, "<li><code>{}</code></li>", escaped(&place(span, sources)))?;
        }
        writeln!(out, "</ul>\n</details>")?;
    }
    writeln!(out, "</section>")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// Words of rowlock, in which backticks stand around code.
fn coded(text: &str) -> String {
    let escaped = escaped(text);
    let parts: Vec<&str> = escaped.split('`').collect();
    let part = |(index, part): (usize, &&str)| {
        if index % 2 == 1 { format!("<code>{part}</code>") } else { (*part).to_owned() }
    };
    parts.iter().enumerate().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::base::{Chain, FileKind, SourceFile, Sources, Step};
    use crate::finding::Finding;
    use crate::output::samples::{self, RULE, span};
    use crate::output::{Format, Wanted};
    use crate::policy::Report;
    use snapbox::{IntoData, assert_data_eq, str};

    fn html(wanted: Wanted, report: &Report, sources: &Sources) -> String {
        let mut out = Vec::new();
        write(wanted, report, sources, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// The page without its head and script, which are files of their own.
    fn body(page: &str) -> String {
        let body = page.split_once("<body>\n").unwrap().1;
        let body = body.split_once("<script>").unwrap().0;
        body.replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
    }

    #[test]
    fn a_finding_can_be_read() {
        let sources = samples::sources().within("orgs/sales/".into());
        let wanted = samples::all_in_format(Format::Html);
        let page = html(wanted, &samples::report(&sources), &sources);
        assert_data_eq!(body(&page), str![[r##"
<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>Row locks</h1>
<p class="lead">What makes saves wait for each other, and fail with <code>UNABLE_TO_LOCK_ROW</code>.</p>
<dl class="numbers">
<div class="error none"><dt>errors</dt><dd>0</dd></div>
<div class="warning"><dt>warning</dt><dd>1</dd></div>
<div class="note none"><dt>notes</dt><dd>0</dd></div>
<div class="plain"><dt>files read</dt><dd>2</dd></div>
<div class="plain"><dt>places not resolved</dt><dd>3</dd></div>
</dl>
</header>
<form id="filter" class="filter" aria-label="Filter the findings" hidden>
<fieldset><legend>Severity</legend>
<label><input type="checkbox" name="severity" value="warning" checked> warning</label>
</fieldset>
<label>Rule <select name="rule"><option value="">All rules</option>
<option value="parent-update">parent-update (1)</option>
</select></label>
<label>Locked object <select name="object"><option value="">All objects</option>
<option value="Invoice__c">Invoice__c (1)</option>
</select></label>
<div class="row">
<p id="shown" role="status"></p>
<div class="buttons"><button type="button" id="open">Open all</button><button type="button" id="close">Close all</button><button type="reset">Clear filter</button></div>
</div>
</form>
<main id="findings">
<section class="group">
<h2>Warnings <span class="count">1</span></h2>
<details class="finding" id="v1-e3d9f44d2bc7c85c" data-severity="warning" data-rule="parent-update" data-object="Invoice__c">
<summary><span class="severity warning">warning</span> <span class="what"><span class="message">every update of a <code>Line__c</code> updates its <code>Invoice__c</code></span> <span class="where"><span class="rule">parent-update</span> <span class="path">orgs/sales/main/Läufer 1.cls:3:15</span></span></span></summary>
<div class="body">
<ol class="chain">
<li><p><span class="says">every save of <code>Line__c</code> runs it</span> <span class="path">orgs/sales/main/Zeile.trigger:1:18</span></p>
<pre tabindex="0"><code><span class="line">1</span>trigger Zeile on <mark>Line__c</mark> (after update) {</code></pre>
</li>
<li><p><span class="says">calls <code>übertrage</code></span> <span class="path">orgs/sales/main/Zeile.trigger:2:3</span></p>
<pre tabindex="0"><code><span class="line">2</span><mark>new Läufer().übertrage()</mark>;</code></pre>
</li>
<li><p><span class="says">updates <code>Invoice__c</code></span> <span class="path">orgs/sales/main/Läufer 1.cls:3:15</span></p>
<pre tabindex="0"><code><span class="line">3</span>/* für */ <mark>update eltern</mark>;</code></pre>
</li>
</ol>
<p class="help"><strong>What to do</strong> update only where <code>Amount__c</code> changed</p>
<dl class="basis">
<div><dt>Relationship</dt><dd><code>Line__c.Invoice__c</code></dd></div>
<div><dt>Saves</dt><dd><code>Line__c:insert</code> <code>Line__c:update</code></dd></div>
<div><dt>Facts</dt><dd><code>AU-02</code> <code>LK-04</code></dd></div>
<div><dt>Confidence</dt><dd>medium</dd></div>
<div><dt>Fingerprint</dt><dd><a href="#v1-e3d9f44d2bc7c85c"><code>v1:e3d9f44d2bc7c85c</code></a></dd></div>
</dl>
</div>
</details>
</section>
</main>
<section class="more">
<h2>Rules</h2>
<table>
<thead><tr><th scope="col">Rule</th><th scope="col" class="right">Findings</th><th scope="col">What it finds</th></tr></thead>
<tbody>
<tr><th scope="row"><a href="https://github.com/rowlock/rowlock/blob/main/src/rules/parent_update.md"><code>parent-update</code></a></th><td class="right">1</td><td>automation of a child updates its parent</td></tr>
</tbody>
</table>
</section>
<section class="more">
<h2>Could not be read</h2>
<p>What these places lock is not reported.</p>
<ul>
<li>parse: <code>orgs/sales/main/Zeile.trigger:3:1</code>: no valid Apex; the rest of the file counts</li>
</ul>
</section>
<section class="more">
<h2>Could not be resolved</h2>
<details>
<summary>2 places: it is not known which object the written rows have</summary>
<p>What their save locks is not reported. Give the rows a type where they come from: <code>List&lt;Account&gt;</code> instead of <code>List&lt;SObject&gt;</code>.</p>
<ul>
<li><code>orgs/sales/main/Läufer 1.cls:1:3</code></li>
<li><code>orgs/sales/main/Läufer 1.cls:2:4</code></li>
</ul>
</details>
<details>
<summary>1 place: the class that is called is not in the project</summary>
<p>What it locks is not reported, and what it returns is not known. If you have its source, check it together with the project.</p>
<ul>
<li><code>orgs/sales/main/Läufer 1.cls:1:11</code></li>
</ul>
</details>
</section>
<footer><p>Written by rowlock [VERSION]. <code>rowlock rule ID</code> prints the page of a rule: why it matters, with examples, and when to leave it as it is.</p></footer>

"##]].raw());
    }

    #[test]
    fn nothing_found_is_a_page_too() {
        let sources = samples::sources();
        let report = samples::report_of(&sources, Vec::new(), Vec::new());
        let page = html(samples::in_format(Format::Html), &report, &sources);
        assert_data_eq!(body(&page), str![[r##"
<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>Row locks</h1>
<p class="lead">What makes saves wait for each other, and fail with <code>UNABLE_TO_LOCK_ROW</code>.</p>
<dl class="numbers">
<div class="error none"><dt>errors</dt><dd>0</dd></div>
<div class="warning none"><dt>warnings</dt><dd>0</dd></div>
<div class="note none"><dt>notes</dt><dd>0</dd></div>
<div class="plain"><dt>files read</dt><dd>2</dd></div>
<div class="plain"><dt>places not resolved</dt><dd>3</dd></div>
</dl>
</header>
<main id="findings">
<p class="quiet">Nothing was found that makes saves contend for locks.</p>
</main>
<footer><p>Written by rowlock [VERSION]. <code>rowlock rule ID</code> prints the page of a rule: why it matters, with examples, and when to leave it as it is.</p></footer>

"##]].raw());
    }

    #[test]
    fn files_cannot_write_the_page() {
        let evil = "\"'><script>alert(1)</script><!--";
        let path = format!("{evil}.cls");
        let file = SourceFile::new(path, FileKind::ApexClass, format!("class A {{ {evil} }}\n"));
        let sources = Sources::new(vec![file]).within(format!("{evil}/"));
        let chain = Chain::of(Step::new(span(&sources, 0, "script>alert"), evil));
        let finding = Finding::new(&RULE, evil.into(), chain, evil.into())
            .help(evil)
            .object(evil)
            .via(Some(evil.into()))
            .events(vec![evil.into()]);
        let report = samples::report_of(&sources, vec![finding], Vec::new());
        let page = html(samples::all_in_format(Format::Html), &report, &sources);
        let body = body(&page);
        assert!(!body.contains("<script") && !body.contains("<!--"), "{body}");
        // Without tags and the attributes in them, no quote is left either.
        let text: String = body
            .split('<')
            .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
            .collect();
        assert!(!text.contains(['"', '\'']), "{text}");
        assert_eq!(page.matches("</script>").count(), 1, "ours");
    }
}
