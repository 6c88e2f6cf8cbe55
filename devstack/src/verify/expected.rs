use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::slug::slug_of;

/// What must be said of a product.
pub(super) struct Expected {
    /// Of its one variant.
    pub(super) sku: String,
    /// The slug of its category.
    pub(super) category: String,
    /// What a storefront says, by JSON Pointer.
    pub(super) fields: Vec<(&'static str, Value)>,
    /// The addresses of all its media, in order.
    pub(super) media: Vec<Value>,
    /// How many pieces there are.
    pub(super) stock: i64,
}

impl Expected {
    /// How many fields are compared.
    pub(super) fn count(&self) -> usize {
        let media_and_stock = self.media.len() + 1;
        self.fields.len() + media_and_stock
    }

    /// What a storefront says otherwise.
    pub(super) fn differences(&self, said: &Value) -> Vec<String> {
        let said_at = |pointer: &str| said.pointer(pointer).cloned().unwrap_or(Value::Null);
        let wrong = self.fields.iter().filter(|(pointer, value)| said_at(pointer) != *value);
        let mut differences: Vec<String> = wrong
            .map(|(pointer, value)| {
                format!("{} {pointer}: is {}, not {value}", self.sku, said_at(pointer))
            })
            .collect();
        let media = said["media"].as_array().into_iter().flatten();
        let media: Vec<Value> = media.map(|one| one["url"].clone()).collect();
        if media != self.media {
            differences.push(format!(
                "{} /media: are {}, not {}",
                self.sku,
                Value::from(media),
                Value::from(self.media.clone())
            ));
        }
        differences
    }

    /// What stock there is otherwise: the pieces of each variant, by SKU.
    pub(super) fn stock_difference(&self, said: &BTreeMap<String, i64>) -> Option<String> {
        let expected = BTreeMap::from([(self.sku.clone(), self.stock)]);
        (*said != expected).then(|| format!("{} stock: is {said:?}, not {expected:?}", self.sku))
    }
}

pub(super) fn of_dummyjson(source: &Value) -> Expected {
    let text = |name: &str| source[name].as_str().unwrap_or_default().to_owned();
    let measure = |value: &Value, unit: &str| json!({"value": value, "unit": unit});
    let sizes = &source["dimensions"];
    let fields = vec![
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
    Expected {
        sku: text("sku"),
        category: text("category"),
        fields,
        media: images.chain([&source["thumbnail"]]).cloned().collect(),
        stock: source["stock"].as_i64().unwrap_or_default(),
    }
}

pub(super) fn of_amazon(source: &Value) -> Expected {
    let source = &source["fields"];
    let text = |name: &str| source[name].as_str().unwrap_or_default();
    let key = format!("{}_{}", text("category"), source["id"]);
    let category = text("category").replace('_', " ");
    Expected {
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
        media: Vec::new(),
        stock: source["quantity"].as_i64().unwrap_or_default(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn expected() -> Expected {
        Expected {
            sku: "a".to_owned(),
            category: String::new(),
            fields: vec![("/name", json!("Teapot"))],
            media: vec![json!("one"), json!("two")],
            stock: 7,
        }
    }

    #[test]
    fn a_missing_or_surplus_picture_and_another_name_are_differences() {
        let said = |name: &str, media: &[&str]| {
            let media: Vec<Value> = media.iter().map(|url| json!({"url": url})).collect();
            json!({"name": name, "media": media})
        };
        for (said, differences) in [
            (said("Teapot", &["one", "two"]), 0),
            (said("Teapot", &["one"]), 1),
            (said("Teapot", &["one", "two", "three"]), 1),
            (said("Kettle", &["two", "one"]), 2),
            (Value::Null, 2),
        ] {
            assert_eq!(expected().differences(&said).len(), differences, "{said}");
        }
    }

    #[test]
    fn other_pieces_are_a_difference_even_when_shoppers_see_none() {
        let said = |sku: &str, pieces| BTreeMap::from([(sku.to_owned(), pieces)]);
        assert_eq!(expected().stock_difference(&said("a", 7)), None);
        for wrong in [said("a", 8), said("b", 7), BTreeMap::new()] {
            assert!(expected().stock_difference(&wrong).is_some(), "{wrong:?}");
        }
    }
}
