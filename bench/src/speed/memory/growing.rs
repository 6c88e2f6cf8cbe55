//! Products whose descriptions grow.

use anyhow::Context as _;
use devstack::Stack;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::load::connect;

/// Stands before what is added, so that it can be taken away again.
const MARK: &str = "\n[grown]\n";

/// Text that compresses as little as text does: hexadecimal digits of hashes.
const GROW: &str = "
    UPDATE product_translation t
    SET description = split_part(t.description, $2, 1) || CASE WHEN $3 > 0 THEN $2 || (
        SELECT string_agg(md5(t.product_id::text || t.locale || piece), ' ')
        FROM generate_series(1, $3) piece) ELSE '' END
    WHERE t.product_id = ANY ($1)";

/// The products that grow.
pub(super) struct Growing<'a> {
    stack: &'a Stack,
    client: Client,
    products: Vec<Uuid>,
}

impl<'a> Growing<'a> {
    pub(super) async fn new(stack: &'a Stack, products: Vec<Uuid>) -> anyhow::Result<Self> {
        let client = connect(&stack.addresses().primary.admin).await?;
        Ok(Self { stack, client, products })
    }

    /// Gives each its own text and so many pieces more, and waits until the replica has it.
    pub(super) async fn to(&self, pieces: i32) -> anyhow::Result<()> {
        let grown = self.client.execute(GROW, &[&self.products, &MARK, &pieces]).await;
        grown.context("cannot edit the products that grow")?;
        Ok(self.stack.wait_for_replica().await?)
    }
}
