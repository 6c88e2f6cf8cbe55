//! What becomes of a line.

use uuid::Uuid;

use crate::store::import::{ImportCounts, ImportErrorRow};

use super::line::LineError;

/// At most so many errors of one line are told.
const ERRORS_OF_A_LINE: usize = 20;
/// Longer pointers and details are cut: they repeat what the sender wrote.
const LONGEST_TEXT: usize = 500;

/// What becomes of a line, if its transaction commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It makes something new.
    Created(Uuid),
    /// It changes something.
    Updated(Uuid),
    /// It says what is there.
    Unchanged,
    /// It is wrong.
    Rejected(Vec<LineError>),
}

/// What has become of the lines of a batch.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    pub(crate) counts: ImportCounts,
    pub(crate) errors: Vec<ImportErrorRow>,
    /// The last of the lines.
    pub(crate) last_line: i64,
}

impl Outcomes {
    pub(crate) fn add(&mut self, line: u64, outcome: Outcome) {
        self.last_line = self.last_line.max(number(line));
        match outcome {
            Outcome::Created(_) => self.counts.created += 1,
            Outcome::Updated(_) => self.counts.updated += 1,
            Outcome::Unchanged => self.counts.unchanged += 1,
            Outcome::Rejected(errors) => {
                self.counts.rejected += 1;
                let more = errors.len().saturating_sub(ERRORS_OF_A_LINE);
                self.counts.errors_dropped += i64::try_from(more).unwrap_or(i64::MAX);
                let told = errors.into_iter().take(ERRORS_OF_A_LINE);
                self.errors.extend(told.zip(1..).map(|(error, place)| row(line, &error, place)));
            }
        }
    }
}

fn row(line: u64, error: &LineError, place: i64) -> ImportErrorRow {
    ImportErrorRow {
        line: number(line),
        pointer: storable(&error.pointer),
        code: error.code.to_owned(),
        detail: storable(&error.detail),
        place,
    }
}

/// A line's number as it is stored.
pub(crate) fn number(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}

/// Cut, and without the one character that PostgreSQL's text cannot hold.
fn storable(text: &str) -> String {
    text.chars()
        .take(LONGEST_TEXT)
        .map(|character| if character == '\0' { char::REPLACEMENT_CHARACTER } else { character })
        .collect()
}
