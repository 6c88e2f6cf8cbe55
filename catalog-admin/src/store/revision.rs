//! The table `revision`.

use catalog_core::key::EntityKey;
use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{StoreError, Table, Transaction};

/// A change that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionRow {
    /// Rises with every change.
    pub id: i64,
    /// The version that it made.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub actor: String,
    /// `create`, `replace`, `patch`, `delete`, `import` or `stock`.
    pub action: String,
    /// The document after it; `None` when none is left.
    pub document: Option<Value>,
}

/// Writes down what this transaction made of these products or categories; those that it did not
/// change are passed over. Documents are looked up and not joined, or a plan made while the catalog
/// was small would go on making the documents of all of it.
pub async fn append(
    tx: &Transaction,
    of: Table,
    ids: &[Uuid],
    actor: &str,
    action: &str,
) -> Result<(), StoreError> {
    let name = of.name();
    let statement = format!(
        "INSERT INTO revision (kind, entity_id, version, actor, action, document)
        SELECT v.kind, v.id, v.version, $2, $3,
            (SELECT d.document FROM {name}_document d WHERE d.id = v.id)
        FROM version v
        WHERE v.kind = '{name}' AND v.id = ANY ($1) AND v.xid = pg_current_xact_id()
        ORDER BY v.id"
    );
    tx.execute(&statement, &[&ids, &actor, &action]).await.map(drop)
}

/// At most `limit` changes of a thing, the last first, that came before the one with this id.
pub async fn page(
    tx: &Transaction,
    of: EntityKey,
    before: i64,
    limit: i64,
) -> Result<Vec<RevisionRow>, StoreError> {
    let statement = "
        SELECT id, version, at, actor, action, document FROM revision
        WHERE kind = $1::text::version_kind AND entity_id = $2 AND id < $3
        ORDER BY id DESC LIMIT $4";
    let rows = tx.rows(statement, &[&of.kind.as_str(), &of.id, &before, &limit]).await?;
    Ok(rows.iter().map(read).collect())
}

fn read(row: &Row) -> RevisionRow {
    RevisionRow {
        id: row.get("id"),
        version: row.get("version"),
        at: row.get("at"),
        actor: row.get("actor"),
        action: row.get("action"),
        document: row.get("document"),
    }
}
