//! Edits with SQL at a fixed rate, each a transaction of its own, as psql makes them; over connections that
//! stay open, because starting a program for each would cost more than the edit.

use std::time::Duration;

use anyhow::Context as _;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use tokio::{
    task::JoinSet,
    time::{Instant, interval},
};
use tokio_postgres::{Client, Statement};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::load::connect;

/// How many connections edit.
const EDITORS: u32 = 8;

/// Gives products other brands.
pub(super) struct Editor {
    client: Client,
    edit: Statement,
}

impl Editor {
    /// Of the database at `url`.
    pub(super) async fn connect(url: &str) -> anyhow::Result<Self> {
        let client = connect(url).await?;
        let edit = client.prepare("UPDATE product SET brand = $1 WHERE id = $2").await?;
        Ok(Self { client, edit })
    }

    /// Gives when the edit was acknowledged.
    pub(super) async fn edit(&self, product: Uuid, mark: &str) -> anyhow::Result<Instant> {
        let edited = self.client.execute(&self.edit, &[&mark, &product]).await;
        anyhow::ensure!(edited.context("cannot edit a product")? == 1, "{product} is gone");
        Ok(Instant::now())
    }
}

/// A brand that no other edit gives.
pub(super) fn mark() -> String {
    format!("edit {}", Uuid::now_v7())
}

/// Edits any of `products` at this rate until told to stop; gives how many edits there were.
pub(super) async fn edit(
    url: String,
    products: Vec<Uuid>,
    rate: u32,
    seed: u64,
    stop: CancellationToken,
) -> anyhow::Result<u64> {
    let mut editors = JoinSet::new();
    for number in 0..EDITORS {
        let (editor, products) = (Editor::connect(&url).await?, products.clone());
        let mut random = SmallRng::seed_from_u64(seed.wrapping_add(number.into()));
        let stop = stop.clone();
        // One that is late makes up for it.
        let mut turns = interval(Duration::from_secs(EDITORS.into()) / rate);
        editors.spawn(async move {
            let mut edits = 0_u64;
            while stop.run_until_cancelled(turns.tick()).await.is_some() {
                let product = products[random.random_range(..products.len())];
                editor.edit(product, &mark()).await?;
                edits += 1;
            }
            anyhow::Ok(edits)
        });
    }
    let mut edits = 0;
    while let Some(ended) = editors.join_next().await {
        edits += ended.context("an editor's task ended")??;
    }
    Ok(edits)
}
