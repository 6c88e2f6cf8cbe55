//! The beat, and the epochs that it begins.

use std::time::Duration;

use catalog_admin::epoch::{Beat, BeatSettings, WriterWatch, WritersSettings, begin_by_hand};
use catalog_core::freshness::Epoch;
use devstack::{Component, TestStack};
use service_kit::settings::PostgresSettings;
use tokio::task::JoinHandle;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;

use crate::publisher_rig::{add_product, begin_epoch, connect, eventually, primary};

/// A beat that ends when this is dropped.
pub(crate) struct Beating(JoinHandle<()>);

impl Beating {
    pub(crate) fn start(primary: &PostgresSettings) -> Self {
        Self::start_every(primary, Duration::from_millis(250))
    }

    fn start_every(primary: &PostgresSettings, interval: Duration) -> Self {
        let beat = Beat::new(primary, &BeatSettings { interval }).unwrap();
        Self(tokio::spawn(async {
            let Ok(()) = beat.run(CancellationToken::new()).await;
        }))
    }
}

impl Drop for Beating {
    fn drop(&mut self) {
        self.0.abort();
    }
}

struct History {
    epoch: u64,
    beat: u64,
    valid: bool,
}

async fn history(db: &Client) -> History {
    const SQL: &str = "
        SELECT h.epoch, h.beat, EXISTS (
            SELECT FROM incarnation i WHERE i.epoch = h.epoch
                AND i.system_identifier = (SELECT system_identifier FROM pg_control_system()))
        FROM history h";
    let row = db.query_one(SQL, &[]).await.unwrap();
    let number = |place: usize| row.get::<_, i64>(place).cast_unsigned();
    History { epoch: number(0), beat: number(1), valid: row.get(2) }
}

pub(crate) async fn wait_valid(db: &Client) -> u64 {
    eventually("an epoch is vouched for", async || history(db).await.valid).await;
    history(db).await.epoch
}

#[tokio::test]
async fn a_fresh_database_begins_an_epoch_and_beats() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    assert_eq!(history(&db).await.epoch, 0);
    let micros = "SELECT (extract(epoch FROM now()) * 1000000)::bigint";
    let before: i64 = db.query_one(micros, &[]).await.unwrap().get(0);
    let _beat = Beating::start(&primary(&here));
    let epoch = wait_valid(&db).await;
    assert!((before..before + (1 << 20) + 30_000_000).contains(&epoch.cast_signed()), "{epoch}");
    eventually("it beats", async || history(&db).await.beat >= 3).await;
    assert_eq!(history(&db).await.epoch, epoch, "one epoch is enough");
}

#[tokio::test]
async fn whatever_no_longer_vouches_for_the_epoch_begins_another() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    let _beat = Beating::start_every(&primary(&here), Duration::from_millis(20));
    let mut epoch = wait_valid(&db).await;
    for broken in [
        "DELETE FROM incarnation",
        "UPDATE incarnation SET system_identifier = system_identifier + 1",
        "UPDATE incarnation SET epoch = epoch - 1",
        // An old primary that is behind, or a clock that was ahead.
        "UPDATE history SET epoch = epoch + 3600000000000",
        // One that is behind and vouches for itself: a clone of a volume, an old primary not fenced.
        "ALTER TABLE history DISABLE TRIGGER history_is_never_lowered;
         UPDATE history SET epoch = epoch - 3600000000;
         UPDATE incarnation SET epoch = epoch - 3600000000;
         ALTER TABLE history ENABLE ALWAYS TRIGGER history_is_never_lowered",
    ] {
        db.batch_execute(broken).await.unwrap();
        eventually("a greater epoch", async || {
            let now = history(&db).await;
            now.valid && now.epoch > epoch
        })
        .await;
        epoch = history(&db).await.epoch;
    }
}

#[tokio::test]
async fn a_new_epoch_lays_down_ids_that_this_cluster_has_not_given_out() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    let ours = add_product(&db, "ours").await;
    let foreign = add_product(&db, "foreign").await;
    // As a restore from another cluster leaves them.
    let foreign_id = "UPDATE version SET xid = '9000000000000000000' WHERE id = $1";
    db.execute(foreign_id, &[&foreign.id]).await.unwrap();
    let xid = async |id| {
        let sql = "SELECT xid::text FROM version WHERE id = $1";
        db.query_one(sql, &[&id]).await.unwrap().get::<_, String>(0)
    };
    let kept = xid(ours.id).await;
    let _beat = Beating::start(&primary(&here));
    wait_valid(&db).await;
    assert_eq!((xid(foreign.id).await, xid(ours.id).await), ("0".to_owned(), kept));
}

#[tokio::test]
async fn two_admins_beat_at_one_pace() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    // Every committed beat leaves a row, so that none can have added two.
    db.batch_execute(
        "CREATE TABLE seen_beat (beat bigint PRIMARY KEY, at timestamptz DEFAULT clock_timestamp());
         CREATE FUNCTION note_beat() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN INSERT INTO seen_beat (beat) VALUES (NEW.beat); RETURN NULL; END';
         CREATE TRIGGER note_beat AFTER UPDATE OF beat ON history
         FOR EACH ROW EXECUTE FUNCTION note_beat()",
    )
    .await
    .unwrap();
    let interval = Duration::from_millis(100);
    let first = Beating::start_every(&primary(&here), interval);
    let _second = Beating::start_every(&primary(&here), interval);
    eventually("thirty beats", async || history(&db).await.beat >= 30).await;
    let seen = "
        SELECT count(*), max(beat) - min(beat) + 1,
            extract(epoch FROM max(at) - min(at))::float8 / (count(*) - 1)
        FROM seen_beat";
    let row = db.query_one(seen, &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), row.get::<_, i64>(1), "each transaction adds one");
    let pace: f64 = row.get(2);
    assert!(pace > 0.085, "the time between two beats is {pace} s: two admins doubled the pace");

    drop(first);
    let reached = history(&db).await.beat;
    eventually("the other goes on", async || history(&db).await.beat > reached + 5).await;
}

#[tokio::test]
async fn an_epoch_is_begun_by_hand_above_another() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    let _beat = Beating::start(&primary(&here));
    let first = wait_valid(&db).await;
    let second = begin_epoch(&here).await;
    assert!(second.0 > first);
    let far = Epoch(second.0 + 3_600_000_000);
    let third = begin_by_hand(&primary(&here), far).await.unwrap();
    assert!(third > far);
    eventually("it beats in the newest", async || {
        let now = history(&db).await;
        now.valid && now.epoch == third.0
    })
    .await;
}

#[tokio::test]
async fn a_crash_of_the_primary_begins_a_greater_epoch() {
    let stack = TestStack::own().await.unwrap();
    let here = stack.isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    let _beat = Beating::start(&primary(&here));
    let before = wait_valid(&db).await;
    let product = add_product(&db, "wool-sock").await;
    stack.kill(Component::Primary).await;
    stack.start(Component::Primary).await.unwrap();

    let db = connect(&here.primary.admin).await;
    eventually("a greater epoch", async || {
        let now = history(&db).await;
        now.valid && now.epoch > before
    })
    .await;
    let kept = "
        SELECT xid <> '0' AND xid < pg_current_xact_id() FROM version WHERE id = $1";
    let kept: bool = db.query_one(kept, &[&product.id]).await.unwrap().get(0);
    assert!(kept, "ids that this cluster has given out stay");
}

#[tokio::test]
async fn a_writer_that_stays_open_is_ended_only_by_setting() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let settings = primary(&here);
    let mut writer = connect(&here.primary.admin).await;
    let open = writer.transaction().await.unwrap();
    open.execute("INSERT INTO published VALUES ('x', 1)", &[]).await.unwrap();
    let pool = service_kit::postgres::pool(&settings, "test").unwrap();
    let watch = |end_after| {
        let ages = WritersSettings { warn_after: Duration::ZERO, end_after };
        WriterWatch::new(pool.clone(), ages)
    };
    watch(None).look().await.unwrap();
    assert!(open.query_one("SELECT 1", &[]).await.is_ok(), "it was only warned of");
    watch(Some(Duration::from_hours(1))).look().await.unwrap();
    assert!(open.query_one("SELECT 1", &[]).await.is_ok(), "it is not that old");
    // Only this database's: others run tests beside this one.
    let pid: i32 = open.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let db = connect(&here.primary.admin).await;
    let rows = catalog_admin::store::epoch_writers::open_writers(&db).await.unwrap();
    let found = rows.iter().find(|row| row.pid == pid).unwrap();
    assert_eq!((found.database.as_str(), found.role.as_str()), (&*here.name, "vitrina_admin"));
    assert!(catalog_admin::store::epoch_writers::end_writer(&db, found).await.unwrap());
    eventually("its session is gone", async || open.query_one("SELECT 1", &[]).await.is_err())
        .await;
}

#[tokio::test]
async fn the_writers_of_other_roles_are_seen_too() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let mut writer = connect(&here.primary.superuser).await;
    let open = writer.transaction().await.unwrap();
    open.execute("INSERT INTO published VALUES ('x', 1)", &[]).await.unwrap();
    let db = connect(&here.primary.admin).await;
    let rows = catalog_admin::store::epoch_writers::open_writers(&db).await.unwrap();
    let found = rows.iter().find(|row| row.database == here.name).unwrap();
    assert_eq!(found.role, "postgres");
}

#[tokio::test]
async fn it_beats_while_a_migration_runs() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let mut holder = connect(&here.primary.admin).await;
    let hold = holder.transaction().await.unwrap();
    hold.batch_execute("LOCK TABLE refinery_schema_history").await.unwrap();
    let url = here.primary.admin.clone();
    let migrating = tokio::spawn(async move { schema::migrate(&url).await });
    let db = connect(&here.primary.superuser).await;
    let waits = "
        SELECT FROM pg_stat_activity
        WHERE datname = $1 AND application_name = 'vitrina-migrations' AND wait_event = 'relation'";
    eventually("it migrates", async || db.query_opt(waits, &[&here.name]).await.unwrap().is_some())
        .await;
    let _beat = Beating::start_every(&primary(&here), Duration::from_millis(20));
    wait_valid(&db).await;
    eventually("it beats", async || history(&db).await.beat >= 3).await;
    assert!(db.query_opt(waits, &[&here.name]).await.unwrap().is_some(), "it migrates still");
    hold.rollback().await.unwrap();
    assert_eq!(migrating.await.unwrap().unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn an_epoch_far_above_the_time_is_refused() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let begun = begin_epoch(&here).await;
    // In nanoseconds, by mistake; and what no clock can say.
    for above in [begun.0 * 1_000, u64::MAX] {
        let refused = begin_by_hand(&primary(&here), Epoch(above)).await.unwrap_err();
        assert!(refused.to_string().contains("microseconds"), "{refused}");
    }
    let db = connect(&here.primary.admin).await;
    assert_eq!(history(&db).await.epoch, begun.0);
}

#[tokio::test]
async fn an_epoch_begun_by_hand_waits_longer_for_the_beat_than_requests_may() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let mut settings = primary(&here);
    settings.pool.statement_timeout = Duration::from_millis(100);
    let mut holder = connect(&here.primary.admin).await;
    let hold = holder.transaction().await.unwrap();
    // The lock of whoever beats.
    hold.execute("SELECT pg_advisory_xact_lock($1)", &[&crate::outage::BEATING]).await.unwrap();
    let beginning = tokio::spawn(async move { begin_by_hand(&settings, Epoch::NONE).await });
    let db = connect(&here.primary.superuser).await;
    let waits = "
        SELECT FROM pg_stat_activity
        WHERE datname = $1 AND wait_event = 'advisory'
            AND clock_timestamp() - query_start > '300 ms'";
    eventually("it has waited longer", async || {
        assert!(!beginning.is_finished(), "it did not wait");
        db.query_opt(waits, &[&here.name]).await.unwrap().is_some()
    })
    .await;
    hold.rollback().await.unwrap();
    assert!(beginning.await.unwrap().unwrap() > Epoch::NONE);
}
