//! Commands with their exact output, as pages that people can read.

#![allow(clippy::unwrap_used, reason = "what is not as expected fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Commands that need a repository, or whose output is long: tried by tests that name them.
const ELSEWHERE: [(&str, &str); 3] =
    [("completions", "cli.rs"), ("diff", "diff.rs"), ("schema", "config.rs")];

#[test]
fn transcripts() {
    trycmd::TestCases::new().case("tests/cli/*.md");
}

#[test]
fn the_readme_has_no_command_without_a_transcript() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let pages = fs::read_dir(root.join("tests/cli")).unwrap();
    let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    let pages: Vec<String> = pages
        .map(|page| page.unwrap().path())
        .filter(is_page)
        .map(|page| fs::read_to_string(page).unwrap())
        .collect();
    // In which order options stand is a matter of taste.
    let words = |command: &str| command.split_whitespace().map(str::to_owned).collect();
    let tried: BTreeSet<BTreeSet<String>> = pages
        .iter()
        .flat_map(|page| page.lines())
        .filter_map(|line| line.strip_prefix("$ rowlock "))
        .map(words)
        .collect();
    let to_copy: Vec<&str> =
        readme.lines().filter_map(|line| line.strip_prefix("cargo run --release -- ")).collect();
    assert!(!to_copy.is_empty());
    for command in to_copy {
        assert!(tried.contains(&words(command)), "no transcript of `rowlock {command}`");
    }
    let begins = readme.split('`').filter_map(|code| code.strip_prefix("rowlock "));
    for name in begins.filter_map(|command| command.split_whitespace().next()) {
        let elsewhere = ELSEWHERE.iter().find(|(known, _)| *known == name);
        let is_tried = match elsewhere {
            Some((_, file)) => {
                let test = fs::read_to_string(root.join("tests/it").join(file)).unwrap();
                test.contains(&format!("\"{name}\""))
            }
            None => tried.iter().any(|words| words.contains(name)),
        };
        assert!(is_tried, "no transcript of `rowlock {name}`");
    }
}
