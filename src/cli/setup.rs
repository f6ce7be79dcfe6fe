//! What every command that reads a project starts from: the configuration, and what it says of the files.

use crate::analysis::{self, Analysis};
use crate::base::{FileKind, SourceFile};
use crate::config::{Config, FILE_NAME, Mistake, Placed};
use crate::error::{Error, Flaw};
use crate::project::{self, Project, Selection};
use std::path::{Path, PathBuf};

/// A project's configuration, found or given.
pub(super) struct Setup {
    pub(super) config: Config,
    /// The root of the project.
    pub(super) root: PathBuf,
    /// The file it stands in, where there is one.
    pub(super) file: Option<PathBuf>,
    pub(super) source: Option<SourceFile>,
    selection: Selection,
}

impl Setup {
    /// Of the project that paths belong to: by the file that is given, or the nearest one.
    ///
    /// # Errors
    /// A path that does not exist; a file that is no configuration.
    pub(super) fn of(paths: &[PathBuf], given: Option<&Path>) -> Result<Setup, Error> {
        let place = project::locate(paths, FILE_NAME)?;
        let root = place.root;
        let Some(file) = given.map(Path::to_owned).or(place.file) else {
            let (config, selection) = (Config::default(), Selection::all());
            return Ok(Setup { config, root, file: None, source: None, selection });
        };
        let text = project::text_of(&file)?;
        let absolute = file.canonicalize().unwrap_or(file.clone());
        let path = project::relative(&absolute, &root);
        let source = SourceFile::new(path, FileKind::Config, text);
        let flaw = |mistake: Mistake| {
            let Mistake { place, reason, help } = mistake;
            let file = source.clone();
            Error::Flaw(Box::new(Flaw { file, place, reason, help }))
        };
        if let Some(at) = source.conflict_marker() {
            let reason = "this file has an unresolved merge conflict".to_owned();
            return Err(flaw(Mistake { place: source.line_around(at), reason, help: None }));
        }
        let config = Config::parse(&source.text).map_err(flaw)?;
        let selection = selection(&config, &absolute, &root).map_err(flaw)?;
        Ok(Setup { config, root, file: Some(file), source: Some(source), selection })
    }

    /// Whether it stands above the project, where it is also that of others.
    pub(super) fn is_shared(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.path.starts_with("../"))
    }

    pub(super) fn read(&self, paths: &[PathBuf]) -> Result<Project, Error> {
        project::read(paths, &self.selection)
    }

    pub(super) fn read_at(&self, paths: &[PathBuf], revision: &str) -> Result<Project, Error> {
        project::read_at(paths, revision, &self.selection)
    }

    pub(super) fn read_before(
        &self,
        paths: &[PathBuf],
        revision: &str,
    ) -> Result<Option<Project>, Error> {
        project::read_before(paths, revision, &self.selection)
    }

    pub(super) fn analyse(&self, project: Project) -> Analysis {
        analysis::of_project(project, &self.config.known)
    }

    /// The configuration as it was before a change, as far as it can be read.
    pub(super) fn before(&self, revision: &str) -> Result<(Config, Option<SourceFile>), Error> {
        let (Some(file), Some(source)) = (&self.file, &self.source) else {
            return Ok((Config::default(), None));
        };
        let text = match project::text_before(file, revision) {
            Ok(Some(text)) => text,
            Ok(None) => return Ok((Config::default(), None)),
            // It has no history, or another one: it is taken as it is.
            Err(Error::NoRepository { .. } | Error::NoSuchRevision { .. }) => source.text.clone(),
            Err(error) => return Err(error),
        };
        let config = Config::parse(&text).unwrap_or_default();
        Ok((config, Some(SourceFile::new(source.path.clone(), FileKind::Config, text))))
    }
}

/// Patterns count from the folder of the file; from the project where the file stands elsewhere.
fn selection(config: &Config, file: &Path, root: &Path) -> Result<Selection, Mistake> {
    let below = file.parent().and_then(|folder| root.strip_prefix(folder).ok());
    let prefix: String =
        below.into_iter().flatten().map(|part| format!("{}/", part.to_string_lossy())).collect();
    let patterns = |list: &[Placed]| -> Vec<String> {
        list.iter().map(|pattern| pattern.text.clone()).collect()
    };
    let (include, exclude) = (patterns(&config.include), patterns(&config.exclude));
    Selection::new(prefix, &include, &exclude).map_err(|(index, reason)| {
        let pattern = config.include.iter().chain(&config.exclude).nth(index);
        let place = pattern.map_or(0..0, |pattern| pattern.place.clone());
        Mistake { place, reason: format!("this is no pattern: {reason}"), help: None }
    })
}
