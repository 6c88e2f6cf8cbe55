//! Whether what was imported from the example data reads back as the source says: by slug, by SKU
//! and by category, through catalog-query, field by field, and the stock through catalog-admin.
//!
//! The source is read here anew, not through the converters, so that a mistake of theirs shows.
//! Only slugs are theirs: the sources have none. A product's is taken from what its SKU answers,
//! and must lead to the same product; a category's is made as the converter makes it.

mod expected;
mod reading;
mod stock;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufRead as _};
use std::path::Path;

use serde_json::Value;

use crate::convert::{Source, open};
use crate::loading::Loading;
use expected::Expected;
use reading::Storefront;
use stock::Stockroom;

/// How many products are compared.
const PRODUCTS: usize = 500;
/// How many differences are shown.
const SHOWN: usize = 20;

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

impl fmt::Display for Comparison {
    /// The counts in a sentence, and the first differences.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { products, categories, fields, differences } = self;
        write!(
            f,
            "{products} products and {categories} categories, {fields} fields compared: {} differ",
            differences.len()
        )?;
        differences.iter().take(SHOWN).try_for_each(|difference| write!(f, "\n  {difference}"))
    }
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
    /// catalog-query or catalog-admin does not answer.
    #[error("what was imported cannot be read: {0}")]
    Service(#[from] reqwest::Error),
}

/// Compares products of both sources and all categories in the folder `data` with what these
/// catalog-query processes, each asked in turn, and catalog-admin answer.
pub async fn verify(
    data: &Path,
    query: &[String],
    admin: &Loading,
) -> Result<Comparison, VerifyError> {
    let (storefront, stockroom) = (Storefront::new(query)?, Stockroom::new(admin)?);
    let mut done = Comparison::default();
    let products = sampled(data)?;
    let mut by_category: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for expected in &products {
        let slug = expected.category.as_str();
        if !by_category.contains_key(slug) {
            by_category.insert(slug, storefront.ids_in(slug).await?);
        }
        let differences =
            differences(expected, &storefront, &stockroom, &by_category[slug]).await?;
        done.products += 1;
        done.fields += expected.count() + 2;
        done.differences.extend(differences);
    }
    let file = Source::Bestbuy.find(data)?;
    let categories: Value = serde_json::from_reader(open(&file)?)?;
    tree::compare(&categories, &storefront.tree().await?, &mut done);
    Ok(done)
}

async fn differences(
    expected: &Expected,
    storefront: &Storefront,
    stockroom: &Stockroom<'_>,
    in_category: &BTreeSet<String>,
) -> Result<Vec<String>, VerifyError> {
    let Expected { sku, category, .. } = expected;
    let by_sku = storefront.product("by-sku", sku).await?;
    let (Some(id), Some(slug)) = (by_sku["id"].as_str(), by_sku["slug"].as_str()) else {
        return Ok(vec![format!("{sku}: no product has this SKU")]);
    };
    let mut differences = expected.differences(&by_sku);
    if storefront.product("by-slug", slug).await? != by_sku {
        differences.push(format!("{sku}: by its slug {slug} it is another than by SKU"));
    }
    if !in_category.contains(id) {
        differences.push(format!("{sku}: not in its category {category}"));
    }
    differences.extend(expected.stock_difference(&stockroom.of(id).await?));
    Ok(differences)
}

/// All products of one source, and as many of the other, evenly, as make 500.
fn sampled(data: &Path) -> Result<Vec<Expected>, VerifyError> {
    let few: Vec<Value> = serde_json::from_reader(open(&Source::Dummyjson.find(data)?)?)?;
    let mut products: Vec<Expected> = few.iter().map(expected::of_dummyjson).collect();
    let many: Vec<String> = open(&Source::Amazon.find(data)?)?.lines().collect::<Result<_, _>>()?;
    let wanted = PRODUCTS.saturating_sub(products.len()).max(1);
    for text in many.iter().step_by(many.len() / wanted).take(wanted) {
        products.push(expected::of_amazon(&serde_json::from_str(text)?));
    }
    Ok(products)
}
