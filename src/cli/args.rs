//! What can be asked, with its help texts.

use super::reports::{self, Target};
use crate::base::Confidence;
use crate::config::FailOn;
use crate::output::{Format, GraphFormat};
use crate::program::DmlOp;
use clap::builder::PossibleValue;
use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing found at or above --fail-on
  1  findings
  2  wrong arguments or configuration
  3  could not analyse: nothing to read, or an error of rowlock itself";

const EXAMPLES: &str = "\
Examples:
  rowlock check                     the project in this folder
  rowlock explain Opportunity       what its saves lock, and why
  rowlock rules                     what is looked for
  rowlock rule dml-in-loop          why, with examples, and what to do about it
  rowlock init && rowlock baseline  keep it switched on: only what is new counts";

const CHECK_EXAMPLES: &str = "\
Examples:
  rowlock check                                     the project in this folder
  rowlock check force-app/main --fail-on error      stop a build only for errors
  rowlock check --since origin/main                 what a branch brings
  rowlock check --manifest package/package.xml      what a deployment brings
  git diff --name-only --relative main | rowlock check --files-from -
  rowlock check --confidence low --fail-on never    everything, for reading
  rowlock check --unknowns --stats                  how much of the project rowlock can follow
  rowlock check --report html=locks.html            a page to read and to filter
  rowlock check --format github --report sarif=rowlock.sarif --report junit=rowlock.xml";

const INIT_EXAMPLES: &str = "\
Examples:
  rowlock init                      for the project in this folder
  rowlock init && rowlock baseline  what there is may stay; what is new counts";

const BASELINE_EXAMPLES: &str = "\
Examples:
  rowlock baseline                  what there is may stay
  rowlock baseline --prune          forget what is gone
  rowlock baseline --check          in CI: is it up to date?";

/// What is read besides arguments and files.
const ENVIRONMENT: &str = "\
Environment:
  NO_COLOR           never colour, if it is set
  CLICOLOR_FORCE     colour also without a terminal
  RAYON_NUM_THREADS  how many threads; as many as there are processors without it";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  rowlock explain Opportunity                       what each of its saves locks
  rowlock explain Payment__c --on insert,delete     two kinds of saves only
  rowlock explain Payment__c --project force-app --format json";

const CONFLICTS_EXAMPLES: &str = "\
Examples:
  rowlock conflicts                                   the worst of the project
  rowlock conflicts Payment__c:insert Refund__c:update
  rowlock conflicts Payment__c:insert --project force-app";

const DIFF_EXAMPLES: &str = "\
Examples:
  rowlock diff origin/main          what the files here change
  rowlock diff v1.4 v1.5            what a release changed";

const GRAPH_EXAMPLES: &str = "\
Examples:
  rowlock graph > locks.svg                              the whole project, for a browser
  rowlock graph --object Payment__c --depth 2 > payment.svg
  rowlock graph --format mermaid                         for Markdown
  rowlock graph --format dot | dot -Tpdf > locks.pdf     for Graphviz";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  rowlock completions bash > ~/.local/share/bash-completion/completions/rowlock
  rowlock completions zsh > ~/.zfunc/_rowlock
  rowlock completions fish > ~/.config/fish/completions/rowlock.fish
  rowlock completions powershell >> $PROFILE";

/// Finds which rows each Salesforce save locks, and what makes saves fail with UNABLE_TO_LOCK_ROW.
#[derive(Parser, Debug)]
#[command(name = "rowlock", version, after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}\n\n{ENVIRONMENT}"), max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    Check(CheckArgs),
    Init(InitArgs),
    Baseline(BaselineArgs),
    Explain(ExplainArgs),
    Conflicts(ConflictsArgs),
    Diff(DiffArgs),
    Graph(GraphArgs),
    Rules(RulesArgs),
    Rule(RuleArgs),
    /// Print the JSON schema of rowlock.toml, for editors
    Schema,
    Completions(CompletionsArgs),
    #[command(hide = true)]
    Man(ManArgs),
}

/// Analyse a project and report what contends for locks
#[derive(clap::Args, Debug)]
#[command(after_help = format!("{CHECK_EXAMPLES}\n\n{EXIT_CODES}"))]
pub(super) struct CheckArgs {
    /// Folders or files of one project
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    pub(super) format: Format,

    /// Write the findings to a file as well: `sarif=rowlock.sarif`; may be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = reports::target)]
    pub(super) reports: Vec<Target>,

    /// The least severity that makes the exit code 1 [default: warning, or what rowlock.toml says]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(super) fail_on: Option<FailOn>,

    /// The least confidence of findings that are shown [default: medium, or what rowlock.toml says]
    #[arg(long, value_enum)]
    pub(super) confidence: Option<Confidence>,

    /// Only this rule; may be given several times
    #[arg(long = "rule", value_name = "ID")]
    pub(super) rules: Vec<String>,

    /// Only what is new since the history left that of this revision, or rests on what has changed since:
    /// `origin/main` in a pull request. Reads git's objects; the working tree is left alone
    #[arg(long, value_name = "REVISION")]
    pub(super) since: Option<String>,

    /// Only what concerns the components of this package.xml, without those of destructiveChanges*.xml beside
    /// it; may be given several times. The whole project is still read
    #[arg(long = "manifest", value_name = "FILE")]
    pub(super) manifests: Vec<PathBuf>,

    /// Only what concerns the files of this list: a path a line, or separated by NUL, relative to this folder;
    /// `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,

    /// Also what is in rowlock-baseline.json
    #[arg(long)]
    pub(super) no_baseline: bool,

    /// The configuration [default: the nearest rowlock.toml, from the project up to its repository]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// Look at test classes like at other code
    #[arg(long)]
    pub(super) include_tests: bool,

    /// List the places that could not be resolved, with what to do about them
    #[arg(long)]
    pub(super) unknowns: bool,

    /// Count how much could be followed. A DML statement counts once for each object whose triggers
    /// reach it. It is of known object, or related to the saved rows, if that is known of all rows that
    /// it may write; what a managed package hands over is not known
    #[arg(long)]
    pub(super) stats: bool,

    /// Findings only, without the summary
    #[arg(long, short, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Also what is allowed or in the baseline, and the anchors by which findings are allowed
    #[arg(long, short)]
    pub(super) verbose: bool,

    /// Print to standard error how long each phase took
    #[arg(long)]
    pub(super) timings: bool,

    #[command(flatten)]
    pub(super) color: ColorArgs,
}

/// Whether there is colour.
#[derive(clap::Args, Debug)]
pub(super) struct ColorArgs {
    /// Whether to use colour; auto: on a terminal, and without NO_COLOR
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,

    /// The same as `--color never`
    #[arg(long, conflicts_with = "color")]
    no_color: bool,
}

impl ColorArgs {
    pub(super) fn choice(&self) -> ColorChoice {
        if self.no_color { ColorChoice::Never } else { self.color }
    }
}

/// Write a rowlock.toml that fits the project
///
/// An existing one is left alone.
#[derive(clap::Args, Debug)]
#[command(after_help = INIT_EXAMPLES)]
pub(super) struct InitArgs {
    /// A folder of the project
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,
}

/// Write what is found now to rowlock-baseline.json, so that `check` judges only what is new
#[derive(clap::Args, Debug)]
#[command(after_help = BASELINE_EXAMPLES)]
pub(super) struct BaselineArgs {
    /// A folder of the project, which is read as a whole
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,

    /// Only take out entries whose findings are gone
    #[arg(long)]
    pub(super) prune: bool,

    /// Write nothing; the exit code is 1 if the file would change
    #[arg(long)]
    pub(super) check: bool,

    /// The configuration [default: the nearest rowlock.toml, from the project up to its repository]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// What every view of the model is told.
#[derive(clap::Args, Debug)]
pub(super) struct ViewArgs {
    /// A folder or file of one project; may be given several times
    #[arg(long = "project", short = 'p', value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// How it is written
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(super) format: ListFormat,

    /// The configuration [default: the nearest rowlock.toml, from the project up to its repository]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    #[command(flatten)]
    pub(super) color: ColorArgs,
}

/// Show what the saves of an object lock: which rows, in which order, why, and where that is written
#[derive(clap::Args, Debug)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(super) struct ExplainArgs {
    /// The API name of the object
    pub(super) object: String,

    /// Only these saves
    #[arg(long, value_enum, value_name = "SAVE", value_delimiter = ',')]
    pub(super) on: Vec<DmlOp>,

    #[command(flatten)]
    pub(super) view: ViewArgs,
}

/// Show which rows two saves both lock, and whether in orders that cross
///
/// Without saves: the ten pairs of the project that meet most.
#[derive(clap::Args, Debug)]
#[command(after_help = CONFLICTS_EXAMPLES)]
pub(super) struct ConflictsArgs {
    /// One or two saves: `Line__c:update`. One is compared with another of its kind
    #[arg(value_name = "OBJECT:SAVE", num_args = 0..=2)]
    pub(super) saves: Vec<String>,

    #[command(flatten)]
    pub(super) view: ViewArgs,
}

/// Show what saves lock more, or less, than at another revision
///
/// Reads git's objects; the working tree is left alone. The exit code is 1 where locks were added.
#[derive(clap::Args, Debug)]
#[command(after_help = DIFF_EXAMPLES)]
pub(super) struct DiffArgs {
    /// The revision to compare with: a branch, a tag, a commit
    #[arg(value_name = "REVISION")]
    pub(super) before: String,

    /// The later revision; without it, the files as they are
    #[arg(value_name = "LATER")]
    pub(super) after: Option<String>,

    #[command(flatten)]
    pub(super) view: ViewArgs,
}

/// Draw whose saves lock whose rows
#[derive(clap::Args, Debug)]
#[command(after_help = GRAPH_EXAMPLES)]
pub(super) struct GraphArgs {
    /// Only what is near this object
    #[arg(long)]
    pub(super) object: Option<String>,

    /// How many locks away from the object
    #[arg(long, value_name = "LOCKS", default_value_t = 1)]
    pub(super) depth: usize,

    /// A folder or file of one project; may be given several times
    #[arg(long = "project", short = 'p', value_name = "PATH", default_value = ".")]
    pub(super) paths: Vec<PathBuf>,

    /// The configuration [default: the nearest rowlock.toml, from the project up to its repository]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// How it is drawn
    #[arg(long, value_enum, default_value_t = GraphFormat::Svg)]
    pub(super) format: GraphFormat,
}

/// List the rules with their severity
#[derive(clap::Args, Debug)]
pub(super) struct RulesArgs {
    /// How the list is written
    #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
    pub(super) format: RulesFormat,
}

/// Print the page of a rule: what it finds, why that matters, and what to do
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  rowlock rule dml-in-loop")]
pub(super) struct RuleArgs {
    /// The id of the rule, as findings and `rowlock rules` give it
    pub(super) id: String,
}

/// Print a script that completes commands in a shell
#[derive(clap::Args, Debug)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: Shell,
}

/// Write the manual: a page a command
#[derive(clap::Args, Debug)]
pub(super) struct ManArgs {
    /// A folder, which has to be there
    pub(super) folder: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(super) enum ListFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(super) enum RulesFormat {
    Text,
    Json,
    Markdown,
}

impl From<ListFormat> for Format {
    fn from(format: ListFormat) -> Format {
        match format {
            ListFormat::Text => Format::Terminal,
            ListFormat::Json => Format::Json,
        }
    }
}

// The types of lower layers do not know the command line.

impl ValueEnum for Confidence {
    fn value_variants<'a>() -> &'a [Confidence] {
        &[Confidence::Low, Confidence::Medium, Confidence::High]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}

impl ValueEnum for FailOn {
    fn value_variants<'a>() -> &'a [FailOn] {
        &[FailOn::Note, FailOn::Warning, FailOn::Error, FailOn::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let word = match self {
            FailOn::Note => "note",
            FailOn::Warning => "warning",
            FailOn::Error => "error",
            FailOn::Never => "never",
        };
        Some(PossibleValue::new(word))
    }
}

impl ValueEnum for DmlOp {
    fn value_variants<'a>() -> &'a [DmlOp] {
        &DmlOp::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.word()))
    }
}

impl ValueEnum for GraphFormat {
    fn value_variants<'a>() -> &'a [GraphFormat] {
        &[GraphFormat::Svg, GraphFormat::Mermaid, GraphFormat::Dot, GraphFormat::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let word = match self {
            GraphFormat::Dot => "dot",
            GraphFormat::Mermaid => "mermaid",
            GraphFormat::Svg => "svg",
            GraphFormat::Json => "json",
        };
        Some(PossibleValue::new(word))
    }
}

#[cfg(test)]
mod tests {
    use super::Args;
    use clap::{CommandFactory, Parser};

    static README: &str = include_str!("../../README.md");

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    /// The commands that a page shows in its code, as words after the name of the program.
    fn commands(page: &'static str) -> Vec<Vec<&'static str>> {
        let starts =
            ["rowlock ", "cargo run --release -- ", "npx --yes rowlock@0.1.0 ", "npx rowlock "];
        // Code ends at a backtick, a line or a quote.
        let code = page.split(['`', '\n', '\'']).map(str::trim);
        let of = |line: &'static str| {
            let words =
                starts.iter().find_map(|start| line.strip_prefix(start))?.split_whitespace();
            Some(words.take_while(|word| !matches!(*word, ">" | "|" | ">>" | "#")).collect())
        };
        code.filter_map(of).collect()
    }

    /// Prose that begins like a command.
    fn is_command(words: &[&str]) -> bool {
        let known = Args::command();
        words.first().is_some_and(|first| known.find_subcommand(first).is_some())
    }

    #[test]
    fn the_commands_of_the_readme_are_understood() {
        let all = commands(README);
        let of_readme: Vec<&Vec<&str>> = all.iter().filter(|words| is_command(words)).collect();
        let named = |name: &str| of_readme.iter().any(|words| words[0] == name);
        for name in
            ["check", "explain", "conflicts", "diff", "graph", "rules", "rule", "completions"]
        {
            assert!(named(name), "the README has no `rowlock {name}`");
        }
        for words in of_readme {
            let parsed = Args::try_parse_from(["rowlock"].iter().chain(words));
            assert!(parsed.is_ok(), "{words:?}: {}", parsed.unwrap_err());
        }
    }
}
