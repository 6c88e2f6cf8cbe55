//! One product put together.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::dice::Dice;
use super::pricing::Pricing;
use super::taxonomy::Leaf;
use super::variants::{self, Assortment};
use super::wording::Wording;
use super::words::BRANDS;
use crate::line::{MediaLine, Membership, ProductLine, Reference, RelationLine};
use crate::slug::{slug_of, slug_with};

/// Products throw from the streams above this; those below are for whatever else needs chance.
const FIRST_STREAM: u64 = 1 << 32;

/// Makes the product with this number, counted from zero.
pub(crate) fn product(seed: u64, number: u32, leaves: &[Leaf], date: Timestamp) -> ProductLine {
    let mut dice = Dice::new(seed, FIRST_STREAM + u64::from(number));
    let leaf = dice.pick(leaves);
    let brand = *dice.pick(&BRANDS);
    let wording = Wording::throw(&mut dice, leaf);
    let pricing = Pricing::throw(&mut dice, leaf.sort.euros, date);
    let made = variants::throw(&mut dice, number, &brand_code(brand), leaf.sort.range, &pricing);
    let slug = slug_with(&wording.name[0], &(number + 1).to_string());
    let media = media(&mut dice, &slug, &wording, &made);
    let (status, publish_at, unpublish_at) = life(&mut dice, date);
    ProductLine {
        external_key: key(number),
        slug,
        status,
        brand: Some(brand.to_owned()),
        attributes: wording.attributes(&mut dice, leaf),
        few_left_threshold: dice.chance(10).then(|| dice.between(1, 20)),
        publish_at,
        unpublish_at,
        translations: wording.translations(leaf),
        categories: memberships(&mut dice, leaf),
        relations: relations(&mut dice, number),
        options: made.options,
        variants: made.variants,
        media,
    }
}

fn key(number: u32) -> String {
    format!("demo-{:07}", number + 1)
}

/// The first three letters of a brand, as SKUs begin.
fn brand_code(brand: &str) -> String {
    slug_of(brand).replace('-', "").chars().take(3).collect::<String>().to_uppercase()
}

/// Status and publishing times: most are on sale without end.
fn life(dice: &mut Dice, date: Timestamp) -> (&'static str, Option<Timestamp>, Option<Timestamp>) {
    let mut in_days = |low, high| {
        let days = i64::from(dice.between(low, high));
        SignedDuration::from_hours(24 * days)
    };
    let (soon, later) = (in_days(1, 30), in_days(31, 200));
    match dice.below(100) {
        0..4 => ("draft", None, None),
        4..6 => ("archived", None, None),
        6..8 => ("active", Some(date + soon), None),
        8..11 => ("active", Some(date - later), Some(date + later)),
        _ => ("active", None, None),
    }
}

fn memberships(dice: &mut Dice, leaf: &Leaf) -> Vec<Membership> {
    let mut categories =
        vec![Membership { category: Reference::to(&leaf.key), position: dice.below(1_000) }];
    if dice.chance(10) {
        // Shown off one level higher as well.
        let category = Reference::to(&leaf.parent_key);
        categories.push(Membership { category, position: dice.below(100) });
    }
    categories
}

/// A picture of the whole, one or two of parts of it, and one of each colour.
fn media(dice: &mut Dice, slug: &str, wording: &Wording, made: &Assortment) -> Vec<MediaLine> {
    let alt = |english: String, german: String| BTreeMap::from([("en", english), ("de", german)]);
    let [english, german] = &wording.name;
    let mut media = vec![MediaLine {
        url: format!("https://media.example/{slug}/1.jpg"),
        alt: alt(english.clone(), german.clone()),
        variant_sku: None,
    }];
    for part in 2..=dice.between(2, 3) {
        media.push(MediaLine {
            url: format!("https://media.example/{slug}/{part}.jpg"),
            alt: alt(format!("{english}, detail {part}"), format!("{german}, Detail {part}")),
            variant_sku: None,
        });
    }
    media.extend(made.colours.iter().map(|(colour, sku)| MediaLine {
        url: format!("https://media.example/{slug}/{}.jpg", slug_of(colour.name)),
        alt: alt(format!("{english}, {}", colour.name), format!("{german}, {}", colour.german)),
        variant_sku: Some(sku.clone()),
    }));
    media
}

/// Points to products that were made before, so that they stand before this one.
fn relations(dice: &mut Dice, number: u32) -> Vec<RelationLine> {
    const KINDS: [&str; 4] = ["related", "cross_sell", "up_sell", "accessory"];
    if number == 0 || !dice.chance(40) {
        return Vec::new();
    }
    // Not too far back: what is shown together was made together.
    let back = 1 + dice.below(number.min(500));
    let first = number - back;
    let kind = dice.pick(&KINDS);
    let mut related = vec![RelationLine { kind, product: Reference::to(key(first)) }];
    if first > 0 && dice.chance(50) {
        related.push(RelationLine { kind: "related", product: Reference::to(key(first - 1)) });
    }
    related
}
