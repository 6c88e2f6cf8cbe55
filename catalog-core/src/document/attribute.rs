//! Typed attributes: the JSON type of a value is its type.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Number;

/// A product's attributes by name.
pub type Attributes = BTreeMap<String, AttributeValue>;

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    /// Yes or no.
    Flag(bool),
    /// A number without a unit.
    Number(Number),
    /// Text.
    Text(String),
    /// Several texts, in order.
    List(Vec<String>),
    /// A number with its unit.
    Measure(Measure),
}

/// A number with its unit: 15.1 cm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// How much.
    pub value: Number,
    /// Of what, as the catalog writes it.
    pub unit: String,
}
