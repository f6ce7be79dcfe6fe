//! What the compiler does not see: who may use whom, and what is generated.

use crate::rules;
use snapbox::{Data, assert_data_eq};
use std::fs;
use std::path::{Path, PathBuf};

/// A module may use those before it, and itself.
const LAYERS: &[&str] = &[
    "base", "error", "project", "metadata", "apex", "known", "facts", "schema", "program", "locks",
    "analysis", "stats", "finding", "marks", "rules", "config", "policy", "query", "output", "cli",
];

/// Not layers: the roots of the crates, and this file.
const OUTSIDE: &[&str] = &["lib", "main", "tidy"];

/// A crate and the one place that may name it, so that it can be replaced there.
const CONFINED: &[(&str, &str)] = &[
    ("tree_sitter", "apex/syntax"),
    ("tree_sitter_sfapex", "apex/syntax"),
    ("roxmltree", "metadata/xml"),
    ("toml", "config"),
    ("schemars", "config"),
    ("annotate_snippets", "output/terminal"),
];

#[test]
fn layers_are_one_way() {
    let wrong: Vec<String> = sources().iter().flat_map(|(path, text)| upward(path, text)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn some_crates_are_used_in_one_place() {
    let wrong: Vec<String> = sources().iter().flat_map(|(path, text)| strays(path, text)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_test_of_layers_finds_what_is_wrong() {
    let found = |path: &str, text: &str| (upward(path, text).len(), strays(path, text).len());
    assert_eq!(found("base/span.rs", "use crate::rules::Rule;"), (1, 0));
    assert_eq!(found("base/span.rs", "use crate::{rules};"), (1, 0));
    assert_eq!(found("base/span.rs", "use crate::nowhere::Thing;"), (1, 0));
    assert_eq!(found("rules/mod.rs", "use crate::base::Span;\nuse crate::rules::Rule;"), (0, 0));
    assert_eq!(found("rules/mod.rs", "//! Not `crate::cli`.\npub(crate) fn a() {}"), (0, 0));
    assert_eq!(found("apex/lower.rs", "use tree_sitter::Node;"), (0, 1));
    assert_eq!(found("apex/syntax.rs", "use tree_sitter::Node;"), (0, 0));
    assert_eq!(found("apex/syntax/node.rs", "use tree_sitter::Node;"), (0, 0));
}

#[test]
fn rules_stand_in_the_order_of_ids() {
    let ids: Vec<&str> = rules::ALL.iter().map(|rule| rule.info.id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "sort `rules::ALL`, each rule once: {ids:?}");
}

#[test]
fn the_readme_lists_the_rules() {
    const START: &str = "<!-- rules -->\n";
    const END: &str = "<!-- /rules -->";
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (head, rest) = readme.split_once(START).expect("README.md has `<!-- rules -->`");
    let (_, tail) = rest.split_once(END).expect("README.md has `<!-- /rules -->`");
    let current = format!("{head}{START}{}{END}{tail}", rule_table());
    assert_data_eq!(current, Data::read_from(&path, None).raw());
}

/// What people copy names a version: that of the package.
#[test]
fn all_that_is_copied_names_this_version() {
    const NAMES: &[&str] = &["rowlock/rowlock@v", "rowlock@", "rowlock/rowlock/v", "rev: v"];
    const FILES: &[&str] = &[
        "README.md",
        ".gitlab/rowlock.yml",
        ".github/mega-linter-plugin-rowlock/rowlock.megalinter-descriptor.yml",
    ];
    let version = env!("CARGO_PKG_VERSION");
    for file in FILES {
        let text = fs::read_to_string(root().join(file)).unwrap();
        let named: Vec<&str> = NAMES
            .iter()
            .flat_map(|name| text.split(*name).skip(1))
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            .collect();
        assert!(!named.is_empty(), "{file} names no version");
        let stale = named.iter().find(|rest| !rest.starts_with(version));
        assert_eq!(stale, None, "{file} names another version than {version}");
    }
}

fn rule_table() -> String {
    let mut table = "| rule | default | what it finds |\n|---|---|---|\n".to_owned();
    for rule in rules::ALL {
        let (id, severity, summary) = (rule.info.id, rule.info.severity.word(), rule.info.summary);
        // The page's file has the name of the rule.
        let page = format!("src/rules/{}.md", id.replace('-', "_"));
        table.push_str(&format!("| [`{id}`]({page}) | {severity} | {summary} |\n"));
    }
    table
}

/// What a file uses of later layers.
fn upward(path: &str, text: &str) -> Vec<String> {
    let own = layer_of(path);
    if OUTSIDE.contains(&own) {
        return Vec::new();
    }
    let Some(own_place) = place(own) else {
        return vec![format!(
            "src/{path}: `{own}` is in no layer; add it to LAYERS in src/tidy.rs"
        )];
    };
    let allowed = |used: &str| place(used).is_some_and(|used_place| used_place <= own_place);
    code_lines(text)
        .flat_map(|(number, line)| used_modules(line).map(move |used| (number, used)))
        .filter(|(_, used)| !allowed(used))
        .map(|(number, used)| match used {
            "" => format!(
                "src/{path}:{number}: write one `use crate::module` a line, not `crate::{{…}}`"
            ),
            used if place(used).is_none() => {
                format!("src/{path}:{number}: `{used}` is in no layer")
            }
            used => format!("src/{path}:{number}: `{own}` uses `{used}`, which stands above it"),
        })
        .collect()
}

/// The modules in `crate::module` on a line; empty for `crate::{…}`.
fn used_modules(line: &str) -> impl Iterator<Item = &str> {
    // `$crate` and `pub(crate)` have no `::` after a word boundary of this kind.
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.split_at(end).0
    })
}

fn strays(path: &str, text: &str) -> Vec<String> {
    if OUTSIDE.contains(&layer_of(path)) {
        return Vec::new();
    }
    let elsewhere = |home: &str| {
        let inside = path.strip_prefix(home).unwrap_or("-");
        !(inside == ".rs" || inside.starts_with('/'))
    };
    let named = |line: &str, name: &str| {
        line.contains(&format!("{name}::")) || line.contains(&format!("use {name};"))
    };
    code_lines(text)
        .flat_map(|(number, line)| {
            CONFINED.iter().map(move |(name, home)| (number, line, name, home))
        })
        .filter(|(_, line, name, home)| named(line, name) && elsewhere(home))
        .map(|(number, _, name, home)| {
            format!("src/{path}:{number}: only src/{home}.rs may use `{name}`")
        })
        .collect()
}

/// The lines that are no comments, numbered from 1.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim().starts_with("//"))
}

fn layer_of(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.trim_end_matches(".rs")
}

fn place(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| *layer == module)
}

/// Every Rust file in `src`: its path from there, with `/`, and its text.
fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let files = walkdir::WalkDir::new(&src)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let relative = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
            (relative, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
