//! `rowlock check`: the whole way from files to a report.

use super::args::CheckArgs;
use super::results::{self, Results};
use super::setup::Setup;
use super::{baseline, deployment, setting};
use crate::analysis::Analysis;
use crate::base::{Confidence, FileId, Issue, IssueKind, Name, Sources, Span};
use crate::config::{FailOn, Level, Placed};
use crate::error::{Error, did_you_mean};
use crate::output::Elapsed;
use crate::policy::{
    self, BASELINE_NAME, Baseline, Deployment, Earlier, Found, Report, Since, Terms,
};
use crate::rules::{self, Rule};
use crate::schema::Schema;
use crate::stats;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// What is judged, and by what.
pub(super) struct Asked<'a> {
    paths: &'a [PathBuf],
    setup: &'a Setup,
    /// The rules that are not switched off.
    possible: Vec<&'static Rule>,
    wanted: Vec<&'static Rule>,
    least: Option<Confidence>,
    since: Option<&'a str>,
    baseline: Option<&'a Baseline>,
    deployment: Option<&'a Deployment>,
}

impl<'a> Asked<'a> {
    /// Everything, as the configuration has it.
    pub(super) fn of(paths: &'a [PathBuf], setup: &'a Setup) -> Asked<'a> {
        let is_on = |rule: &&&Rule| setup.config.level(&rule.info) != Some(Level::Off);
        let possible: Vec<&'static Rule> = rules::ALL.iter().filter(is_on).copied().collect();
        let wanted = possible.clone();
        let (least, since) = (None, None);
        let (baseline, deployment) = (None, None);
        Asked { paths, setup, possible, wanted, least, since, baseline, deployment }
    }

    /// With a baseline.
    pub(super) fn with(self, baseline: &'a Baseline) -> Asked<'a> {
        Asked { baseline: Some(baseline), ..self }
    }
}

pub(super) fn run(args: &CheckArgs) -> Result<ExitCode, Error> {
    results::each_has_its_own_file(&args.reports)?;
    let mut setup = Setup::of(&args.paths, args.config.as_deref())?;
    setup.config.known.include_tests = args.include_tests;
    let deployment = deployment::of(args, &setup.root)?;
    let baseline = match args.no_baseline {
        true => None,
        false => baseline::read(&setup.root.join(BASELINE_NAME))?,
    };
    let all = Asked::of(&args.paths, &setup);
    let asked = Asked {
        wanted: wanted(args, &setup, &all.possible)?,
        least: args.confidence,
        since: args.since.as_deref(),
        baseline: baseline.as_ref(),
        deployment: deployment.as_ref(),
        ..all
    };
    let (report, sources, elapsed) = setting::in_threads(|| analyse(&asked))?;
    if deployment.is_some_and(|deployment| deployment.within(&sources).is_empty()) {
        anstream::eprintln!(
            "Nothing of what is deployed is part of what rowlock reads in this project: no finding counts."
        );
    }
    let fail_on = args.fail_on.or(setup.config.fail_on).unwrap_or(FailOn::Warning);
    Results { args, report: &report, sources: &sources, elapsed, fail_on }.tell()
}

/// The rules that are asked for by name; all that are on, where none are.
fn wanted(
    args: &CheckArgs,
    setup: &Setup,
    possible: &[&'static Rule],
) -> Result<Vec<&'static Rule>, Error> {
    if args.rules.is_empty() {
        return Ok(possible.to_vec());
    }
    let named = |id: &String| {
        let Some(rule) = rules::by_id(id) else {
            return Err(Error::NoSuchRule { id: id.clone(), nearest: rules::nearest(id) });
        };
        if setup.config.level(&rule.info) == Some(Level::Off) {
            let config = setup.file.clone().unwrap_or_default();
            return Err(Error::RuleIsOff { id: rule.info.id, config });
        }
        Ok(rule)
    };
    args.rules.iter().map(named).collect()
}

pub(super) fn analyse(asked: &Asked<'_>) -> Result<(Report, Sources, Elapsed), Error> {
    let Asked { setup, paths, .. } = asked;
    let start = Instant::now();
    let project = setup.read(paths)?;
    let is_whole = project.is_whole;
    let before = match asked.since {
        Some(revision) => setup.read_before(paths, revision)?,
        None => None,
    };
    let read = Instant::now();
    let before = before.map(|project| setup.analyse(project));
    let mut analysis = setup.analyse(project);
    let analysed = Instant::now();
    let ran = policy::needed(&asked.wanted, &asked.possible);
    let (findings, mut failures) = rules::run(&ran, &analysis, before.as_ref());
    let mut issues = std::mem::take(&mut analysis.issues);
    issues.append(&mut failures);
    let mut found = Found {
        findings,
        issues,
        files: analysis.sources.len(),
        stats: stats::of(&analysis),
        unknowns: analysis.program.unknowns,
    };
    let mut sources = analysis.sources;
    let config_file = setup.source.clone().map(|file| sources.append(file));
    if let Some(file) = config_file {
        found.issues.extend(strangers(setup, &analysis.schema, file));
    }
    let earlier = match asked.since {
        Some(revision) => Some(earlier(before, asked, &ran, is_whole, revision)?),
        None => None,
    };
    let terms = Terms {
        least: asked.least.or(setup.config.confidence).unwrap_or(Confidence::Medium),
        wanted: asked.wanted.clone(),
        is_whole,
        config_file,
        config_is_shared: setup.is_shared(),
        since: earlier.map(|earlier| Since { earlier, sources: &sources }),
        baseline: asked.baseline,
        scope: asked.deployment.map(|deployment| deployment.within(&sources)),
        ..Terms::new(&setup.config, &ran)
    };
    let report = policy::judge(found, &sources, &terms);
    drop(terms);
    let elapsed =
        Elapsed { reading: read - start, analysis: analysed - read, rules: analysed.elapsed() };
    Ok((report, sources, elapsed))
}

/// Objects that the configuration names and the project does not have. A configuration above the project is for others too.
fn strangers(setup: &Setup, schema: &Schema, file: FileId) -> Vec<Issue> {
    let names = setup.config.objects.iter().filter(|_| !setup.is_shared());
    let strangers = names.filter(|name| schema.object(&Name::new(&name.text)).is_none());
    let issue = |name: &Placed| {
        let span = Span { file, start: name.place.start as u32, end: name.place.end as u32 };
        let objects = schema.objects.ids().map(|id| schema.name(id).as_str());
        let nearest = did_you_mean(&rules::nearest_of(&name.text, objects));
        let message = format!("the project has no object `{}`{nearest}", name.text);
        Issue::new(span, IssueKind::Configuration, message)
    };
    strangers.map(issue).collect()
}

/// What was found before a change, with the allowances of that time.
fn earlier(
    before: Option<Analysis>,
    asked: &Asked<'_>,
    ran: &[&'static Rule],
    is_whole: bool,
    revision: &str,
) -> Result<Earlier, Error> {
    let Some(mut before) = before else { return Ok(Earlier::nothing()) };
    let (config, file) = asked.setup.before(revision)?;
    let (findings, _) = rules::run(ran, &before, None);
    let config_file: Option<FileId> = file.map(|file| before.sources.append(file));
    let config_is_shared = asked.setup.is_shared();
    let terms = Terms { is_whole, config_file, config_is_shared, ..Terms::new(&config, ran) };
    Ok(policy::earlier(findings, &before.sources, &terms))
}
