//! What nobody asks for any more goes.

use devstack::TestStack;

use crate::service::{Service, connect, wait_until};

#[tokio::test]
async fn old_imports_and_old_answers_are_removed() {
    let here = TestStack::shared().unwrap().isolated().await.unwrap();
    let db = connect(&here.primary.admin).await;
    db.batch_execute(
        "INSERT INTO import (id, actor, state, started_at, finished_at)
         SELECT gen_random_uuid(), 'a', 'finished', now() - age, now() - age
         FROM unnest(ARRAY ['31 days'::interval, '29 days']) AS age;
         INSERT INTO import (id, actor, started_at)
         VALUES ('00000000-0000-4000-8000-000000000001', 'gone', now() - interval '31 days');
         INSERT INTO import_error
         SELECT id, 1, '', 'taken', 'd' FROM import;
         INSERT INTO idempotency_key (key, actor, route, request_hash, status, created_at)
         SELECT 'k-' || age, 'a', 'r', '', 201, now() - age
         FROM unnest(ARRAY ['25 hours'::interval, '23 hours']) AS age",
    )
    .await
    .unwrap();
    let _service = Service::start_on(here, &[]).await;
    wait_until("they are gone", async || {
        let left = "
            SELECT (SELECT count(*) FROM import), (SELECT count(*) FROM import_error),
                (SELECT count(*) FROM idempotency_key),
                (SELECT count(*) FROM import WHERE state = 'failed')";
        let row = db.query_one(left, &[]).await.unwrap();
        [0, 1, 2, 3].map(|place| row.get::<_, i64>(place)) == [2, 2, 1, 1]
    })
    .await;
}
