//! Whether a document can become a product: all that is wrong with it is told at once.

use std::collections::BTreeSet;

use catalog_core::document::RelationKind;
use serde_json::Value;
use uuid::Uuid;

use crate::blocking;
use crate::editing::reference::{Resolved, resolve};
use crate::error::{Error, Result};
use crate::field::{At, Fields, Wrong};
use crate::json;
use crate::product::{ProductInput, ValidProduct, parse};
use crate::store::{Table, Transaction, rules};

use super::rows::Rows;

/// A product of which everything has been checked.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) product: ValidProduct,
    /// Categories with positions in their listings.
    pub(super) memberships: Vec<(Uuid, i32)>,
    /// Other products, in order.
    pub(super) relations: Vec<(RelationKind, Uuid)>,
}

/// Checks a document for the product with this id, of which these are the rows so far.
pub(super) async fn examine(
    tx: &Transaction,
    id: Uuid,
    document: Value,
    current: Option<&Rows>,
) -> Result<Examined> {
    let rules = rules::load(tx).await?;
    let (mut fields, mentions, parsed) = blocking::run(move || {
        let mut fields = Fields::default();
        let input: ProductInput = json::read(document, &mut fields);
        let mentions = (input.categories_mentioned(), input.products_mentioned());
        let parsed = parse(input, &rules);
        fields.extend(parsed.as_ref().err().into_iter().flatten().cloned());
        (fields, mentions, parsed)
    })
    .await;
    let known = current.iter().flat_map(|rows| &rows.memberships).map(|row| row.category_id);
    let categories = resolve(tx, Table::Category, &mentions.0, known, &mut fields).await?;
    let known = current.iter().flat_map(|rows| &rows.relations).map(|row| row.related_id);
    let products = resolve(tx, Table::Product, &mentions.1, known, &mut fields).await?;
    let Ok(product) = parsed else {
        return Err(Error::Fields(fields.into_errors()));
    };
    let examined = Examined {
        memberships: memberships(&product, &categories, &mut fields),
        relations: relations(id, &product, &products, &mut fields),
        product,
    };
    fields.finish(examined).map_err(Error::Fields)
}

fn memberships(
    product: &ValidProduct,
    resolved: &Resolved,
    fields: &mut Fields,
) -> Vec<(Uuid, i32)> {
    let at = At::Root.member("categories");
    let mut named = BTreeSet::new();
    let mut memberships = Vec::with_capacity(product.categories.len());
    for (index, membership) in product.categories.iter().enumerate() {
        let Some(id) = resolved.get(&membership.category) else { continue };
        if !named.insert(id) {
            let detail = format!("names the category {id} again");
            fields.wrong(at.element(index), Wrong::Duplicate, detail);
        }
        memberships.push((id, membership.position));
    }
    memberships
}

fn relations(
    id: Uuid,
    product: &ValidProduct,
    resolved: &Resolved,
    fields: &mut Fields,
) -> Vec<(RelationKind, Uuid)> {
    let at = At::Root.member("relations");
    let mut relations = Vec::with_capacity(product.relations.len());
    for (index, relation) in product.relations.iter().enumerate() {
        let Some(other) = resolved.get(&relation.product) else { continue };
        if other == id {
            fields.wrong(at.element(index), Wrong::Range, "a product cannot point to itself");
        }
        if relations.contains(&(relation.kind, other)) {
            let detail = format!("names the product {other} again");
            fields.wrong(at.element(index), Wrong::Duplicate, detail);
        }
        relations.push((relation.kind, other));
    }
    relations
}
