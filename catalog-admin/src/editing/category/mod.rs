//! Categories: how they are written, and lists of them.

mod examine;
mod list;
mod write;

use catalog_core::document::CategoryDocument;
use serde_json::Value;
use uuid::Uuid;

use crate::category::CategoryOutput;
use crate::error::{Error, Result};
use crate::store::category::children;
use crate::store::{Table, Transaction};

use super::{Edited, conflict};
use examine::{Rows, examine};

pub use list::list;

/// Categories.
#[derive(Debug, Clone, Copy)]
pub struct Category;

impl Edited for Category {
    type Document = CategoryDocument;
    type Output = CategoryOutput;

    const TABLE: Table = Table::Category;
    const ROUTE: &'static str = "POST /v1/categories";
    const COLLECTION: &'static str = "categories";

    fn output(version: i64, document: CategoryDocument) -> CategoryOutput {
        CategoryOutput::new(version, document)
    }

    async fn insert(tx: &Transaction, id: Uuid, wanted: Value) -> Result<()> {
        let (valid, rows) = examine(tx, id, wanted, None).await?;
        match write::insert(tx, &rows).await {
            Ok(()) => Ok(()),
            Err(error) => Err(conflict::explain_category(tx, error, id, &valid).await),
        }
    }

    async fn update(
        tx: &Transaction,
        id: Uuid,
        current: &CategoryDocument,
        wanted: Value,
    ) -> Result<()> {
        let current = Rows::of(current);
        let (valid, rows) = examine(tx, id, wanted, Some(&current)).await?;
        match write::update(tx, &current, &rows).await {
            Ok(()) => Ok(()),
            Err(error) => Err(conflict::explain_category(tx, error, id, &valid).await),
        }
    }

    /// Products stay in a deleted category, though no reader sees that; subcategories would vanish.
    async fn may_go(tx: &Transaction, id: Uuid) -> Result<()> {
        match children(tx, id).await? {
            0 => Ok(()),
            children => Err(Error::CategoryHasChildren(children)),
        }
    }
}
