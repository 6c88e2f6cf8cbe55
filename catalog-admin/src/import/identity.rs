//! Which thing of the catalog each line is about, and how far a batch can go.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::product::ValidProduct;
use crate::value::ExternalKey;

use super::line::{Line, Record};

/// Who has which external key or SKU.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    /// Products by external key, deleted ones too.
    pub(crate) products: HashMap<String, Uuid>,
    /// Products by the SKUs of their variants.
    pub(crate) skus: HashMap<String, Uuid>,
    /// Those of them that have no external key.
    pub(crate) keyless: HashSet<Uuid>,
    /// Categories by external key, deleted ones too.
    pub(crate) categories: HashMap<String, Uuid>,
}

/// What the lines of a batch are about.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Identities {
    /// The existing product or category of each line that has one.
    pub(crate) targets: HashMap<u64, Uuid>,
    /// The products among them.
    pub(crate) products: Vec<Uuid>,
    /// The categories among them.
    pub(crate) categories: Vec<Uuid>,
    /// How many lines can be loaded together: none of them is about what another is about.
    pub(crate) together: usize,
}

impl Identities {
    /// Goes through the lines until one is about the same thing as an earlier one.
    pub(crate) fn of(lines: &[Line], keys: &Keys) -> Self {
        let mut found = Self::default();
        let mut seen = Seen::default();
        for line in lines {
            let fresh = match &line.content {
                Ok(Record::Product(product)) => {
                    let target = product_target(product, keys);
                    seen.product(product, target).then(|| found.add_product(line.number, target))
                }
                Ok(Record::Category(category)) => {
                    let key = category.external_key.as_ref().map(ExternalKey::as_str);
                    let target = key.and_then(|key| keys.categories.get(key)).copied();
                    seen.category(key, target).then(|| found.add_category(line.number, target))
                }
                Err(_) => Some(()),
            };
            if fresh.is_none() {
                break;
            }
            found.together += 1;
        }
        found
    }

    fn add_product(&mut self, line: u64, target: Option<Uuid>) {
        if let Some(id) = target {
            self.targets.insert(line, id);
            self.products.push(id);
        }
    }

    fn add_category(&mut self, line: u64, target: Option<Uuid>) {
        if let Some(id) = target {
            self.targets.insert(line, id);
            self.categories.push(id);
        }
    }
}

/// By its external key, else by the first of its SKUs that a variant has. One that has another key is
/// another product, whatever its SKUs.
fn product_target(product: &ValidProduct, keys: &Keys) -> Option<Uuid> {
    let by_sku = || product.variants.iter().find_map(|v| keys.skus.get(v.sku.as_str())).copied();
    match &product.external_key {
        Some(key) => keys
            .products
            .get(key.as_str())
            .copied()
            .or_else(|| by_sku().filter(|id| keys.keyless.contains(id))),
        None => by_sku(),
    }
}

/// What the lines so far are about.
#[derive(Debug, Default)]
struct Seen<'a> {
    ids: HashSet<Uuid>,
    product_keys: HashSet<&'a str>,
    category_keys: HashSet<&'a str>,
    skus: HashSet<&'a str>,
    /// Those of lines without a key: a later line with a new key may mean their product.
    keyless_skus: HashSet<&'a str>,
}

impl<'a> Seen<'a> {
    /// Whether no earlier line is about this product; then it is noted.
    fn product(&mut self, product: &'a ValidProduct, target: Option<Uuid>) -> bool {
        let skus = product.variants.iter().map(|variant| variant.sku.as_str());
        let fresh = target.is_none_or(|id| self.ids.insert(id))
            && match &product.external_key {
                Some(key) => {
                    self.product_keys.insert(key.as_str())
                        && skus.clone().all(|sku| !self.keyless_skus.contains(sku))
                }
                None => skus.clone().all(|sku| !self.skus.contains(sku)),
            };
        if fresh {
            self.skus.extend(skus.clone());
            if product.external_key.is_none() {
                self.keyless_skus.extend(skus);
            }
        }
        fresh
    }

    fn category(&mut self, key: Option<&'a str>, target: Option<Uuid>) -> bool {
        target.is_none_or(|id| self.ids.insert(id))
            && key.is_none_or(|key| self.category_keys.insert(key))
    }
}
