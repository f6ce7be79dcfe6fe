//! The files of a project as text: the only input of the analysis.

use super::FileId;
use std::ops::Range;

/// What a file holds, by its name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum FileKind {
    /// `*.cls`
    ApexClass,
    /// `*.trigger`
    ApexTrigger,
    /// `*.cls-meta.xml`, `*.trigger-meta.xml`
    ApexMeta,
    /// `*.object-meta.xml`, `*.object`: an object, in the Metadata API format with its fields inside
    Object,
    /// `objects/X/fields/*.field-meta.xml`
    Field,
    /// `*.duplicateRule-meta.xml`, `*.duplicateRule`
    DuplicateRule,
    /// `*.md-meta.xml`, `customMetadata/*.md`: a custom metadata record
    CustomMetadata,
    /// `*.flow-meta.xml`, `*.flow`
    Flow,
    /// `*.flowDefinition-meta.xml`, `*.flowDefinition`
    FlowDefinition,
    /// `*.platformEventSubscriberConfig-meta.xml`, `*.platformEventSubscriberConfig`
    SubscriberConfig,
    /// `*.workflow-meta.xml`, `*.workflow`
    Workflow,
    /// `rowlock.toml`: no part of the project, but findings may stand in it
    Config,
    /// A file or folder that could not be read: it has no text, and an issue says why
    Unread,
}

/// One file, read as UTF-8.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    /// Relative to the project's root, with `/`.
    pub(crate) path: String,
    pub(crate) kind: FileKind,
    /// Without byte order mark; bytes that are no UTF-8 are replaced by U+FFFD.
    pub(crate) text: String,
    line_starts: Vec<u32>,
    /// The bytes that continue a character: what columns do not count. Asked, not counted anew, because a minified
    /// file has all its places on one line.
    continuations: Vec<u32>,
}

impl SourceFile {
    pub(crate) fn new(path: String, kind: FileKind, text: String) -> SourceFile {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(newlines.map(|(at, _)| at as u32 + 1)).collect();
        let bytes = text.bytes().enumerate();
        let continuations =
            bytes.filter(|(_, byte)| byte & 0xC0 == 0x80).map(|(at, _)| at as u32).collect();
        SourceFile { path, kind, text, line_starts, continuations }
    }

    /// The byte offset of a line and column that count as in `LineColumn`; past the end of a line, its end.
    pub(crate) fn offset(&self, line: usize, column: usize) -> u32 {
        let at = |line: usize| {
            self.line_starts.get(line).map_or(self.text.len(), |start| *start as usize)
        };
        let (start, end) = (at(line.saturating_sub(1)), at(line));
        let text = self.text.get(start..end).unwrap_or("");
        let within =
            text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
        (start + within) as u32
    }

    /// Where the first marker of an unresolved merge conflict stands: a line that begins with `<<<<<<< `.
    pub(crate) fn conflict_marker(&self) -> Option<u32> {
        let begins = |start: &&u32| {
            self.text.get(**start as usize..).is_some_and(|line| line.starts_with("<<<<<<< "))
        };
        self.line_starts.iter().find(begins).copied()
    }

    /// The file's name without folders.
    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The place of a byte offset; past the end, the end. In the middle of a character, its start.
    pub(crate) fn line_column(&self, offset: u32) -> LineColumn {
        let offset = self.char_start(offset);
        let line = self.line_starts.partition_point(|start| *start as usize <= offset);
        let line_start = self.line_starts[line - 1] as usize;
        let characters = |end: usize| {
            end - self.continuations.partition_point(|continuation| (*continuation as usize) < end)
        };
        LineColumn { line, column: characters(offset) - characters(line_start) + 1 }
    }

    /// The line that an offset is on, without its end.
    pub(crate) fn line_around(&self, offset: u32) -> Range<usize> {
        let next = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[next - 1] as usize;
        let end = self.line_starts.get(next).map_or(self.text.len(), |start| *start as usize - 1);
        let line = self.text.get(start..end).unwrap_or_default();
        start..start + line.trim_end_matches('\r').len()
    }

    /// The line after the one that an offset is on, if there is one.
    pub(crate) fn line_after(&self, offset: u32) -> Option<Range<usize>> {
        let next = self.line_starts.partition_point(|start| *start <= offset);
        self.line_starts.get(next).map(|start| self.line_around(*start))
    }

    /// The nearest start of a character at or before an offset.
    pub(crate) fn char_start(&self, offset: u32) -> usize {
        let mut start = self.text.len().min(offset as usize);
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        start
    }
}

/// A place for people: both count from 1, columns count Unicode code points.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct LineColumn {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// All files of a project that rowlock reads, sorted by path.
#[derive(Clone, Default, Debug)]
pub(crate) struct Sources {
    files: Vec<SourceFile>,
    /// From the root of the repository to that of the project: empty, or with `/` at its end.
    folder: String,
}

impl Sources {
    /// Sorts by path, so that ids do not depend on the order in which files were found.
    pub(crate) fn new(mut files: Vec<SourceFile>) -> Sources {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Sources { files, folder: String::new() }
    }

    /// The same files, of a project in this folder of its repository.
    pub(crate) fn within(self, folder: String) -> Sources {
        Sources { folder, ..self }
    }

    /// A file's path from the root of the repository: what servers know it by.
    pub(crate) fn path_in_repository(&self, id: FileId) -> String {
        format!("{}{}", self.folder, self.file(id).path)
    }

    /// Adds the configuration, last, so that the numbers of the files before it stay.
    pub(crate) fn append(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// How many files of the project there are.
    pub(crate) fn len(&self) -> usize {
        self.files.iter().filter(|file| file.kind != FileKind::Config).count()
    }

    pub(crate) fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    pub(crate) fn files(&self) -> &[SourceFile] {
        &self.files
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }
}

#[cfg(test)]
mod tests {
    use super::{FileKind, SourceFile};

    #[test]
    fn columns_count_code_points() {
        let file = SourceFile::new("A.cls".into(), FileKind::ApexClass, "aé\r\nxü€y".into());
        let at = |offset| {
            let place = file.line_column(offset);
            (place.line, place.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(5), (2, 1));
        assert_eq!(at(11), (2, 4));
        assert_eq!(at(8), (2, 3), "inside a character: its start");
        assert_eq!(at(999), (2, 5));
        assert_eq!(file.line_around(2), 0..3);
        assert_eq!(file.line_around(4), 0..3, "at the end of the line");
        assert_eq!(file.line_around(5), 5..12);
        assert_eq!(file.line_around(999), 5..12);
        assert_eq!(file.line_after(3), Some(5..12));
        assert_eq!(file.line_after(5), None);
        assert_eq!(file.offset(2, 4), 11);
        assert_eq!(file.offset(1, 1), 0);
        assert_eq!(file.offset(9, 9), 12);
    }

    #[test]
    fn a_conflict_marker_begins_a_line() {
        let marker = |text: &str| {
            SourceFile::new("A.cls".into(), FileKind::ApexClass, text.into()).conflict_marker()
        };
        assert_eq!(marker("a\n<<<<<<< HEAD\nb\n=======\n>>>>>>> x\n"), Some(2));
        assert_eq!(marker("a <<<<<<< HEAD\n"), None);
        assert_eq!(marker("=======\n"), None);
    }
}
