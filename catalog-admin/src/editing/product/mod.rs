//! Products: how they are written, and lists of them.

mod examine;
mod list;
mod rows;
mod wanted;
mod write;

use catalog_core::document::ProductDocument;
use serde_json::Value;
use uuid::Uuid;

use crate::error::Result;
use crate::product::ProductOutput;
use crate::store::{Table, Transaction};

use super::{Edited, conflict};
use examine::examine;
use rows::Rows;

pub use list::list;

/// Products.
#[derive(Debug, Clone, Copy)]
pub struct Product;

impl Edited for Product {
    type Document = ProductDocument;
    type Output = ProductOutput;

    const TABLE: Table = Table::Product;
    const ROUTE: &'static str = "POST /v1/products";
    const COLLECTION: &'static str = "products";

    fn output(version: i64, document: ProductDocument) -> ProductOutput {
        ProductOutput::new(version, document)
    }

    async fn insert(tx: &Transaction, id: Uuid, wanted: Value) -> Result<()> {
        let examined = examine(tx, id, wanted, None).await?;
        let rows = wanted::rows(id, &examined, None)?;
        let stock = wanted::stock(&examined.product, &rows);
        match write::insert(tx, &rows, &stock).await {
            Ok(()) => Ok(()),
            Err(error) => Err(conflict::explain_product(tx, error, id, &examined.product).await),
        }
    }

    async fn update(
        tx: &Transaction,
        id: Uuid,
        current: &ProductDocument,
        wanted: Value,
    ) -> Result<()> {
        let current = Rows::of(current)?;
        let examined = examine(tx, id, wanted, Some(&current)).await?;
        let rows = wanted::rows(id, &examined, Some(&current))?;
        let stock = wanted::stock(&examined.product, &rows);
        match write::update(tx, &current, &rows, &stock).await {
            Ok(()) => Ok(()),
            Err(error) => Err(conflict::explain_product(tx, error, id, &examined.product).await),
        }
    }

    async fn may_go(_: &Transaction, _: Uuid) -> Result<()> {
        Ok(())
    }
}
