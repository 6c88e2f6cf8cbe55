//! One batch in one transaction.

use catalog_core::key::Kind;
use uuid::Uuid;

use crate::store::import::{self as rows, CategoryRows, ProductRows};
use crate::store::lookup::{self, Found, Wanted};
use crate::store::{StoreError, Table, Transaction, revision};
use crate::value::{ExternalKey, Reference};

use super::identity::{Identities, Keys};
use super::line::{Line, Record};
use super::names::{Made, Names};
use super::outcome::{Outcome, Outcomes};
use super::plan_categories::CategoryPlan;
use super::plan_products::{Known, ProductPlan};

/// Why a batch could not be loaded as a whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum BatchError {
    /// Who has which key changed between looking and locking.
    #[error("others changed the same things at the same moment")]
    Moved,
    /// The import does not run any more.
    #[error("the import has been settled")]
    Settled,
    /// The primary said no, or nothing.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a batch has come to.
#[derive(Debug)]
pub(super) struct Loaded {
    /// How many of the lines are done; the rest is for another batch.
    pub(super) lines: usize,
    pub(super) outcomes: Outcomes,
}

/// Loads as many of the first lines as can be loaded together.
pub(super) async fn load(
    tx: &Transaction,
    lines: &[Line],
    actor: &str,
) -> Result<Loaded, BatchError> {
    if lines.iter().any(|line| line.content.is_ok()) {
        rows::prepare(tx).await?;
    }
    let keys = keys(tx, lines).await?;
    let identities = Identities::of(lines, &keys);
    let lines = &lines[..identities.together];
    lock(tx, lines, &identities).await?;
    let mut outcomes = Outcomes::default();
    if lines.iter().any(|line| line.content.is_ok()) {
        write(tx, lines, &identities, keys, actor, &mut outcomes).await?;
    }
    for line in lines {
        if let Err(errors) = &line.content {
            outcomes.add(line.number, Outcome::Rejected(errors.clone()));
        }
    }
    Ok(Loaded { lines: lines.len(), outcomes })
}

/// Locks what is there already, categories before products, then looks again whether the lines
/// still are about the same.
async fn lock(tx: &Transaction, lines: &[Line], of: &Identities) -> Result<(), BatchError> {
    rows::lock_versions(tx, Kind::Category, &of.categories).await?;
    rows::lock_versions(tx, Kind::Product, &of.products).await?;
    if of.targets.is_empty() || Identities::of(lines, &keys(tx, lines).await?) == *of {
        return Ok(());
    }
    Err(BatchError::Moved)
}

async fn keys(tx: &Transaction, lines: &[Line]) -> Result<Keys, StoreError> {
    let (mut product_keys, mut skus, mut category_keys) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        match &line.content {
            Ok(Record::Product(product)) => {
                product_keys.extend(product.external_key.as_ref().map(ExternalKey::as_str));
                skus.extend(product.variants.iter().map(|variant| variant.sku.as_str()));
            }
            Ok(Record::Category(category)) => {
                category_keys.extend(category.external_key.as_ref().map(ExternalKey::as_str));
            }
            Err(_) => {}
        }
    }
    let (skus, keyless) = rows::products_by_sku(tx, &skus).await?;
    Ok(Keys {
        products: rows::products_by_key(tx, &product_keys).await?,
        skus,
        keyless,
        categories: rows::categories_by_key(tx, &category_keys).await?,
    })
}

async fn write(
    tx: &Transaction,
    lines: &[Line],
    identities: &Identities,
    keys: Keys,
    actor: &str,
    outcomes: &mut Outcomes,
) -> Result<(), StoreError> {
    let (wanted_products, wanted_categories) = wanted(lines);
    let categories = Names::new(found(Table::Category, tx, &wanted_categories).await?, [].into());
    let documents = rows::category_documents(tx, &identities.categories).await?;
    let mut plan = CategoryPlan {
        names: &categories,
        documents: &documents,
        made: Made::default(),
        rows: CategoryRows::default(),
    };
    for line in lines {
        if let Ok(Record::Category(category)) = &line.content {
            let target = identities.targets.get(&line.number).copied();
            outcomes.add(line.number, plan.add(line.number, category, target));
        }
    }
    rows::merge_categories(tx, &plan.rows).await?;
    let written: Vec<Uuid> = plan.rows.categories.iter().map(|row| row.id).collect();
    revision::append(tx, Table::Category, &written, actor, "import").await?;

    let known = Known {
        names: Names::new(found(Table::Product, tx, &wanted_products).await?, keys.skus),
        documents: rows::product_documents(tx, &identities.products).await?,
        stock: rows::stock(tx, &identities.products).await?,
    };
    let mut plan = ProductPlan {
        known: &known,
        categories: &categories,
        made_categories: &plan.made,
        made: Made::default(),
        rows: ProductRows::default(),
    };
    let mut written = Vec::new();
    for line in lines {
        if let Ok(Record::Product(product)) = &line.content {
            let target = identities.targets.get(&line.number).copied();
            let outcome = plan.add(line.number, product, target);
            if let Outcome::Created(id) | Outcome::Updated(id) = outcome {
                written.push(id);
            }
            outcomes.add(line.number, outcome);
        }
    }
    if !written.is_empty() {
        rows::merge_products(tx, &plan.rows).await?;
        revision::append(tx, Table::Product, &written, actor, "import").await?;
    }
    Ok(())
}

/// Asks only when there is something to ask.
async fn found(of: Table, tx: &Transaction, wanted: &Wanted) -> Result<Vec<Found>, StoreError> {
    let Wanted { ids, external_keys, slugs } = wanted;
    if ids.is_empty() && external_keys.is_empty() && slugs.is_empty() {
        return Ok(Vec::new());
    }
    lookup::living(tx, of, wanted).await
}

/// Products and categories that the lines refer to, or whose slugs they want.
fn wanted(lines: &[Line]) -> (Wanted, Wanted) {
    let (mut products, mut categories) = (Wanted::default(), Wanted::default());
    for line in lines {
        match &line.content {
            Ok(Record::Product(product)) => {
                products.slugs.push(product.slug.to_string());
                product.relations.iter().for_each(|to| want(&mut products, &to.product));
                product.categories.iter().for_each(|of| want(&mut categories, &of.category));
            }
            Ok(Record::Category(category)) => {
                categories.slugs.push(category.slug.to_string());
                category.parent.iter().for_each(|parent| want(&mut categories, parent));
            }
            Err(_) => {}
        }
    }
    for wanted in [&mut products, &mut categories] {
        tidy(&mut wanted.ids);
        tidy(&mut wanted.external_keys);
        tidy(&mut wanted.slugs);
    }
    (products, categories)
}

fn want(wanted: &mut Wanted, reference: &Reference) {
    match reference {
        Reference::Id(id) => wanted.ids.push(*id),
        Reference::ExternalKey(key) => wanted.external_keys.push(key.to_string()),
        Reference::Slug(slug) => wanted.slugs.push(slug.to_string()),
    }
}

/// A thousand products of a category ask for it once.
fn tidy<T: Ord>(values: &mut Vec<T>) {
    values.sort_unstable();
    values.dedup();
}
