//! Variants with their SKUs, barcodes, options and stock.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::pricing::Pricing;
use super::taxonomy::Range;
use super::words::{COLOURS, Colour, LOCATIONS};
use crate::line::{StockLine, VariantLine};

/// The value of an option: as the storefront shows it, in a SKU, and by how many hundredths the
/// variant is dearer.
type Value = (&'static str, &'static str, u32);

const CLOTHES: [Value; 6] = [
    ("XS", "XS", 0),
    ("S", "S", 0),
    ("M", "M", 0),
    ("L", "L", 0),
    ("XL", "XL", 4),
    ("XXL", "XXL", 8),
];
const SHOES: [Value; 8] = [
    ("37", "37", 0),
    ("38", "38", 0),
    ("39", "39", 0),
    ("40", "40", 0),
    ("41", "41", 0),
    ("42", "42", 0),
    ("43", "43", 0),
    ("44", "44", 5),
];
const BAGS: [Value; 4] =
    [("18 l", "18", 0), ("26 l", "26", 15), ("38 l", "38", 35), ("55 l", "55", 60)];
const VESSELS: [Value; 4] =
    [("0.5 l", "05", 0), ("1 l", "10", 20), ("1.5 l", "15", 35), ("2.5 l", "25", 70)];
const SIZES: [Value; 3] = [("small", "SM", 0), ("medium", "MD", 25), ("large", "LG", 60)];
const BOXES: [Value; 3] = [("1", "01", 0), ("4", "04", 180), ("12", "12", 620)];

/// How the variants of a range differ: by one list of values, by colour, by both, or not at all.
struct Differences {
    first: Option<(&'static str, &'static [Value])>,
    most_colours: u32,
}

fn differences(range: Range) -> Differences {
    let (first, most_colours) = match range {
        Range::Plain => (None, 0),
        Range::Coloured => (None, 5),
        Range::Worn => (Some(("size", &CLOTHES[..])), 3),
        Range::Shod => (Some(("shoe size", &SHOES[..])), 2),
        Range::Carried => (Some(("volume", &BAGS[..])), 3),
        Range::Filled => (Some(("volume", &VESSELS[..])), 0),
        Range::Sized => (Some(("size", &SIZES[..])), 0),
        Range::Boxed => (Some(("pieces", &BOXES[..])), 0),
    };
    Differences { first, most_colours }
}

/// The variants of one product.
pub(crate) struct Assortment {
    pub(crate) options: Vec<&'static str>,
    pub(crate) variants: Vec<VariantLine>,
    /// The colours with the SKU of the first variant of each, for the pictures.
    pub(crate) colours: Vec<(&'static Colour, String)>,
}

/// Throws the variants of the product with this number, whose SKUs begin with `brand_code`.
pub(crate) fn throw(
    dice: &mut Dice,
    number: u32,
    brand_code: &str,
    range: Range,
    pricing: &Pricing,
) -> Assortment {
    let differences = differences(range);
    let colours = throw_colours(dice, differences.most_colours);
    let values = differences.first.map_or(&[][..], |(_, values)| values);
    let mut made = Assortment {
        options: differences.first.map(|(name, _)| name).into_iter().collect(),
        variants: Vec::with_capacity(values.len().max(1) * colours.len().max(1)),
        colours: Vec::with_capacity(colours.len()),
    };
    if !colours.is_empty() {
        made.options.push("colour");
    }
    for colour in once_at_least(&colours) {
        for value in once_at_least(values) {
            let mut sku = format!("{brand_code}-{number:07}");
            let mut options = BTreeMap::new();
            if let (Some((name, _)), Some((shown, code, _))) = (differences.first, value) {
                sku = format!("{sku}-{code}");
                options.insert(name, (*shown).to_owned());
            }
            if let Some(colour) = colour {
                sku = format!("{sku}-{}", colour.code);
                options.insert("colour", colour.name.to_owned());
                if made.colours.last().is_none_or(|(last, _)| last.code != colour.code) {
                    made.colours.push((colour, sku.clone()));
                }
            }
            let place = made.variants.len();
            made.variants.push(VariantLine {
                barcode: Some(barcode(number, place)),
                options,
                prices: pricing.of_variant(value.map_or(0, |(_, _, dearer)| *dearer)),
                stock: throw_stock(dice),
                sku,
            });
        }
    }
    made
}

/// Each of `items`, or nothing once where there is none.
fn once_at_least<T>(items: &[T]) -> impl Iterator<Item = Option<&T>> {
    let nothing = items.is_empty().then_some(None);
    items.iter().map(Some).chain(nothing)
}

/// Up to `most` different colours, neighbours in the list so that none comes twice.
fn throw_colours(dice: &mut Dice, most: u32) -> Vec<&'static Colour> {
    if most == 0 {
        return Vec::new();
    }
    let start = dice.below(14) as usize;
    let count = dice.between(1, most) as usize;
    COLOURS.iter().cycle().skip(start).step_by(3).take(count).collect()
}

/// Nothing, little or plenty, at one to three places.
fn throw_stock(dice: &mut Dice) -> Vec<StockLine> {
    let most = match dice.below(100) {
        0..6 => 0,
        6..16 => 2,
        _ => 120,
    };
    let places = dice.between(1, 3) as usize;
    LOCATIONS[..places]
        .iter()
        .map(|location| StockLine { location, quantity: dice.between(most / 10, most) })
        .collect()
}

/// An EAN-13 of the range that is for use inside a company (prefix 20), with its check digit.
fn barcode(number: u32, place: usize) -> String {
    let digits = format!("20{:08}{:02}", number % 100_000_000, place % 100);
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(index, digit)| u32::from(digit - b'0') * if index % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_that_of_ean_13() {
        // 4006381333931 is the usual example; ours begin with 20.
        assert_eq!(barcode(12_345_678, 90), "2012345678903");
        assert_eq!(barcode(0, 0).len(), 13);
    }

    #[test]
    fn colours_of_a_product_differ() {
        for stream in 0..200 {
            let mut codes: Vec<_> = throw_colours(&mut Dice::new(1, stream), 5)
                .iter()
                .map(|colour| colour.code)
                .collect();
            codes.sort_unstable();
            let count = codes.len();
            codes.dedup();
            assert_eq!(codes.len(), count);
        }
    }
}
