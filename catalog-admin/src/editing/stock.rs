//! Stock: movements, and what there is.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::field::{At, FieldError, Fields, Wrong};
use crate::store::stock::{
    SkuRow, StockKey, StockLine, StockRow, add, ensure, find_skus, lock, of_product,
};
use crate::store::{Store, StoreError, Table, Transaction, revision, version};

use super::once::Once;
use super::product::Product;
use super::{Author, read, with_retries};

/// What an idempotency key for movements stands for, beside its caller.
pub const ROUTE: &str = "POST /v1/stock/movements";
const MOVED: i16 = 200;

/// Pieces that come or go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// Of which variant.
    pub sku: String,
    /// Where.
    pub location: String,
    /// How many come; negative: how many go.
    pub delta: i32,
}

/// The answer to movements.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// What there is after them, as it was answered the first time.
    pub body: Value,
    /// Whether this is the first answer again.
    pub replayed: bool,
}

/// Moves all of these, or, when one cannot be, none; once, if the request says so. `render` makes
/// the answer of how many there are now for each movement.
pub async fn move_stock(
    store: &Store,
    author: Author<'_>,
    movements: &[Movement],
    once: Option<&Once>,
    render: impl Fn(&[i32]) -> Value,
) -> Result<Moved> {
    with_retries(async || {
        let tx = store.begin().await?;
        let work = async {
            if let Some(once) = once
                && let Some(first) = once.begin(&tx, author.actor).await?
            {
                author.announce(&tx, None).await?;
                return Ok(Moved { body: first.body.unwrap_or_default(), replayed: true });
            }
            let body = render(&attempt(&tx, author, movements).await?);
            if let Some(once) = once {
                once.keep(&tx, author.actor, MOVED, None, &body).await?;
            }
            Ok(Moved { body, replayed: false })
        };
        let outcome = work.await;
        tx.end(outcome).await
    })
    .await
}

/// Products' versions are locked before stock, in the order of documents that set stock. Who held
/// one until then may have retired a variant, or given its SKU to another: it is looked at again.
async fn attempt(tx: &Transaction, author: Author<'_>, movements: &[Movement]) -> Result<Vec<i32>> {
    let variants = find_variants(tx, movements).await?;
    let mut products: Vec<Uuid> = variants.values().map(|row| row.product_id).collect();
    products.sort_unstable();
    products.dedup();
    version::lock_products(tx, &products).await?;
    if find_variants(tx, movements).await? != variants {
        return Err(Error::Overtaken);
    }
    let keys: Vec<StockKey> = movements
        .iter()
        .map(|movement| StockKey {
            variant_id: variants[movement.sku.as_str()].variant_id,
            location: movement.location.clone(),
        })
        .collect();
    ensure(tx, &keys).await?;
    let held = lock(tx, &keys).await?;
    let held: BTreeMap<StockKey, i64> =
        held.into_iter().map(|row| (row.key, i64::from(row.quantity))).collect();
    let after = after(&held, &keys, movements)?;
    let moved = after.iter().map(|(key, quantity)| StockRow {
        key: key.clone(),
        quantity: delta(*quantity, held.get(key).copied().unwrap_or_default()),
    });
    add(tx, &moved.collect::<Vec<_>>()).await?;
    revision::append(tx, Table::Product, &products, author.actor, "stock").await?;
    author.announce(tx, None).await?;
    Ok(keys.iter().map(|key| after[key]).collect())
}

fn delta(after: i32, before: i64) -> i32 {
    i32::try_from(i64::from(after) - before)
        .expect("both are from 0 to i32::MAX, so their difference is an i32")
}

/// The variants that bear the SKUs; those that none bears are told.
async fn find_variants<'a>(
    tx: &Transaction,
    movements: &'a [Movement],
) -> Result<BTreeMap<&'a str, SkuRow>> {
    let skus: Vec<&str> = movements.iter().map(|movement| movement.sku.as_str()).collect();
    let found: BTreeMap<String, SkuRow> =
        find_skus(tx, &skus).await?.into_iter().map(|row| (row.sku.clone(), row)).collect();
    let mut fields = Fields::default();
    let at = At::Root.member("movements");
    let mut variants = BTreeMap::new();
    for (index, sku) in skus.into_iter().enumerate() {
        if let Some(row) = found.get(sku) {
            variants.insert(sku, row.clone());
        } else {
            let detail = format!("there is no variant with the SKU `{sku}`");
            fields.wrong(at.element(index).member("sku"), Wrong::UnknownReference, detail);
        }
    }
    fields.finish(variants).map_err(Error::Fields)
}

/// How many there are of each after all movements; refused when that is below nothing.
fn after(
    held: &BTreeMap<StockKey, i64>,
    keys: &[StockKey],
    movements: &[Movement],
) -> Result<BTreeMap<StockKey, i32>> {
    let mut sums: BTreeMap<&StockKey, i64> = BTreeMap::new();
    let mut short = Vec::new();
    for (index, (key, movement)) in keys.iter().zip(movements).enumerate() {
        let before = held.get(key).copied().unwrap_or_default();
        let sum = sums.entry(key).or_insert(before);
        *sum += i64::from(movement.delta);
        if i32::try_from(*sum).is_err() || *sum < 0 {
            short.push(FieldError {
                pointer: format!("/movements/{index}/delta"),
                wrong: Wrong::Range,
                detail: format!("there are {before}, and would be {sum}"),
            });
        }
    }
    if !short.is_empty() {
        return Err(Error::StockShort(short));
    }
    let sums = sums.into_iter().map(|(key, sum)| Ok((key.clone(), i32::try_from(sum)?)));
    sums.collect::<Result<_, std::num::TryFromIntError>>()
        .map_err(|error| StoreError::Failed(error.into()).into())
}

/// The stock of a living product's variants.
pub async fn find(store: &Store, product: Uuid) -> Result<Vec<StockLine>> {
    let tx = store.begin().await?;
    let work = async {
        read::stored::<Product>(&tx, product).await?;
        Ok(of_product(&tx, product).await?)
    };
    let outcome = work.await;
    tx.end(outcome).await
}
