//! What may be seen.

use std::collections::HashMap;

use catalog_core::freshness::Version;
use uuid::Uuid;

use super::{First, Operation, What};

/// What may be seen, and as which version.
pub(super) struct Marks<'a> {
    first: &'a First,
    /// The writes that may have happened, by their marks.
    writes: HashMap<&'a str, &'a Operation>,
    /// What each version is, and which version each mark is: by acknowledgements, or else by who saw it
    /// first in the history.
    of_version: HashMap<(Uuid, Version), Option<&'a str>>,
    version_of: HashMap<&'a str, Version>,
}

impl<'a> Marks<'a> {
    pub(super) fn of(history: &'a [Operation], first: &'a First) -> Self {
        let mut marks = Self {
            first,
            writes: HashMap::new(),
            of_version: HashMap::new(),
            version_of: HashMap::new(),
        };
        for (product, (version, mark)) in first {
            marks.of_version.insert((*product, *version), mark.as_deref());
        }
        for operation in history {
            if let (What::Wrote { .. } | What::Tried, Some(mark)) =
                (&operation.what, &operation.mark)
            {
                marks.writes.insert(mark, operation);
            }
            if matches!(operation.what, What::Wrote { .. }) {
                marks.note(operation);
            }
        }
        for operation in history {
            if matches!(operation.what, What::Read { .. }) {
                marks.note(operation);
            }
        }
        marks
    }

    fn note(&mut self, operation: &'a Operation) {
        let mark = operation.mark.as_deref();
        self.of_version.entry((operation.product, operation.version)).or_insert(mark);
        if let Some(mark) = mark {
            self.version_of.entry(mark).or_insert(operation.version);
        }
    }

    /// Whether an acknowledged write or a read has a version that is not what it was to others, or that
    /// nobody can have written by then.
    pub(super) fn is_wrong(&self, operation: &Operation) -> bool {
        let (product, version) = (operation.product, operation.version);
        let mark = operation.mark.as_deref();
        if self.of_version.get(&(product, version)) != Some(&mark) {
            return true;
        }
        if self.first.get(&product).is_some_and(|(first, _)| *first == version) {
            return matches!(operation.what, What::Wrote { .. });
        }
        let written = mark.and_then(|mark| Some((self.writes.get(mark)?, mark)));
        written.is_none_or(|(write, mark)| {
            write.product != product
                || write.begun > operation.ended
                || self.version_of.get(mark) != Some(&version)
        })
    }
}
