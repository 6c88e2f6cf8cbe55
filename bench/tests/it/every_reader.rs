//! An edit reaches every reader, whichever way it was made.

use std::time::Duration;

use bench::load::{
    Acknowledged, Catalog, Editor, Judge, READ_LIMIT, Seen, Way, client, lost, watch,
};
use rand::{SeedableRng as _, rngs::SmallRng};

use crate::support::stack_with_catalog;

const BOUND: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_through_the_admin_service_or_with_psql_reaches_every_reader() {
    let stack = stack_with_catalog(50).await;
    let addresses = stack.addresses();
    let (client, judge) = (client(READ_LIMIT).unwrap(), Judge::new(BOUND));
    let editors = Editor::both(&addresses).await.unwrap();
    let mut random = SmallRng::seed_from_u64(1);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await.unwrap();
    for product in &catalog.products()[..5] {
        for editor in &editors {
            let edit = editor.edit(*product, &judge).await.unwrap();
            for address in &addresses.query {
                let seen = watch(&client, address, &judge, edit, PATIENCE).await;
                assert_ne!(seen, Seen::Never, "{address} never showed {edit:?}");
            }
        }
    }
    let counts = judge.tally.counts();
    assert_eq!((counts.beyond_bound, counts.wrong, counts.failed), (0, 0, 0), "{counts:?}");
    assert_eq!((counts.admin.acknowledged, counts.psql.acknowledged), (5, 5), "{counts:?}");
    assert_eq!(lost(&addresses.primary.admin, &judge.ledger).await.unwrap(), 0);
    assert_lost_edits_are_seen(&addresses.primary.admin, &judge).await;
}

/// An edit that nobody made, put into the ledger, is missed on the primary.
async fn assert_lost_edits_are_seen(primary: &str, judge: &Judge) {
    let real = judge.ledger.all(Way::Admin).pop().unwrap();
    let invented = Acknowledged { mark: "edit that was lost".to_owned(), ..real };
    judge.ledger.acknowledge(invented);
    // It has no revision, and its version was given to another edit.
    assert_eq!(lost(primary, &judge.ledger).await.unwrap(), 2);
}
