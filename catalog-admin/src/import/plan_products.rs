//! What the product lines of a batch come to.

use std::collections::{HashMap, HashSet};

use catalog_core::document::{ProductDocument, RelationKind};
use uuid::Uuid;

use crate::product::ValidProduct;
use crate::store::import::{ProductRows, StockOfVariant};
use crate::value::ExternalKey;

use super::compare::is_same;
use super::line::LineError;
use super::names::{Made, Names};
use super::outcome::Outcome;
use super::reject;

const CATEGORY_ORDER: &str = "a category must stand before the products in it";
const PRODUCT_ORDER: &str = "a product must stand before those that point to it";

/// What the catalog has of the products that a batch is about.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) names: Names,
    /// Those that live.
    pub(super) documents: HashMap<Uuid, ProductDocument>,
    /// By variant and location.
    pub(super) stock: HashMap<(Uuid, String), i32>,
}

/// Goes through the product lines of a batch in order.
#[derive(Debug)]
pub(super) struct ProductPlan<'a> {
    pub(super) known: &'a Known,
    pub(super) categories: &'a Names,
    pub(super) made_categories: &'a Made,
    pub(super) made: Made,
    pub(super) rows: ProductRows<'a>,
}

/// A product with all that it refers to found.
#[derive(Debug)]
pub(super) struct Resolved<'a> {
    pub(super) product: &'a ValidProduct,
    pub(super) id: Uuid,
    /// Each variant's id, and whether there is no such variant yet.
    pub(super) variants: Vec<(Uuid, bool)>,
    /// Categories with positions.
    pub(super) memberships: Vec<(Uuid, i32)>,
    /// Products pointed to, in order.
    pub(super) relations: Vec<(RelationKind, Uuid)>,
}

impl<'a> ProductPlan<'a> {
    /// Decides what becomes of a line, and adds the rows that it takes.
    pub(super) fn add(
        &mut self,
        line: u64,
        product: &'a ValidProduct,
        target: Option<Uuid>,
    ) -> Outcome {
        let mut errors = self.taken(line, product, target);
        let memberships = self.memberships(line, product, &mut errors);
        let relations = self.relations(line, product, target, &mut errors);
        if !errors.is_empty() {
            return Outcome::Rejected(errors);
        }
        let document = target.and_then(|id| self.known.documents.get(&id));
        let id = target.unwrap_or_else(Uuid::now_v7);
        let variants = variant_ids(product, document);
        let resolved = Resolved { product, id, variants, memberships, relations };
        let stock = self.stock_to_set(&resolved);
        if let Some(document) = document
            && is_same(document, &resolved)
        {
            let is_stocked = stock.is_empty();
            self.rows.stock.extend(stock);
            return if is_stocked { Outcome::Unchanged } else { Outcome::Updated(id) };
        }
        let key = product.external_key.as_ref().map(ExternalKey::as_str);
        let skus = product.variants.iter().map(|variant| variant.sku.as_str());
        self.made.note(id, line, key, product.slug.as_str(), skus);
        self.rows.stock.extend(stock);
        resolved.add_rows(target.is_none(), document, &mut self.rows);
        if document.is_some() { Outcome::Updated(id) } else { Outcome::Created(id) }
    }

    fn taken(&self, line: u64, product: &ValidProduct, target: Option<Uuid>) -> Vec<LineError> {
        let names = &self.known.names;
        let slug = product.slug.as_str();
        let mut errors = Vec::new();
        if let Some(owner) = self.made.slug_owner(names, slug, line)
            && Some(owner.id) != target
        {
            errors.push(reject::taken("/slug", slug, "product", owner));
        }
        for (index, variant) in product.variants.iter().enumerate() {
            let sku = variant.sku.as_str();
            if let Some(owner) = self.made.sku_owner(names, sku, line)
                && Some(owner.id) != target
            {
                let pointer = format!("/variants/{index}/sku");
                errors.push(reject::taken(pointer, sku, "product", owner));
            }
        }
        errors
    }

    fn memberships(
        &self,
        line: u64,
        product: &ValidProduct,
        errors: &mut Vec<LineError>,
    ) -> Vec<(Uuid, i32)> {
        let mut found = Vec::with_capacity(product.categories.len());
        for (index, member) in product.categories.iter().enumerate() {
            let pointer = format!("/categories/{index}");
            match self.made_categories.find(self.categories, &member.category, line) {
                None => errors.push(reject::unknown(
                    &pointer,
                    "category",
                    &member.category,
                    CATEGORY_ORDER,
                )),
                Some(id) if found.iter().any(|(other, _)| *other == id) => {
                    errors.push(reject::twice(pointer, "category"));
                }
                Some(id) => found.push((id, member.position)),
            }
        }
        found
    }

    fn relations(
        &self,
        line: u64,
        product: &ValidProduct,
        target: Option<Uuid>,
        errors: &mut Vec<LineError>,
    ) -> Vec<(RelationKind, Uuid)> {
        let mut found = Vec::with_capacity(product.relations.len());
        let mut named = HashSet::new();
        for (index, relation) in product.relations.iter().enumerate() {
            let pointer = format!("/relations/{index}/product");
            let to = self.made.find(&self.known.names, &relation.product, line);
            match to {
                None => {
                    let given = &relation.product;
                    errors.push(reject::unknown(&pointer, "product", given, PRODUCT_ORDER));
                }
                Some(_) if to == target => {
                    let detail = "must be another product";
                    errors.push(LineError::new(pointer, "range", detail));
                }
                Some(id) if !named.insert((relation.kind, id)) => {
                    errors.push(reject::twice(pointer, "product"));
                }
                Some(id) => found.push((relation.kind, id)),
            }
        }
        found
    }

    /// Stock that is named and is not what there is.
    fn stock_to_set(&self, resolved: &Resolved<'a>) -> Vec<StockOfVariant<'a>> {
        let named = resolved.product.variants.iter().zip(&resolved.variants);
        let levels = named.flat_map(|(variant, (variant_id, _))| {
            variant.stock.iter().flatten().map(move |level| (*variant_id, level))
        });
        levels
            .filter(|(variant_id, level)| {
                let there = self.known.stock.get(&(*variant_id, level.location.clone()));
                there != Some(&level.quantity)
            })
            .map(|(variant_id, level)| StockOfVariant {
                product_id: resolved.id,
                variant_id,
                location: &level.location,
                quantity: level.quantity,
            })
            .collect()
    }
}

/// Variants are matched by SKU: those of the document keep their ids.
fn variant_ids(product: &ValidProduct, document: Option<&ProductDocument>) -> Vec<(Uuid, bool)> {
    let there = |sku: &str| {
        let variants = &document?.variants;
        variants.iter().find(|variant| variant.sku == sku).map(|variant| variant.id)
    };
    let ids = product.variants.iter().map(|variant| match there(variant.sku.as_str()) {
        Some(id) => (id, false),
        None => (Uuid::now_v7(), true),
    });
    ids.collect()
}
