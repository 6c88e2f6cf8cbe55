use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use catalog_core::key::EntityKey;

use crate::editing::history;
use crate::error::Result;
use crate::store::Store;
use crate::store::revision::RevisionRow;

use super::page::{Page, PageQuery, cursor, limit};

/// A change that was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RevisionOutput {
    /// The version that it made.
    version: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who: the subject of the token.
    actor: String,
    /// `create`, `replace`, `patch`, `delete`, `import` or `stock`.
    action: String,
    /// The whole document after it, as the catalog keeps it; null when none was left.
    document: Option<Value>,
    #[serde(skip)]
    id: i64,
}

impl From<RevisionRow> for RevisionOutput {
    fn from(row: RevisionRow) -> Self {
        let RevisionRow { id, version, at, actor, action, document } = row;
        Self { version, at, actor, action, document, id }
    }
}

/// A page of the changes of a product or category.
pub(crate) async fn page(
    store: &Store,
    of: EntityKey,
    query: &PageQuery,
) -> Result<Page<RevisionOutput>> {
    let limit = limit(query.limit)?;
    let before = cursor(query.cursor.as_deref(), i64::MAX)?;
    let rows = history::list(store, of, before, limit + 1).await?;
    let items = rows.into_iter().map(RevisionOutput::from).collect();
    Ok(Page::new(items, limit, |last: &RevisionOutput| last.id))
}
