use serde_json::{Value, json};

use crate::slug::{slug_of, slug_with};

const MEDIA: [&str; 8] = [
    "/media/0/url",
    "/media/1/url",
    "/media/2/url",
    "/media/3/url",
    "/media/4/url",
    "/media/5/url",
    "/media/6/url",
    "/media/7/url",
];

/// What a storefront must say of a product.
pub(super) struct Expected {
    pub(super) slug: String,
    pub(super) sku: String,
    /// The slug of its category.
    pub(super) category: String,
    /// By JSON Pointer.
    pub(super) fields: Vec<(&'static str, Value)>,
}

impl Expected {
    /// What of `said` is otherwise.
    pub(super) fn differences(&self, said: &Value) -> Vec<String> {
        let said_at = |pointer: &str| said.pointer(pointer).cloned().unwrap_or(Value::Null);
        let wrong = self.fields.iter().filter(|(pointer, value)| said_at(pointer) != *value);
        wrong
            .map(|(pointer, value)| {
                format!("{} {pointer}: is {}, not {value}", self.slug, said_at(pointer))
            })
            .collect()
    }
}

pub(super) fn of_dummyjson(source: &Value) -> Expected {
    let text = |name: &str| source[name].as_str().unwrap_or_default().to_owned();
    let measure = |value: &Value, unit: &str| json!({"value": value, "unit": unit});
    let sizes = &source["dimensions"];
    let mut fields = vec![
        ("/external_key", json!(format!("dummyjson-{}", source["id"]))),
        ("/name", source["title"].clone()),
        ("/description", source["description"].clone()),
        ("/brand", source["brand"].clone()),
        ("/categories/0/slug", source["category"].clone()),
        ("/attributes/discount_percentage", source["discountPercentage"].clone()),
        ("/attributes/rating", source["rating"].clone()),
        ("/attributes/tags", source["tags"].clone()),
        ("/attributes/weight", measure(&source["weight"], "g")),
        ("/attributes/width", measure(&sizes["width"], "cm")),
        ("/attributes/height", measure(&sizes["height"], "cm")),
        ("/attributes/depth", measure(&sizes["depth"], "cm")),
        ("/attributes/warranty", source["warrantyInformation"].clone()),
        ("/attributes/shipping", source["shippingInformation"].clone()),
        ("/attributes/availability_status", source["availabilityStatus"].clone()),
        ("/attributes/return_policy", source["returnPolicy"].clone()),
        ("/attributes/minimum_order_quantity", source["minimumOrderQuantity"].clone()),
        ("/attributes/source_created_at", source["meta"]["createdAt"].clone()),
        ("/attributes/source_updated_at", source["meta"]["updatedAt"].clone()),
        ("/variants/0/sku", source["sku"].clone()),
        ("/variants/0/barcode", source["meta"]["barcode"].clone()),
        ("/variants/0/price/amount", json!(cents(&source["price"]))),
        ("/variants/0/price/currency", json!("USD")),
        ("/variants/0/availability", availability(&source["stock"])),
    ];
    // The thumbnail stands after the images.
    let images = source["images"].as_array().into_iter().flatten();
    let all = images.chain([&source["thumbnail"]]);
    fields.extend(MEDIA.into_iter().zip(all.cloned()));
    Expected {
        slug: slug_with(&text("title"), &source["id"].to_string()),
        sku: text("sku"),
        category: text("category"),
        fields,
    }
}

pub(super) fn of_amazon(source: &Value) -> Expected {
    let source = &source["fields"];
    let text = |name: &str| source[name].as_str().unwrap_or_default();
    let key = format!("{}_{}", text("category"), source["id"]);
    let category = text("category").replace('_', " ");
    Expected {
        slug: slug_with(text("title"), &source["id"].to_string()),
        category: slug_of(&category),
        fields: vec![
            ("/external_key", json!(key)),
            ("/name", source["title"].clone()),
            ("/description", source["description"].clone()),
            ("/categories/0/name", json!(category)),
            ("/attributes/average_rating", source["average_rating"].clone()),
            ("/variants/0/sku", json!(key)),
            ("/variants/0/price/amount", source["price"].clone()),
            ("/variants/0/price/currency", json!("USD")),
            ("/variants/0/availability", availability(&source["quantity"])),
        ],
        sku: key,
    }
}

/// Rounded as a float, which is another way than the converter's.
fn cents(price: &Value) -> Option<u64> {
    let text = format!("{:.0}", price.as_f64()? * 100.0);
    text.parse().ok()
}

/// What shoppers see of stock, at the default threshold of five.
fn availability(stock: &Value) -> Value {
    json!(match stock.as_u64().unwrap_or_default() {
        0 => "out_of_stock",
        1..=5 => "few_left",
        _ => "in_stock",
    })
}
