//! Services that serve a catalog.

use std::{io::Write, time::Duration};

use devstack::{Progress, TestStack, demo::DemoCatalog, loading::Loading};
use tokio::time::{sleep, timeout};
use tokio_postgres::NoTls;

const REPLAYED: Duration = Duration::from_secs(10);

/// Starts a stack's services and loads the catalog.
pub(crate) async fn serving(stack: TestStack, products: u32) -> TestStack {
    stack.start_services(Progress::Silent).await.unwrap();
    stack.issue_token().await.unwrap();
    let addresses = stack.addresses();
    let token = std::fs::read_to_string(&addresses.editor_token).unwrap();
    let date = DemoCatalog::DATE.parse().unwrap();
    let catalog = DemoCatalog { products, seed: DemoCatalog::SEED, date };
    let produce = move |mut out: &mut dyn Write| catalog.write(&mut out);
    let loading = Loading { admin: addresses.admin.clone(), token };
    let loaded = loading.load(produce, |_| ()).await.unwrap();
    assert_eq!(loaded.rejected, 0, "{loaded:?}");
    timeout(REPLAYED, replayed(&addresses.replica.query, products)).await.unwrap();
    stack
}

/// Waits until the replica has as many products.
async fn replayed(replica: &str, products: u32) {
    let (client, connection) = tokio_postgres::connect(replica, NoTls).await.unwrap();
    tokio::spawn(connection);
    let count = async || {
        let row = client.query_one("SELECT count(*) FROM product", &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    while count().await < i64::from(products) {
        sleep(Duration::from_millis(5)).await;
    }
}
