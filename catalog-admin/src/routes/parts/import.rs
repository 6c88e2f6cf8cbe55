use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::import::Imports;
use crate::store::import::{ImportErrorRow, ImportRow};

use super::page::{DEFAULT_LIMIT, Page, cursor, limit};

/// An import as it stands. Counts are of what has committed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ImportOutput {
    /// Its id.
    id: Uuid,
    /// `running`, `finished`, or `failed` when it broke off.
    #[schema(example = "finished")]
    state: String,
    /// Who sent it.
    actor: String,
    /// Lines that were read, blank ones aside.
    lines_total: i64,
    /// How many of them made something new.
    created: i64,
    /// How many changed something.
    updated: i64,
    /// How many said what was there already.
    unchanged: i64,
    /// How many are wrong; nothing of them has been loaded.
    rejected: i64,
    /// How many more errors there were than are kept: of very many only the first are.
    errors_dropped: i64,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    /// Why it broke off.
    failure: Option<String>,
    /// What is wrong with its lines.
    errors: Page<ImportErrorOutput>,
}

/// One thing that is wrong with a line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ImportErrorOutput {
    /// The line's number, from 1.
    line: i64,
    /// Where in the line's document: a JSON Pointer.
    #[schema(example = "/variants/0/sku")]
    pointer: String,
    /// In what way; what a program may branch on.
    #[schema(example = "taken")]
    code: String,
    /// What is wrong, and what would be right.
    detail: String,
    #[serde(skip)]
    place: i64,
}

const START: (i64, i64) = (0, 0);

/// An import that has just ended, with the first page of its errors. It is loaded, whatever becomes
/// of reading those: where that fails, the page has only the way to them.
pub(crate) async fn ended(imports: &Imports, import: ImportRow) -> ImportOutput {
    let most = DEFAULT_LIMIT;
    let errors = match imports.errors(import.id, START, most + 1).await {
        Ok(errors) => page(errors, most),
        Err(error) => {
            tracing::warn!(error.message = %error, "an import's errors cannot be read yet");
            if import.rejected == 0 { page(Vec::new(), most) } else { Page::unread(&START) }
        }
    };
    output(import, errors)
}

fn page(errors: Vec<ImportErrorRow>, most: i64) -> Page<ImportErrorOutput> {
    let errors = errors.into_iter().map(ImportErrorOutput::from).collect();
    Page::new(errors, most, |error: &ImportErrorOutput| (error.line, error.place))
}

/// Reads an import and a page of its errors.
pub(crate) async fn read(
    imports: &Imports,
    id: Uuid,
    most: Option<i64>,
    after: Option<&str>,
) -> Result<ImportOutput> {
    let most = limit(most)?;
    let after = cursor(after, START)?;
    let found = imports.read(id, after, most + 1).await?;
    let no_import = || Error::NotFound { what: "import", id: id.to_string() };
    let (import, errors) = found.ok_or_else(no_import)?;
    Ok(output(import, page(errors, most)))
}

fn output(row: ImportRow, errors: Page<ImportErrorOutput>) -> ImportOutput {
    ImportOutput {
        id: row.id,
        state: row.state,
        actor: row.actor,
        lines_total: row.lines_total,
        created: row.created,
        updated: row.updated,
        unchanged: row.unchanged,
        rejected: row.rejected,
        errors_dropped: row.errors_dropped,
        started_at: row.started_at,
        finished_at: row.finished_at,
        failure: row.failure,
        errors,
    }
}

impl From<ImportErrorRow> for ImportErrorOutput {
    fn from(row: ImportErrorRow) -> Self {
        let ImportErrorRow { line, pointer, code, detail, place } = row;
        Self { line, pointer, code, detail, place }
    }
}
