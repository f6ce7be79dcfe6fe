//! `rowlock.toml`: what a team decided about its project, checked.

mod file;
mod schema;
mod template;

pub(crate) use file::{FailOn, Level};
pub(crate) use schema::json_schema;
pub(crate) use template::template;

use crate::base::{Confidence, Name};
use crate::error::did_you_mean;
use crate::finding::RuleInfo;
use crate::known::{Known, TriggerBase, Wrapper};
use crate::rules;
use file::{Allow, File};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// The name of the file.
pub(crate) const FILE_NAME: &str = "rowlock.toml";

#[derive(Default, Debug)]
pub(crate) struct Config {
    pub(crate) fail_on: Option<FailOn>,
    pub(crate) confidence: Option<Confidence>,
    levels: BTreeMap<&'static str, Level>,
    /// Patterns of files that are read; all where there are none.
    pub(crate) include: Vec<Placed>,
    /// Patterns of files that are not.
    pub(crate) exclude: Vec<Placed>,
    pub(crate) known: Known,
    /// The objects that `known` names, with their places.
    pub(crate) objects: Vec<Placed>,
    /// In file order.
    pub(crate) allowed: Vec<Allowed>,
}

/// A text, and where it stands in bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Placed {
    pub(crate) text: String,
    pub(crate) place: Range<usize>,
}

/// An entry of `[[allow]]`.
#[derive(Clone, Debug)]
pub(crate) struct Allowed {
    pub(crate) rule: &'static RuleInfo,
    /// The anchor of what is allowed.
    pub(crate) anchor: String,
    pub(crate) reason: String,
    /// Where the anchor stands, in bytes.
    pub(crate) place: Range<usize>,
}

/// What is wrong with the text, and where in bytes.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Mistake {
    pub(crate) place: Range<usize>,
    pub(crate) reason: String,
    pub(crate) help: Option<&'static str>,
}

impl Config {
    /// The severity that a rule was given.
    pub(crate) fn level(&self, rule: &RuleInfo) -> Option<Level> {
        self.levels.get(rule.id).copied()
    }

    /// Reads a text.
    ///
    /// # Errors
    /// What is no TOML, keys and rules that do not exist, reasons that are missing.
    pub(crate) fn parse(text: &str) -> Result<Config, Mistake> {
        let file: File = toml::from_str(text).map_err(|error| mistake(&error))?;
        let mut levels = BTreeMap::new();
        for (id, level) in &file.rules {
            let rule = rule(id)?;
            if levels.insert(rule.id, *level).is_some() {
                let reason = format!(
                    "`{}` is an earlier name of `{}`, which is there too",
                    id.get_ref(),
                    rule.id
                );
                return Err(at(id, reason, None));
            }
        }
        let names = |names: &[Spanned<String>]| {
            names.iter().map(|name| Name::new(name.get_ref().trim())).collect()
        };
        let dictionaries = names(&file.model.dictionaries);
        let parallel_loads = names(&file.model.parallel_loads);
        Ok(Config {
            fail_on: file.check.fail_on,
            confidence: file.check.confidence.map(Confidence::from),
            levels,
            include: placed(&file.files.include),
            exclude: placed(&file.files.exclude),
            known: Known {
                include_tests: false,
                dictionaries,
                parallel_loads,
                trigger_bases: file.model.trigger_bases.iter().map(trigger_base).collect(),
                wrappers: file.model.wrappers.iter().map(wrapper).collect::<Result<_, _>>()?,
            },
            objects: [placed(&file.model.dictionaries), placed(&file.model.parallel_loads)]
                .concat(),
            allowed: file.allow.into_iter().map(allowed).collect::<Result<_, _>>()?,
        })
    }
}

fn placed(values: &[Spanned<String>]) -> Vec<Placed> {
    let placed = |value: &Spanned<String>| {
        let text = value.get_ref().trim().to_owned();
        Placed { text, place: value.span() }
    };
    values.iter().map(placed).collect()
}

fn allowed(entry: Allow) -> Result<Allowed, Mistake> {
    let Allow { rule: id, at: anchor, reason } = entry;
    if id.get_ref() == "*" {
        return Err(at(&id, "an allowance names its rule; `*` is none".to_owned(), RULES));
    }
    let rule = rule(&id)?;
    if reason.get_ref().trim().is_empty() {
        let help = Some("say why the finding is to stay, for those who come after you");
        return Err(at(&reason, "an allowance needs a reason".to_owned(), help));
    }
    let place = anchor.span();
    let anchor = anchor.into_inner().trim().to_owned();
    Ok(Allowed { rule, anchor, reason: reason.into_inner().trim().to_owned(), place })
}

fn wrapper(entry: &file::Wrapper) -> Result<Wrapper, Mistake> {
    let method = entry.method.get_ref();
    let Some((class, name)) =
        method.rsplit_once('.').filter(|(class, name)| !class.is_empty() && !name.is_empty())
    else {
        let reason = format!("`{method}` is no class and method");
        return Err(at(&entry.method, reason, Some("write both: `Dml.save`")));
    };
    let Some(argument) = usize::from(*entry.argument.get_ref()).checked_sub(1) else {
        return Err(at(&entry.argument, "arguments count from 1".to_owned(), None));
    };
    let (class, method) = (Name::new(class), Name::new(name));
    Ok(Wrapper { class, method, operation: entry.operation.into(), argument })
}

fn trigger_base(entry: &file::TriggerBase) -> TriggerBase {
    TriggerBase { class: Name::new(entry.class.trim()), start: Name::new(entry.start.trim()) }
}

const RULES: Option<&str> = Some("`rowlock rules` lists the rules");

fn rule(id: &Spanned<String>) -> Result<&'static RuleInfo, Mistake> {
    let name = id.get_ref();
    rules::by_id(name).map(|rule| &rule.info).ok_or_else(|| {
        let nearest = rules::nearest(name);
        at(id, format!("there is no rule `{name}`{}", did_you_mean(&nearest)), RULES)
    })
}

fn at<T>(value: &Spanned<T>, reason: String, help: Option<&'static str>) -> Mistake {
    Mistake { place: value.span(), reason, help }
}

/// What the reader of TOML says, with near names where it lists those that there are.
fn mistake(error: &toml::de::Error) -> Mistake {
    let message = error.message().lines().next().unwrap_or_default();
    let place = error.span().unwrap_or(0..0);
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let reason = match quoted.as_slice() {
        [name, known @ ..] if message.starts_with("unknown ") => {
            let nearest = rules::nearest_of(name, known.iter().copied());
            let what = if message.starts_with("unknown field") { "key" } else { "value" };
            let others = match nearest.as_slice() {
                [] => format!("; known are `{}`", known.join("`, `")),
                nearest => did_you_mean(nearest),
            };
            format!("there is no {what} `{name}` here{others}")
        }
        _ => message.to_owned(),
    };
    Mistake {
        place,
        reason,
        help: Some("`rowlock schema` prints all that may stand here, for editors"),
    }
}

#[cfg(test)]
mod tests;
