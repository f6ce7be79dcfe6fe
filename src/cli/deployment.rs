//! What is deployed, as manifests and lists of files say it.

use super::args::CheckArgs;
use crate::base::{FileKind, SourceFile};
use crate::error::{Error, Flaw};
use crate::metadata;
use crate::policy::Deployment;
use crate::project;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Members of a manifest: type and name.
type Members = Vec<(String, String)>;

/// What is asked for; nothing where all counts.
pub(super) fn of(args: &CheckArgs, root: &Path) -> Result<Option<Deployment>, Error> {
    if args.manifests.is_empty() && args.files_from.is_none() {
        return Ok(None);
    }
    let mut deployment = Deployment::default();
    for path in &args.manifests {
        let members = members(path)?;
        if is_destructive(path) {
            deployment.delete(&members);
            continue;
        }
        deployment.add(&members);
        for beside in destructive_beside(path) {
            deployment.delete(&self::members(&beside)?);
        }
    }
    if let Some(list) = &args.files_from {
        for path in listed(list)? {
            if let Some(path) = below(&path, root) {
                deployment.add_file(&path);
            }
        }
    }
    Ok(Some(deployment))
}

fn members(path: &Path) -> Result<Members, Error> {
    let text = project::text_of(path)?;
    let file = SourceFile::new(path.display().to_string(), FileKind::Config, text);
    let mut issues = Vec::new();
    let members = metadata::read_package(&file, &mut issues);
    members.ok_or_else(|| {
        let issue = issues.pop();
        let place = issue.as_ref().map_or(0..0, |it| it.span.start as usize..it.span.end as usize);
        let what = issue.map(|issue| issue.message).unwrap_or_default();
        let reason = format!("this is no manifest: it {what}");
        let help = Some("give the package.xml of the deployment");
        Error::Flaw(Box::new(Flaw { file, place, reason, help }))
    })
}

/// `destructiveChanges.xml`, `destructiveChangesPost.xml`: what they name is deleted.
fn is_destructive(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase());
    name.is_some_and(|name| name.starts_with("destructivechanges") && name.ends_with(".xml"))
}

fn destructive_beside(path: &Path) -> Vec<PathBuf> {
    ["", "Pre", "Post"]
        .map(|when| path.with_file_name(format!("destructiveChanges{when}.xml")))
        .into_iter()
        .filter(|path| path.is_file())
        .collect()
}

/// The paths of a list.
fn listed(list: &Path) -> Result<Vec<String>, Error> {
    let text = if list == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map_err(|error| Error::Unreadable {
            path: list.to_owned(),
            reason: format!("could not be read: {error}"),
        })?;
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        project::text_of(list)?
    };
    let separator = if text.contains('\0') { '\0' } else { '\n' };
    let paths = text.split(separator).map(|path| path.trim_matches(['\r', '\n', '\u{feff}']));
    Ok(paths.filter(|path| !path.trim().is_empty()).map(str::to_owned).collect())
}

/// A path below the root of the project, with `/`; nothing for what is deleted, or stands elsewhere.
fn below(path: &str, root: &Path) -> Option<String> {
    let there = Path::new(path).canonicalize();
    // As tools on Windows write it.
    let there = there.or_else(|_| Path::new(&path.replace('\\', "/")).canonicalize()).ok()?;
    there.strip_prefix(root).ok()?;
    Some(project::relative(&there, root))
}
