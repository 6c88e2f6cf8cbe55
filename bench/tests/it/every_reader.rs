//! An edit reaches every reader, whichever way it was made.

use std::time::Duration;

use bench::load::{AdminEditor, Catalog, Judge, PsqlEditor, Seen, client, watch};
use rand::{SeedableRng as _, rngs::SmallRng};

use crate::support::stack_with_catalog;

const BOUND: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_through_the_admin_service_or_with_psql_reaches_every_reader() {
    let stack = stack_with_catalog(50).await;
    let addresses = stack.addresses();
    let (client, judge) = (client().unwrap(), Judge::new(BOUND));
    let token = &addresses.editor_token;
    let admin = AdminEditor::new(client.clone(), addresses.admin.clone(), token, judge.clone());
    let (admin, psql) = (
        admin.await.unwrap(),
        PsqlEditor { url: addresses.primary.admin.clone(), judge: judge.clone() },
    );
    let mut random = SmallRng::seed_from_u64(1);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await.unwrap();
    for product in &catalog.products()[..5] {
        for edit in [admin.edit(*product).await.unwrap(), psql.edit(*product).await.unwrap()] {
            for address in &addresses.query {
                let shown = (edit.product, edit.version);
                let patience = Duration::from_secs(10);
                let seen =
                    watch(&client, address, &judge, shown, edit.acknowledged_at, patience).await;
                assert_ne!(seen, Seen::Never, "{address} never showed {edit:?}");
            }
        }
    }
    let counts = judge.tally.counts();
    assert_eq!((counts.beyond_bound, counts.wrong, counts.failed), (0, 0, 0), "{counts:?}");
}
