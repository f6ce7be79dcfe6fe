//! What the program promises on the command line: exit codes, help, messages.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use snapbox::cmd::{Command, OutputAssert, cargo_bin};
use snapbox::{assert_data_eq, str};
use std::process::Stdio;

/// What would change the output, were it inherited.
const FOREIGN: [&str; 11] = [
    "CI",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "GITHUB_ACTIONS",
    "GITHUB_WORKSPACE",
    "COLUMNS",
    "TERM",
    "RUST_BACKTRACE",
    "RAYON_NUM_THREADS",
    "COLORTERM",
];

/// The program in an environment of its own.
pub(crate) fn rowlock() -> Command {
    FOREIGN
        .iter()
        .fold(Command::new(cargo_bin("rowlock")), |command, name| command.env_remove(name))
}

/// The program in a fresh folder with a small project: an object, a field, a class.
fn in_project(args: &[&str]) -> OutputAssert {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    rowlock().current_dir(folder.path()).args(args).assert()
}

/// Writes a file of a project, with its folders.
pub(crate) fn write(root: &std::path::Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::io::Write::write_all(&mut std::fs::File::create(path).unwrap(), text.as_bytes()).unwrap();
}

fn project(root: &std::path::Path) {
    let write = |path: &str, text: &str| write(root, path, text);
    write(
        "sfdx-project.json",
        r#"{ "packageDirectories": [{ "path": "force-app", "default": true }] }"#,
    );
    write("force-app/main/default/classes/Quiet.cls", "public class Quiet {\n}\n");
    write(
        "force-app/main/default/classes/Broken.cls",
        "public class Broken {\n  void a( { update x; }\n}\n",
    );
}

#[test]
fn help_has_examples_and_exit_codes() {
    rowlock()
        .arg("--help")
        .assert()
        .success()
        .stdout_eq(str![[r#"
Finds which rows each Salesforce save locks, and what makes saves fail with UNABLE_TO_LOCK_ROW

Usage: rowlock <COMMAND>

Commands:
  check        Analyse a project and report what contends for locks
  init         Write a rowlock.toml that fits the project
  baseline     Write what is found now to rowlock-baseline.json, so that `check` judges only what is
               new
  explain      Show what the saves of an object lock: which rows, in which order, why, and where
               that is written
  conflicts    Show which rows two saves both lock, and whether in orders that cross
  diff         Show what saves lock more, or less, than at another revision
  graph        Draw whose saves lock whose rows
  rules        List the rules with their severity
  rule         Print the page of a rule: what it finds, why that matters, and what to do
  schema       Print the JSON schema of rowlock.toml, for editors
  completions  Print a script that completes commands in a shell
  help         Print this message or the help of the given subcommand(s)

Options:
  -h, --help     Print help
  -V, --version  Print version

Examples:
  rowlock check                     the project in this folder
  rowlock explain Opportunity       what its saves lock, and why
  rowlock rules                     what is looked for
  rowlock rule dml-in-loop          why, with examples, and what to do about it
  rowlock init && rowlock baseline  keep it switched on: only what is new counts

Exit codes:
  0  nothing found at or above --fail-on
  1  findings
  2  wrong arguments or configuration
  3  could not analyse: nothing to read, or an error of rowlock itself

Environment:
  NO_COLOR           never colour, if it is set
  CLICOLOR_FORCE     colour also without a terminal
  RAYON_NUM_THREADS  how many threads; as many as there are processors without it

"#]])
        .stderr_eq("");
}

#[test]
fn help_of_check_has_examples() {
    rowlock()
        .args(["check", "--help"])
        .assert()
        .success()
        .stdout_eq(str![[r#"
Analyse a project and report what contends for locks

Usage: rowlock check [OPTIONS] [PATH]...

Arguments:
  [PATH]...  Folders or files of one project [default: .]

Options:
      --format <FORMAT>          How findings are written [default: terminal] [possible values:
                                 terminal, json, sarif, github, gitlab, junit, markdown, html]
      --report <FORMAT=FILE>     Write the findings to a file as well: `sarif=rowlock.sarif`; may be
                                 given several times
      --fail-on <SEVERITY>       The least severity that makes the exit code 1 [default: warning, or
                                 what rowlock.toml says] [possible values: note, warning, error,
                                 never]
      --confidence <CONFIDENCE>  The least confidence of findings that are shown [default: medium,
                                 or what rowlock.toml says] [possible values: low, medium, high]
      --rule <ID>                Only this rule; may be given several times
      --since <REVISION>         Only what is new since the history left that of this revision, or
                                 rests on what has changed since: `origin/main` in a pull request.
                                 Reads git's objects; the working tree is left alone
      --manifest <FILE>          Only what concerns the components of this package.xml, without
                                 those of destructiveChanges*.xml beside it; may be given several
                                 times. The whole project is still read
      --files-from <FILE>        Only what concerns the files of this list: a path a line, or
                                 separated by NUL, relative to this folder; `-` is standard input
      --no-baseline              Also what is in rowlock-baseline.json
      --config <FILE>            The configuration [default: the nearest rowlock.toml, from the
                                 project up to its repository]
      --include-tests            Look at test classes like at other code
      --unknowns                 List the places that could not be resolved, with what to do about
                                 them
      --stats                    Count how much could be followed. A DML statement counts once for
                                 each object whose triggers reach it. It is of known object, or
                                 related to the saved rows, if that is known of all rows that it may
                                 write; what a managed package hands over is not known
  -q, --quiet                    Findings only, without the summary
  -v, --verbose                  Also what is allowed or in the baseline, and the anchors by which
                                 findings are allowed
      --timings                  Print to standard error how long each phase took
      --color <WHEN>             Whether to use colour; auto: on a terminal, and without NO_COLOR
                                 [default: auto] [possible values: auto, always, never]
      --no-color                 The same as `--color never`
  -h, --help                     Print help

Examples:
  rowlock check                                     the project in this folder
  rowlock check force-app/main --fail-on error      stop a build only for errors
  rowlock check --since origin/main                 what a branch brings
  rowlock check --manifest package/package.xml      what a deployment brings
  git diff --name-only --relative main | rowlock check --files-from -
  rowlock check --confidence low --fail-on never    everything, for reading
  rowlock check --unknowns --stats                  how much of the project rowlock can follow
  rowlock check --report html=locks.html            a page to read and to filter
  rowlock check --format github --report sarif=rowlock.sarif --report junit=rowlock.xml

Exit codes:
  0  nothing found at or above --fail-on
  1  findings
  2  wrong arguments or configuration
  3  could not analyse: nothing to read, or an error of rowlock itself

"#]])
        .stderr_eq("");
}

#[test]
fn version_is_that_of_the_package() {
    let version = format!("rowlock {}\n", env!("CARGO_PKG_VERSION"));
    rowlock().arg("--version").assert().success().stdout_eq(version);
}

#[test]
fn wrong_arguments_are_usage_errors() {
    for args in [
        &["check", "--format", "xml"][..],
        &["check", "--fail-on", "maybe"],
        &["check", "--confidence", "none"],
        &["check", "--nonsense"],
        &["frobnicate"],
        &["rule"],
        &[],
    ] {
        rowlock().args(args).assert().code(2).stdout_eq("");
    }
}

#[test]
fn an_unknown_rule_is_a_usage_error_with_near_names() {
    rowlock().args(["rule", "xyzzy"]).assert().code(2).stdout_eq("").stderr_eq(str![[r#"
error: there is no rule `xyzzy`
help: `rowlock rules` lists the rules

"#]]);
}

#[test]
fn a_path_that_does_not_exist_cannot_be_analysed() {
    let folder = tempfile::tempdir().unwrap();
    rowlock()
        .current_dir(folder.path())
        .args(["check", "nowhere"])
        .assert()
        .code(3)
        .stdout_eq("")
        .stderr_eq(str![[r#"
error: `nowhere` does not exist

"#]]);
}

#[test]
fn a_project_without_files_is_never_clean() {
    let folder = tempfile::tempdir().unwrap();
    let checked = rowlock().current_dir(folder.path()).arg("check").assert().code(3).stdout_eq("");
    checked.stderr_eq(str![[r#"
error: no Apex and no metadata found in [..]
help: [..]

"#]]);
}

#[test]
fn a_project_without_findings_is_clean() {
    in_project(&["check"]).code(0).stderr_eq("");
}

#[test]
fn json_is_one_document() {
    let output = in_project(&["check", "--format", "json"]).code(0).get_output().stdout.clone();
    let document: serde_json::Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["summary"]["files"], 2);
    assert!(output.ends_with(b"}\n"));
}

#[test]
fn sarif_is_one_document() {
    let output = in_project(&["check", "--format", "sarif"]).code(0).get_output().stdout.clone();
    let document: serde_json::Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(document["version"], "2.1.0");
}

#[test]
fn colour_is_for_those_who_ask() {
    let error = |args: &[&str], name: &str, value: &str| {
        let command = rowlock().args(["rule", "xyzzy"]).args(args).env(name, value);
        command.assert().code(2).get_output().stderr.contains(&0x1b)
    };
    assert!(!error(&[], "UNUSED", "1"), "not to a pipe");
    assert!(error(&[], "CLICOLOR_FORCE", "1"));
    let forced = rowlock().args(["rule", "xyzzy"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert!(!forced.assert().code(2).get_output().stderr.contains(&0x1b), "NO_COLOR wins");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/s01-rollup-contention");
    let formats = ["terminal", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"];
    for format in formats {
        // What was found counts, read or not.
        without_a_reader(&["check", sample, "--format", format], 1);
    }
    without_a_reader(&["rules", "--format", "json"], 0);
    without_a_reader(&["rule", "dml-in-loop"], 0);
}

fn without_a_reader(args: &[&str], code: i32) {
    let mut command = std::process::Command::new(cargo_bin("rowlock"));
    for name in FOREIGN {
        command.env_remove(name);
    }
    let mut child =
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_data_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(code), "{args:?}");
}

#[test]
fn every_shell_completes_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let assert = rowlock().args(["completions", shell]).assert().success().stderr_eq("");
        let script = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        assert!(script.contains("fail-on") && !script.contains("panicked"), "{shell}");
    }
    rowlock().args(["completions", "cmd"]).assert().code(2);
}

#[cfg(target_os = "linux")]
#[test]
fn bash_reads_the_completions() {
    let script = rowlock().args(["completions", "bash"]).assert().get_output().stdout.clone();
    let complete = r#"eval "$1"; COMP_WORDS=(rowlock check --form); COMP_CWORD=2; _rowlock rowlock --form check
        echo "${COMPREPLY[@]}""#;
    let output = std::process::Command::new("bash")
        .args(["--norc", "-c", complete, "bash"])
        .arg(String::from_utf8(script).unwrap())
        .output()
        .unwrap();
    assert_data_eq!(String::from_utf8(output.stdout).unwrap(), "--format\n");
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = tempfile::tempdir().unwrap();
    rowlock().arg("man").arg(folder.path()).assert().success().stdout_eq("").stderr_eq("");
    for name in ["rowlock", "rowlock-check", "rowlock-explain", "rowlock-rule"] {
        let page = std::fs::read_to_string(folder.path().join(format!("{name}.1"))).unwrap();
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}");
    }
    rowlock().args(["man", "nowhere"]).current_dir(folder.path()).assert().code(3).stderr_eq(str![
        [r#"
error: `nowhere` cannot be written: No such file or directory (os error 2)
help: give a place in a folder that is there and can be written to

"#]
    ]);
}

#[test]
fn the_list_of_rules_is_a_table_too() {
    let assert = rowlock().args(["rules", "--format", "markdown"]).assert().success();
    let table = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    let rules = rowlock().arg("rules").assert().get_output().stdout.clone();
    assert_eq!(table.lines().count(), String::from_utf8(rules).unwrap().lines().count() + 2);
    assert!(
        table.lines().all(|row| row.matches(" | ").count() == 2 || row.contains("---")),
        "{table}"
    );
}

#[test]
fn timings_go_beside_the_report() {
    let assert = in_project(&["check", "--format", "json", "--timings"]).code(0);
    let output = assert.get_output().clone();
    serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
    assert.stderr_eq(str![[r#"
reading [..] s
analysis [..] s
rules [..] s
output [..] s

"#]]);
}

#[test]
fn the_readme_shows_what_is_found() {
    let readme = include_str!("../../README.md");
    let shown = readme.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let check = rowlock().current_dir(root).args(["check", "samples/s01-rollup-contention"]);
    let found = String::from_utf8(check.assert().code(1).get_output().stdout.clone()).unwrap();
    assert!(found.contains(shown.trim_end()), "{found}");
}
