//! A finding on the page: what is wrong, then the way there with its code, then what it rests on.

use super::coded;
use crate::base::{Sources, Step};
use crate::output::excerpt::{self, Excerpt};
use crate::output::markup::escaped;
use crate::output::place;
use crate::policy::Judged;
use std::io::{self, Write};

pub(super) fn write(judged: &Judged, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let finding = &judged.finding;
    let (rule, severity) = (finding.rule.id, finding.severity.word());
    let object = escaped(finding.object.as_deref().unwrap_or_default());
    // A fragment of the address: the colon of the fingerprint is fine there, but not in selectors.
    let id = judged.fingerprint.to_string().replace(':', "-");
    writeln!(
        out,
        "<details class=\"finding\" id=\"{id}\" data-severity=\"{severity}\" data-rule=\"{rule}\" data-object=\"{object}\">\n\
         <summary><span class=\"severity {severity}\">{severity}</span> <span class=\"what\"><span class=\"message\">{}</span> \
         <span class=\"where\"><span class=\"rule\">{rule}</span> <span class=\"path\">{}</span></span></span></summary>\n\
         <div class=\"body\">\n<ol class=\"chain\">",
        coded(&finding.message),
        escaped(&place(finding.at().span, sources)),
    )?;
    for step in finding.chain.steps() {
        self::step(step, sources, out)?;
    }
    writeln!(out, "</ol>")?;
    if let Some(help) = &finding.help {
        writeln!(out, "<p class=\"help\"><strong>What to do</strong> {}</p>", coded(help))?;
    }
    writeln!(out, "<dl class=\"basis\">")?;
    if let Some(via) = &finding.via {
        writeln!(out, "<div><dt>Relationship</dt><dd><code>{}</code></dd></div>", escaped(via))?;
    }
    listed("Saves", finding.events.iter().map(String::as_str), out)?;
    listed("Facts", finding.facts.iter().copied(), out)?;
    writeln!(
        out,
        "<div><dt>Confidence</dt><dd>{}</dd></div>\n\
         <div><dt>Fingerprint</dt><dd><a href=\"#{id}\"><code>{}</code></a></dd></div>\n</dl>\n</div>\n</details>",
        finding.confidence.word(),
        judged.fingerprint
    )
}

/// One piece of evidence with its line of code.
fn step(step: &Step, sources: &Sources, out: &mut dyn Write) -> io::Result<()> {
    let place = escaped(&place(step.span, sources));
    let note = coded(&step.note);
    writeln!(
        out,
        "<li><p><span class=\"says\">{note}</span> <span class=\"path\">{place}</span></p>"
    )?;
    if let Some(Excerpt { line, before, marked, after }) = excerpt::of(step.span, sources) {
        writeln!(
            out,
            "<pre tabindex=\"0\"><code><span class=\"line\">{line}</span>{}<mark>{}</mark>{}</code></pre>",
            escaped(&before),
            escaped(&marked),
            escaped(&after)
        )?;
    }
    writeln!(out, "</li>")
}

fn listed<'a>(
    label: &str,
    values: impl Iterator<Item = &'a str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let values: Vec<String> =
        values.map(|value| format!("<code>{}</code>", escaped(value))).collect();
    if values.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div><dt>{label}</dt><dd>{}</dd></div>", values.join(" "))
}
