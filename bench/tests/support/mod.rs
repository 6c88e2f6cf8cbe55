//! A stack with a catalog.

use std::io::Write;

use devstack::{Progress, TestStack, demo::DemoCatalog, loading::Loading};

/// A running stack of its own with a demonstration catalog of that many products.
pub(crate) async fn stack_with_catalog(products: u32) -> TestStack {
    let stack = Box::pin(TestStack::own()).await.unwrap();
    stack.start_services(Progress::Silent).await.unwrap();
    stack.issue_token().await.unwrap();
    let addresses = stack.addresses();
    let token = std::fs::read_to_string(&addresses.editor_token).unwrap();
    let date = DemoCatalog::DATE.parse().unwrap();
    let catalog = DemoCatalog { products, seed: DemoCatalog::SEED, date };
    let produce = move |mut out: &mut dyn Write| catalog.write(&mut out);
    let loading = Loading { admin: addresses.admin, token };
    let loaded = loading.load(produce, |_| ()).await.unwrap();
    assert_eq!(loaded.rejected, 0, "{loaded:?}");
    stack
}
