//! From what was sent to what is valid.

use std::collections::{BTreeSet, HashSet};

use catalog_core::document::{CatalogRules, Status};
use serde_json::Value;

use crate::field::{At, FieldError, Fields, Wrong};
use crate::json;
use crate::value::{
    ExternalKey, ReferenceInput, Slug, at_most, moment, optional_text, reference, required_text,
    translations, whole,
};

use super::attributes::attributes;
use super::media::media;
use super::variant::variants;
use super::{
    MembershipInput, ProductInput, RelationInput, ValidMembership, ValidProduct, ValidRelation,
};

const LONGEST_BRAND: usize = 200;
const LONGEST_OPTION: usize = 100;
const MOST_OPTIONS: usize = 20;
pub(super) const MOST_CATEGORIES: usize = 200;
pub(super) const MOST_RELATIONS: usize = 500;
const FEW_LEFT_THRESHOLD: i32 = 5;

/// Reads and parses a product; tells every field that is wrong, whether by its type or its value.
pub fn read(document: Value, rules: &CatalogRules) -> Result<ValidProduct, Vec<FieldError>> {
    let mut fields = Fields::default();
    let input: ProductInput = json::read(document, &mut fields);
    match parse(input, rules) {
        Ok(product) => fields.finish(product),
        Err(errors) => {
            fields.extend(errors);
            Err(fields.into_errors())
        }
    }
}

/// Parses a product that has been read; tells every field that is wrong.
pub fn parse(given: ProductInput, rules: &CatalogRules) -> Result<ValidProduct, Vec<FieldError>> {
    let mut fields = Fields::default();
    let product = product(given, rules, &mut fields);
    match product {
        Some(product) => fields.finish(product),
        None => Err(fields.into_errors()),
    }
}

fn product(given: ProductInput, rules: &CatalogRules, fields: &mut Fields) -> Option<ValidProduct> {
    let root = At::Root;
    let external_key =
        ExternalKey::optional(given.external_key, root.member("external_key"), fields);
    let slug = Slug::required(given.slug, root.member("slug"), fields);
    let brand = optional_text(given.brand, LONGEST_BRAND, root.member("brand"), fields);
    let options = options(given.options, root.member("options"), fields);
    let attributes = attributes(given.attributes, root.member("attributes"), fields);
    let threshold = root.member("few_left_threshold");
    let few_left_threshold =
        whole(given.few_left_threshold, 0, FEW_LEFT_THRESHOLD, threshold, fields);
    let publish_at = moment(given.publish_at, root.member("publish_at"), fields);
    let unpublish_at = moment(given.unpublish_at, root.member("unpublish_at"), fields);
    if let (Some(from), Some(until)) = (publish_at, unpublish_at)
        && from >= until
    {
        fields.wrong(root.member("unpublish_at"), Wrong::Range, "must be after publish_at");
    }
    let translations = translations(given.translations, rules, root.member("translations"), fields);
    let variants = variants(given.variants, &options, rules, root.member("variants"), fields);
    let categories = categories(given.categories, root.member("categories"), fields);
    let media = media(given.media, &variants, rules, root.member("media"), fields);
    let relations = relations(given.relations, root.member("relations"), fields);
    Some(ValidProduct {
        external_key,
        slug: slug?,
        status: given.status.unwrap_or(Status::Draft),
        brand,
        options,
        attributes,
        few_left_threshold,
        publish_at,
        unpublish_at,
        translations,
        variants,
        categories,
        media,
        relations,
    })
}

fn options(given: Option<Vec<String>>, at: At<'_>, fields: &mut Fields) -> Vec<String> {
    let given = at_most(given.unwrap_or_default(), MOST_OPTIONS, at, fields);
    let mut named = BTreeSet::new();
    for (index, name) in given.iter().enumerate() {
        let at = at.element(index);
        required_text(Some(name.clone()), LONGEST_OPTION, at, fields);
        if !named.insert(name) {
            fields.wrong(at, Wrong::Duplicate, format!("`{name}` is named before"));
        }
    }
    given
}

fn categories(
    given: Option<Vec<MembershipInput>>,
    at: At<'_>,
    fields: &mut Fields,
) -> Vec<ValidMembership> {
    let given = at_most(given.unwrap_or_default(), MOST_CATEGORIES, at, fields);
    let mut named = BTreeSet::new();
    let parsed = given.into_iter().enumerate().filter_map(|(index, given)| {
        let at = at.element(index);
        let position = whole(given.position, i32::MIN, 0, at.member("position"), fields);
        let MembershipInput { id, external_key, slug, position: _ } = given;
        let category = reference(ReferenceInput { id, external_key, slug }, at, fields)?;
        if !named.insert(category.clone()) {
            fields.wrong(at, Wrong::Duplicate, "the product is in this category already");
        }
        Some(ValidMembership { category, position })
    });
    parsed.collect()
}

fn relations(
    given: Option<Vec<RelationInput>>,
    at: At<'_>,
    fields: &mut Fields,
) -> Vec<ValidRelation> {
    let given = at_most(given.unwrap_or_default(), MOST_RELATIONS, at, fields);
    let mut named = HashSet::new();
    let parsed = given.into_iter().enumerate().filter_map(|(index, given)| {
        let at = at.element(index);
        if given.kind.is_none() {
            fields.wrong(at.member("kind"), Wrong::Required, "is required");
        }
        let product = reference(given.product.unwrap_or_default(), at.member("product"), fields);
        let (kind, product) = (given.kind?, product?);
        if !named.insert((kind, product.clone())) {
            fields.wrong(at, Wrong::Duplicate, "the product points there already");
        }
        Some(ValidRelation { kind, product })
    });
    parsed.collect()
}
