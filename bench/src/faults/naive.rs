//! How it is commonly done, to see that the judge would notice: a cache in memory that is filled from a
//! replica when something is missing, and deleted from when an edit has been acknowledged.

use std::{collections::HashMap, sync::Arc, time::Duration};

use catalog_core::freshness::Version;
use parking_lot::Mutex;
use rand::{SeedableRng as _, rngs::SmallRng};
use tokio::time::{Instant, timeout};
use tokio_postgres::{Client, NoTls};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::load::{Answer, Catalog, Judge, READ_LIMIT, ReadError};

/// A cache-aside reader without a proof of anything.
#[derive(Debug, Default)]
pub(super) struct Naive(Mutex<HashMap<Uuid, Answer>>);

impl Naive {
    /// An edit has been acknowledged.
    pub(super) fn delete(&self, product: Uuid) {
        self.0.lock().remove(&product);
    }

    /// Reads popular products at this pace until told to stop, each judged like any other.
    pub(super) async fn run(
        self: Arc<Self>,
        replica: String,
        catalog: Arc<Catalog>,
        judge: Judge,
        pause: Duration,
        stop: CancellationToken,
    ) {
        let mut random = SmallRng::seed_from_u64(1);
        let mut client = None;
        while !stop.is_cancelled() {
            let product = catalog.popular(&mut random);
            let asked_at = Instant::now();
            let known = self.0.lock().get(&product).cloned();
            let outcome = match known {
                Some(answer) => Ok(answer),
                None => self.miss(&mut client, &replica, product).await,
            };
            judge.judge(product, asked_at, &outcome);
            tokio::time::sleep(pause).await;
        }
    }

    async fn miss(
        &self,
        client: &mut Option<Client>,
        replica: &str,
        product: Uuid,
    ) -> Result<Answer, ReadError> {
        let loaded = timeout(READ_LIMIT, load(client, replica, product)).await;
        let Ok(Some(answer)) = loaded else {
            *client = None;
            return Err(ReadError::Transport);
        };
        self.0.lock().insert(product, answer.clone());
        Ok(answer)
    }
}

/// Over the connection that there is, or a new one.
async fn load(client: &mut Option<Client>, replica: &str, product: Uuid) -> Option<Answer> {
    if client.is_none() {
        let (connected, connection) = tokio_postgres::connect(replica, NoTls).await.ok()?;
        tokio::spawn(connection);
        *client = Some(connected);
    }
    let sql = "
        SELECT v.version, p.brand FROM product p JOIN version v ON v.kind = 'product' AND v.id = p.id
        WHERE p.id = $1";
    let row = client.as_ref()?.query_one(sql, &[&product]).await.ok()?;
    let version = Version(row.get::<_, i64>(0).cast_unsigned());
    Some(Answer { id: product, version, brand: row.get(1), stale: false })
}
