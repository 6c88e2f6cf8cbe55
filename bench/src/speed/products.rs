//! The products that are read.

use anyhow::ensure;
use devstack::Stack;
use rand::rngs::SmallRng;

use crate::load::Catalog;

/// Of ten products of the demonstration catalog at least so many are seen by storefronts; the others are
/// drafts, archived, or have their time before or behind them.
const SEEN_OF_TEN: usize = 8;

/// The products of the stack that storefronts see, of so many that it has at least.
pub(super) async fn seen(
    stack: &Stack,
    products: usize,
    random: &mut SmallRng,
) -> anyhow::Result<Catalog> {
    let catalog = Catalog::load(&stack.addresses().primary.admin, random).await?;
    let seen = catalog.len();
    ensure!(seen * 10 >= products * SEEN_OF_TEN, "only {seen} of {products} products are seen");
    Ok(catalog)
}
