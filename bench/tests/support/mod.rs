//! A stack with a catalog.

mod serving;

use std::collections::BTreeMap;

use devstack::TestStack;
use serving::serving;

/// A running stack of its own with a demonstration catalog of that many products.
pub(crate) async fn stack_with_catalog(products: u32) -> TestStack {
    stack_with(products, BTreeMap::new()).await
}

/// The same, with these settings of the services beside.
pub(crate) async fn stack_with(products: u32, settings: BTreeMap<String, String>) -> TestStack {
    let stack = Box::pin(TestStack::own_with(settings)).await.unwrap();
    serving(stack, products).await
}
