//! What is known of each import: its counts and what was wrong with its lines.

use std::time::Duration;

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::store::transaction::Parameters;
use crate::store::{Store, StoreError, Transaction};

/// An import as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Its id.
    pub id: Uuid,
    /// Who sent it.
    pub actor: String,
    /// `running`, `finished` or `failed`.
    pub state: String,
    /// Lines that were read, blank ones aside.
    pub lines_total: i64,
    /// How many of them made something new.
    pub created: i64,
    /// How many changed something.
    pub updated: i64,
    /// How many said what was there already.
    pub unchanged: i64,
    /// How many are wrong.
    pub rejected: i64,
    /// How many errors there were beside those that are kept.
    pub errors_dropped: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it broke off.
    pub failure: Option<String>,
}

impl From<Row> for ImportRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.get("id"),
            actor: row.get("actor"),
            state: row.get("state"),
            lines_total: row.get("lines_total"),
            created: row.get("created"),
            updated: row.get("updated"),
            unchanged: row.get("unchanged"),
            rejected: row.get("rejected"),
            errors_dropped: row.get("errors_dropped"),
            started_at: row.get("started_at"),
            finished_at: row.get("finished_at"),
            failure: row.get("failure"),
        }
    }
}

/// What one batch adds to its import's counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// Lines that made something new.
    pub created: i64,
    /// Lines that changed something.
    pub updated: i64,
    /// Lines that said what was there already.
    pub unchanged: i64,
    /// Wrong lines.
    pub rejected: i64,
    /// What was wrong with them and is not kept, because there was too much of it.
    pub errors_dropped: i64,
}

/// One thing that is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportErrorRow {
    /// The line's number, from 1.
    pub line: i64,
    /// Where in the line's document: a JSON Pointer.
    pub pointer: String,
    /// In what way; what a program may branch on.
    pub code: String,
    /// What is wrong, and what would be right.
    pub detail: String,
    /// Which of the line's errors it is, from 1; of no meaning when it is written.
    pub place: i64,
}

impl From<Row> for ImportErrorRow {
    fn from(row: Row) -> Self {
        Self {
            line: row.get("line"),
            pointer: row.get("pointer"),
            code: row.get("code"),
            detail: row.get("detail"),
            place: row.get("place"),
        }
    }
}

/// At most so many errors are kept of one import; all are counted.
const ERRORS_KEPT: i64 = 10_000;

impl Store {
    /// Writes down that an import has begun.
    pub async fn begin_import(&self, id: Uuid, actor: &str) -> Result<(), StoreError> {
        let client = self.pool().get().await?;
        let statement = "INSERT INTO import (id, actor) VALUES ($1, $2)";
        let prepared = client.prepare_cached(statement).await?;
        client.execute(&prepared, &[&id, &actor]).await?;
        Ok(())
    }

    /// Writes down that an import has ended, and how, and gives it as it then stands; nothing if it
    /// has ended before.
    pub async fn end_import(
        &self,
        id: Uuid,
        failure: Option<&str>,
    ) -> Result<Option<ImportRow>, StoreError> {
        let client = self.pool().get().await?;
        let statement = "
            UPDATE import SET
                state = CASE WHEN $2::text IS NULL THEN 'finished' ELSE 'failed' END,
                finished_at = now(),
                failure = $2
            WHERE id = $1 AND state = 'running'
            RETURNING id, actor, state, lines_total, created, updated, unchanged, rejected,
                errors_dropped, started_at, finished_at, failure";
        let prepared = client.prepare_cached(statement).await?;
        Ok(client.query_opt(&prepared, &[&id, &failure]).await?.map(ImportRow::from))
    }

    /// The import with this id.
    pub async fn import(&self, id: Uuid) -> Result<Option<ImportRow>, StoreError> {
        let client = self.pool().get().await?;
        // Each by its name: a prepared `*` fails once a migration has added a column.
        let statement = "
            SELECT id, actor, state, lines_total, created, updated, unchanged, rejected,
                errors_dropped, started_at, finished_at, failure
            FROM import WHERE id = $1";
        let prepared = client.prepare_cached(statement).await?;
        Ok(client.query_opt(&prepared, &[&id]).await?.map(ImportRow::from))
    }

    /// Imports that began so long ago and are said to run still.
    pub async fn stale_imports(&self, age: Duration, limit: i64) -> Result<Vec<Uuid>, StoreError> {
        let client = self.pool().get().await?;
        let statement = "
            SELECT id FROM import
            WHERE state = 'running' AND started_at < now() - make_interval(secs => $1) LIMIT $2";
        let prepared = client.prepare_cached(statement).await?;
        let rows = client.query(&prepared, &[&age.as_secs_f64(), &limit]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Removes imports that ended so long ago, with their errors; how many.
    pub async fn remove_imports(&self, age: Duration, limit: i64) -> Result<u64, StoreError> {
        let client = self.pool().get().await?;
        let statement = "
            DELETE FROM import WHERE id = ANY (ARRAY (
                SELECT id FROM import WHERE finished_at < now() - make_interval(secs => $1)
                ORDER BY started_at LIMIT $2 FOR UPDATE SKIP LOCKED))";
        let prepared = client.prepare_cached(statement).await?;
        Ok(client.execute(&prepared, &[&age.as_secs_f64(), &limit]).await?)
    }

    /// The errors of an import in the order of its lines, from the one after `after`: a line and
    /// how many of its errors are behind.
    pub async fn import_errors(
        &self,
        id: Uuid,
        after: (i64, i64),
        limit: i64,
    ) -> Result<Vec<ImportErrorRow>, StoreError> {
        let client = self.pool().get().await?;
        let statement = "
            SELECT line, pointer, code, detail, place
            FROM (
                SELECT *, row_number() OVER (PARTITION BY line ORDER BY pointer, code) AS place
                FROM import_error WHERE import_id = $1 AND line >= $2
            ) AS e
            WHERE line > $2 OR place > $3
            ORDER BY line, pointer, code
            LIMIT $4";
        let prepared = client.prepare_cached(statement).await?;
        let rows = client.query(&prepared, &[&id, &after.0, &after.1, &limit]).await?;
        Ok(rows.into_iter().map(ImportErrorRow::from).collect())
    }
}

/// How far a running import has come: the number of the last line that is done; nothing when it no
/// longer runs. Nobody else ends or counts it before this transaction ends, and whoever was about
/// to commit a part of it has.
pub async fn progress(tx: &Transaction, id: Uuid) -> Result<Option<i64>, StoreError> {
    let statement =
        "SELECT last_line FROM import WHERE id = $1 AND state = 'running' FOR NO KEY UPDATE";
    Ok(tx.row(statement, &[&id]).await?.map(|row| row.get(0)))
}

/// Adds what this transaction has done, up to `last_line`, to the counts, so that they are true
/// whenever it commits, and only then.
pub async fn count(
    tx: &Transaction,
    id: Uuid,
    last_line: i64,
    counts: ImportCounts,
) -> Result<(), StoreError> {
    let ImportCounts { created, updated, unchanged, rejected, errors_dropped } = counts;
    let lines = created + updated + unchanged + rejected;
    let statement = "
        UPDATE import SET
            lines_total = lines_total + $2, created = created + $3, updated = updated + $4,
            unchanged = unchanged + $5, rejected = rejected + $6,
            errors_dropped = errors_dropped + $7, last_line = $8
        WHERE id = $1";
    let parameters: Parameters<'_> =
        &[&id, &lines, &created, &updated, &unchanged, &rejected, &errors_dropped, &last_line];
    tx.execute(statement, parameters).await?;
    Ok(())
}

/// Keeps errors of an import, as long as there is room for them; how many.
pub async fn keep_errors(
    tx: &Transaction,
    id: Uuid,
    errors: &[ImportErrorRow],
) -> Result<u64, StoreError> {
    if errors.is_empty() {
        return Ok(0);
    }
    let column = |text: fn(&ImportErrorRow) -> &str| errors.iter().map(text).collect::<Vec<_>>();
    let lines: Vec<i64> = errors.iter().map(|error| error.line).collect();
    let pointers = column(|error| &error.pointer);
    let codes = column(|error| &error.code);
    let details = column(|error| &error.detail);
    let statement = "
        INSERT INTO import_error (import_id, line, pointer, code, detail)
        SELECT $1, e.line, e.pointer, e.code, e.detail
        FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
            AS e (line, pointer, code, detail, place)
        WHERE e.place <= $6 - (SELECT count(*) FROM import_error WHERE import_id = $1)
        ON CONFLICT DO NOTHING";
    tx.execute(statement, &[&id, &lines, &pointers, &codes, &details, &ERRORS_KEPT]).await
}
