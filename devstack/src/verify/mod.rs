//! Whether what was imported from the example data reads back as the source says: by slug, by SKU
//! and by category, through catalog-query, field by field. The source is read here anew, not
//! through the converters, so that a mistake of theirs shows.

mod expected;
mod reading;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead as _};
use std::path::Path;

use serde_json::Value;

use crate::convert::open;
use expected::Expected;
use reading::Storefront;

/// How many products are compared.
const PRODUCTS: usize = 500;

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Products that were compared.
    pub products: usize,
    /// Categories that were compared.
    pub categories: usize,
    /// Fields that were compared.
    pub fields: usize,
    /// What differs, each in a sentence.
    pub differences: Vec<String>,
}

/// A comparison that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The source cannot be read.
    #[error("the source cannot be read: {0}")]
    Source(#[from] io::Error),
    /// The source is not what it should be.
    #[error("the source has another form: {0}")]
    Form(#[from] serde_json::Error),
    /// catalog-query does not answer.
    #[error("catalog-query cannot be read: {0}")]
    Query(#[from] reqwest::Error),
}

/// Compares products of both sources and all categories in the folder `data` with what these
/// catalog-query processes answer, each asked in turn.
pub async fn verify(data: &Path, query: &[String]) -> Result<Comparison, VerifyError> {
    let storefront = Storefront::new(query)?;
    let mut done = Comparison::default();
    let products = sampled(data)?;
    let mut by_category: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for expected in &products {
        let slug = &expected.category;
        if !by_category.contains_key(slug.as_str()) {
            by_category.insert(slug, storefront.ids_in(slug).await?);
        }
        compare(expected, &storefront, &by_category[slug.as_str()], &mut done).await?;
    }
    let categories: Value = serde_json::from_reader(open(&data.join("bestbuy-categories.json"))?)?;
    tree::compare(&categories, &storefront.tree().await?, &mut done);
    Ok(done)
}

async fn compare(
    expected: &Expected,
    storefront: &Storefront,
    in_category: &BTreeSet<String>,
    done: &mut Comparison,
) -> Result<(), VerifyError> {
    let by_slug = storefront.product("by-slug", &expected.slug).await?;
    let by_sku = storefront.product("by-sku", &expected.sku).await?;
    done.products += 1;
    done.fields += expected.fields.len() + 2;
    done.differences.extend(expected.differences(&by_slug));
    if by_slug != by_sku {
        done.differences.push(format!("{}: by SKU it is another than by slug", expected.slug));
    }
    if by_slug["id"].as_str().is_none_or(|id| !in_category.contains(id)) {
        let difference = format!("{}: not in its category {}", expected.slug, expected.category);
        done.differences.push(difference);
    }
    Ok(())
}

/// All products of one source, and as many of the other, evenly, as make 500.
fn sampled(data: &Path) -> Result<Vec<Expected>, VerifyError> {
    let few: Vec<Value> = serde_json::from_reader(open(&data.join("dummyjson-products.json"))?)?;
    let mut products: Vec<Expected> = few.iter().map(expected::of_dummyjson).collect();
    let many: Vec<String> =
        open(&data.join("amazon-products-24576.jsonl.zst"))?.lines().collect::<Result<_, _>>()?;
    let wanted = PRODUCTS.saturating_sub(products.len()).max(1);
    for text in many.iter().step_by(many.len() / wanted).take(wanted) {
        products.push(expected::of_amazon(&serde_json::from_str(text)?));
    }
    Ok(products)
}
