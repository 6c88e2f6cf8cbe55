//! The watch for writing transactions, as the service runs it.

use catalog_admin::primary::faults;
use catalog_admin::store::Store;
use catalog_admin::store::epoch_writers::MIGRATIONS_APPLICATION;
use service_kit::settings::{PoolSettings, PostgresSettings};

use crate::service::{Service, connect, wait_until};

#[tokio::test]
async fn it_has_a_connection_that_no_burst_of_requests_takes() {
    let service = Service::start().await;
    let superuser = connect(&service.here.primary.superuser).await;
    let session = "
        SELECT FROM pg_stat_activity
        WHERE datname = $1 AND application_name = 'catalog-admin writers'";
    wait_until("it looks", async || {
        superuser.query_opt(session, &[&service.here.name]).await.unwrap().is_some()
    })
    .await;
}

#[tokio::test]
async fn migrations_are_known_by_their_name() {
    let service = Service::start().await;
    let mut holder = service.database().await;
    let hold = holder.transaction().await.unwrap();
    hold.batch_execute("LOCK TABLE refinery_schema_history").await.unwrap();
    let url = service.here.primary.admin.clone();
    let migrating = tokio::spawn(async move { schema::migrate(&url).await });
    let superuser = connect(&service.here.primary.superuser).await;
    let session = "SELECT FROM pg_stat_activity WHERE datname = $1 AND application_name = $2";
    let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 2] =
        [&service.here.name, &MIGRATIONS_APPLICATION];
    wait_until("it migrates", async || {
        superuser.query_opt(session, &parameters).await.unwrap().is_some()
    })
    .await;
    hold.rollback().await.unwrap();
    migrating.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_settings_of_a_server_are_judged_as_they_are() {
    let service = Service::start().await;
    let url = service.here.primary.admin.clone().into();
    let store = Store::new(&PostgresSettings { url, pool: PoolSettings::default() }).unwrap();
    let server = store.server().await.unwrap();
    assert_eq!((server.max_prepared_transactions, server.wal_level.as_str()), (0, "logical"));
    assert!(server.max_slot_wal_keep_size > 0 && faults(&server).is_empty(), "{server:?}");
}
