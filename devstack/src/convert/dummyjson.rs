//! 194 products in 24 categories, with prices in decimals.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::Number;
use serde_json::value::RawValue;

use super::ConvertError;
use super::decimal::minor_units;
use crate::line::{
    Attribute, CategoryLine, Line, MediaLine, Membership, PriceLine, ProductLine, Reference,
    StockLine, Translation, Translations, VariantLine,
};
use crate::slug::slug_with;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    id: u32,
    title: String,
    description: String,
    category: String,
    /// In dollars; as text, so that no float rounds it.
    price: Box<RawValue>,
    discount_percentage: Number,
    rating: Number,
    stock: u32,
    tags: Vec<String>,
    brand: Option<String>,
    sku: String,
    weight: Number,
    dimensions: Dimensions,
    warranty_information: String,
    shipping_information: String,
    availability_status: String,
    return_policy: String,
    minimum_order_quantity: Number,
    meta: Meta,
    images: Vec<String>,
    thumbnail: String,
}

#[derive(Deserialize)]
struct Dimensions {
    width: Number,
    height: Number,
    depth: Number,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    created_at: String,
    updated_at: String,
    barcode: String,
}

pub(super) fn convert(input: impl BufRead, out: &mut impl Write) -> Result<u64, ConvertError> {
    let products: Vec<Product> = serde_json::from_reader(input)
        .map_err(|source| ConvertError::Shape { place: "the document".to_owned(), source })?;
    let names: BTreeSet<&str> = products.iter().map(|product| product.category.as_str()).collect();
    let written = names.len() + products.len();
    for (position, name) in names.into_iter().enumerate() {
        Line::from(category(name, position)).write(out)?;
    }
    for product in products {
        Line::from(product_line(product)?).write(out)?;
    }
    Ok(written as u64)
}

fn category(slug: &str, position: usize) -> CategoryLine {
    CategoryLine {
        external_key: category_key(slug),
        slug: slug.to_owned(),
        parent: None,
        position,
        translations: Translations::from([("en", Translation::named(category_name(slug)))]),
    }
}

fn category_key(slug: &str) -> String {
    format!("dummyjson-{slug}")
}

/// `skin-care` as a person reads it: Skin care.
fn category_name(slug: &str) -> String {
    let words = slug.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn product_line(product: Product) -> Result<ProductLine, ConvertError> {
    let amount = minor_units(product.price.get(), 2).ok_or_else(|| ConvertError::Price {
        place: format!("product {}", product.id),
        text: product.price.get().to_owned(),
    })?;
    Ok(ProductLine {
        external_key: format!("dummyjson-{}", product.id),
        // Two products have one title.
        slug: slug_with(&product.title, &product.id.to_string()),
        status: "active",
        options: Vec::new(),
        few_left_threshold: None,
        publish_at: None,
        unpublish_at: None,
        variants: vec![VariantLine {
            sku: product.sku.clone(),
            barcode: Some(product.meta.barcode.clone()),
            options: BTreeMap::new(),
            prices: vec![PriceLine::web("USD", amount)],
            stock: vec![StockLine { location: "main", quantity: product.stock }],
        }],
        categories: vec![Membership {
            category: Reference::to(category_key(&product.category)),
            position: product.id,
        }],
        media: product.images.iter().chain([&product.thumbnail]).map(|url| picture(url)).collect(),
        relations: Vec::new(),
        brand: product.brand.clone(),
        translations: Translations::from([(
            "en",
            Translation { name: product.title.clone(), description: product.description.clone() },
        )]),
        attributes: attributes(product),
    })
}

/// The images in order, and the thumbnail last.
fn picture(url: &str) -> MediaLine {
    MediaLine { url: url.to_owned(), alt: BTreeMap::new(), variant_sku: None }
}

/// The source states no units: centimetres and grams are what its numbers look like.
fn attributes(product: Product) -> BTreeMap<&'static str, Attribute> {
    let measure = |value, unit| Attribute::Measure { value, unit };
    BTreeMap::from([
        ("discount_percentage", Attribute::Number(product.discount_percentage)),
        ("rating", Attribute::Number(product.rating)),
        ("minimum_order_quantity", Attribute::Number(product.minimum_order_quantity)),
        ("tags", Attribute::List(product.tags)),
        ("weight", measure(product.weight, "g")),
        ("width", measure(product.dimensions.width, "cm")),
        ("height", measure(product.dimensions.height, "cm")),
        ("depth", measure(product.dimensions.depth, "cm")),
        ("warranty", Attribute::Text(product.warranty_information)),
        ("shipping", Attribute::Text(product.shipping_information)),
        ("availability_status", Attribute::Text(product.availability_status)),
        ("return_policy", Attribute::Text(product.return_policy)),
        ("source_created_at", Attribute::Text(product.meta.created_at)),
        ("source_updated_at", Attribute::Text(product.meta.updated_at)),
    ])
}
