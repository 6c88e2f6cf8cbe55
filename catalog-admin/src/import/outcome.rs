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
}

impl Outcomes {
    pub(crate) fn add(&mut self, line: u64, outcome: Outcome) {
        match outcome {
            Outcome::Created(_) => self.counts.created += 1,
            Outcome::Updated(_) => self.counts.updated += 1,
            Outcome::Unchanged => self.counts.unchanged += 1,
            Outcome::Rejected(errors) => {
                self.counts.rejected += 1;
                let told = errors.into_iter().take(ERRORS_OF_A_LINE);
                self.errors.extend(told.zip(1..).map(|(error, place)| row(line, &error, place)));
            }
        }
    }
}

fn row(line: u64, error: &LineError, place: i64) -> ImportErrorRow {
    ImportErrorRow {
        line: i64::try_from(line).unwrap_or(i64::MAX),
        pointer: storable(&error.pointer),
        code: error.code.to_owned(),
        detail: storable(&error.detail),
        place,
    }
}

/// Cut, and without the one character that PostgreSQL's text cannot hold.
fn storable(text: &str) -> String {
    text.chars()
        .take(LONGEST_TEXT)
        .map(|character| if character == '\0' { char::REPLACEMENT_CHARACTER } else { character })
        .collect()
}
