use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::*;

fn made(products: u32, seed: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let date = DemoCatalog::DATE.parse().expect("the default date is RFC 3339");
    DemoCatalog { products, seed, date }.write(&mut bytes).expect("writing to memory");
    bytes
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("each line is JSON"))
        .collect()
}

/// A change of this hash is a change of the demonstration catalog, everywhere.
#[test]
fn the_same_seed_gives_the_same_bytes() {
    let bytes = made(2_500, DemoCatalog::SEED);
    assert_eq!(bytes, made(2_500, DemoCatalog::SEED));
    assert_ne!(bytes, made(2_500, 2));
    let hash =
        Sha256::digest(&bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    insta::assert_snapshot!(hash, @"d0fb42f89ed05146fee19f41ddabbe3a42d27e04d9193e1be73d4bb9d25d59df");
}

#[test]
fn a_smaller_catalog_is_the_beginning_of_a_greater_one() {
    assert!(made(1_500, 7).starts_with(&made(1_200, 7)));
}

#[test]
fn what_a_smaller_catalog_lacks_of_a_greater_one_can_be_made_alone() {
    let date = DemoCatalog::DATE.parse().expect("the default date is RFC 3339");
    let greater = DemoCatalog { products: 3_500, seed: 7, date };
    let mut rest = Vec::new();
    greater.write_from(2_000, &mut rest).expect("writing to memory");
    let categories = made(0, 7);
    let smaller = made(2_000, 7);
    let products = rest.strip_prefix(&categories[..]).expect("it begins with the categories");
    assert_eq!([&smaller[..], products].concat(), made(3_500, 7));
}

#[test]
fn keys_slugs_and_skus_are_unique_and_references_point_backwards() {
    let mut keys = BTreeSet::new();
    let mut slugs = BTreeSet::new();
    let mut skus = BTreeSet::new();
    for line in lines(&made(3_000, 11)) {
        for relation in line["relations"].as_array().into_iter().flatten() {
            assert!(keys.contains(&relation["product"]["external_key"].to_string()), "{line}");
        }
        for category in line["categories"].as_array().into_iter().flatten() {
            assert!(keys.contains(&category["external_key"].to_string()), "{line}");
        }
        assert!(keys.insert(line["external_key"].to_string()), "{line}");
        assert!(slugs.insert((line["kind"].to_string(), line["slug"].to_string())), "{line}");
        for variant in line["variants"].as_array().into_iter().flatten() {
            assert!(skus.insert(variant["sku"].to_string()), "{line}");
        }
    }
}

#[test]
fn the_catalog_has_what_a_shop_has() {
    let all = lines(&made(2_000, 1));
    let products: Vec<&Value> = all.iter().filter(|line| line["kind"] == "product").collect();
    let share = |holds: &dyn Fn(&Value) -> bool| {
        products.iter().filter(|product| holds(product)).count() * 100 / products.len()
    };
    assert_eq!(products.len(), 2_000);
    assert!(share(&|p| p["status"] == "active") > 85);
    assert!(share(&|p| p["variants"].as_array().is_some_and(|all| all.len() > 1)) > 50);
    assert!(share(&|p| p["variants"][0]["prices"].to_string().contains("valid_until")) > 5);
    assert!(share(&|p| p["relations"].is_array()) > 20);
    for product in products {
        assert!(product["translations"]["en"]["name"].is_string(), "{product}");
        assert!(product["translations"]["de"]["name"].is_string(), "{product}");
        let currencies: BTreeSet<String> = product["variants"][0]["prices"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|price| price["currency"].to_string())
            .collect();
        assert_eq!(currencies.len(), 3, "{product}");
    }
}
