//! Names, descriptions and attributes.

use std::collections::BTreeMap;

use serde_json::Number;

use super::dice::Dice;
use super::taxonomy::{Leaf, Range, translated};
use super::words::{
    Both, CLOSINGS, FEATURES, ORIGINS, SERIES_BACK, SERIES_FRONT, SOLIDS, TEXTILES,
};
use crate::line::{Attribute, Translation, Translations};

/// What is said of a product.
pub(crate) struct Wording {
    /// Series and sort, in English and German.
    pub(crate) name: [String; 2],
    material: Both,
    features: [&'static Both; 2],
    closing: Both,
}

impl Wording {
    pub(crate) fn throw(dice: &mut Dice, leaf: &Leaf) -> Self {
        let series = format!("{}{}", dice.pick(&SERIES_FRONT), dice.pick(&SERIES_BACK));
        let [english, german] = leaf.sort.one;
        let materials = if is_textile(leaf.sort.range) { &TEXTILES } else { &SOLIDS };
        Self {
            name: [format!("{series} {english}"), format!("{german} {series}")],
            material: *dice.pick(materials),
            features: dice.pick_two(&FEATURES),
            closing: *dice.pick(&CLOSINGS),
        }
    }

    pub(crate) fn translations(&self, leaf: &Leaf) -> Translations {
        let text = |locale: usize, kind: &str, made_of: &str| Translation {
            name: self.name[locale].clone(),
            description: format!(
                "{kind} {}: {}, {}. {made_of} {}. {}",
                leaf.purpose[locale],
                self.features[0][locale],
                self.features[1][locale],
                self.material[locale],
                self.closing[locale],
            ),
        };
        let [english, german] = leaf.sort.one;
        translated([text(0, english, "Made of"), text(1, german, "Material:")])
    }

    pub(crate) fn attributes(
        &self,
        dice: &mut Dice,
        leaf: &Leaf,
    ) -> BTreeMap<&'static str, Attribute> {
        let mut attributes = BTreeMap::from([
            ("department", Attribute::from(leaf.department[0])),
            ("material", Attribute::from(self.material[0])),
            ("origin", Attribute::from(*dice.pick(&ORIGINS))),
            ("features", Attribute::List(self.features.map(|both| both[0].to_owned()).into())),
            ("warranty_years", Attribute::Number(dice.between(2, 10).into())),
            ("rating", Attribute::Number(tenths(dice.between(31, 50)))),
            ("weight", weight(dice, leaf.sort.range)),
        ]);
        if is_textile(leaf.sort.range) {
            attributes.insert("machine_washable", Attribute::Flag(dice.chance(60)));
            attributes.insert("recycled_share", Attribute::Number(dice.between(0, 100).into()));
        } else {
            for side in ["width", "height", "depth"] {
                let value = tenths(dice.between(40, 900));
                attributes.insert(side, Attribute::Measure { value, unit: "cm" });
            }
            attributes.insert("dishwasher_safe", Attribute::Flag(dice.chance(40)));
        }
        attributes
    }
}

fn is_textile(range: Range) -> bool {
    matches!(range, Range::Worn | Range::Shod | Range::Carried)
}

fn weight(dice: &mut Dice, range: Range) -> Attribute {
    if is_textile(range) {
        Attribute::Measure { value: (dice.between(12, 160) * 10).into(), unit: "g" }
    } else {
        Attribute::Measure { value: tenths(dice.between(2, 180)), unit: "kg" }
    }
}

/// `tenths` tenths as a number.
fn tenths(tenths: u32) -> Number {
    Number::from_f64(f64::from(tenths) / 10.0).expect("a small number divided by ten is finite")
}
