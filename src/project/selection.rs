//! Which files are read, of those that a project has.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Patterns that choose files; by default all of them.
#[derive(Debug)]
pub(crate) struct Selection {
    /// From the folder that patterns are relative to, to the project: `projects/a/`, or nothing.
    prefix: String,
    include: Option<Gitignore>,
    exclude: Gitignore,
}

impl Selection {
    /// Every file.
    pub(crate) fn all() -> Selection {
        Selection { prefix: String::new(), include: None, exclude: Gitignore::empty() }
    }

    /// By patterns as in `.gitignore`, which are relative to a folder above the project, from where `prefix` leads to it.
    ///
    /// # Errors
    /// Which pattern is none, counted over both lists, and why.
    pub(crate) fn new(
        prefix: String,
        include: &[String],
        exclude: &[String],
    ) -> Result<Selection, (usize, String)> {
        let only = if include.is_empty() { None } else { Some(matcher(include)?) };
        let exclude =
            matcher(exclude).map_err(|(index, reason)| (include.len() + index, reason))?;
        Ok(Selection { prefix, include: only, exclude })
    }

    /// Whether a file is read, by its path below the project's root.
    pub(super) fn has(&self, path: &str) -> bool {
        let path = format!("{}{path}", self.prefix);
        let matches =
            |patterns: &Gitignore| patterns.matched_path_or_any_parents(&path, false).is_ignore();
        self.include.as_ref().is_none_or(matches) && !matches(&self.exclude)
    }
}

fn matcher(patterns: &[String]) -> Result<Gitignore, (usize, String)> {
    let mut builder = GitignoreBuilder::new("");
    // As for `.forceignore`. Setting it never fails.
    builder.case_insensitive(true).ok();
    for (index, pattern) in patterns.iter().enumerate() {
        // On Windows people write it as they see it.
        let pattern = pattern.replace('\\', "/");
        builder.add_line(None, &pattern).map_err(|error| (index, error.to_string()))?;
    }
    builder.build().map_err(|error| (0, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::Selection;

    #[test]
    fn patterns_choose_files() {
        let new = |prefix: &str, include: &[&str], exclude: &[&str]| {
            let owned =
                |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
            Selection::new(prefix.to_owned(), &owned(include), &owned(exclude))
        };
        let has = |prefix: &str, include: &[&str], exclude: &[&str], path: &str| {
            new(prefix, include, exclude).unwrap().has(path)
        };
        assert!(Selection::all().has("a/B.cls"));
        assert!(has("", &["a/"], &[], "a/b/C.cls"));
        assert!(!has("", &["a/"], &[], "b/C.cls"));
        assert!(!has("", &[], &["**/vendor/**"], "a/vendor/C.cls"));
        assert!(!has("", &["a"], &["/a/b"], "a/b/C.cls"));
        assert!(has("p/", &["/p/a"], &["/a"], "a/C.cls"));
        assert!(!has("", &[], &["a\\b"], "A/b/C.cls"), "as Windows writes it");
        assert!(new("", &["a"], &["{"]).is_err_and(|(index, _)| index == 1));
    }
}
