//! The lines of an import, as `POST /v1/imports` takes them: one JSON document a line.

mod category;
mod product;

use std::io::{self, Write};

use serde::Serialize;

pub use category::{CategoryLine, Reference, Translation, Translations};
pub use product::{
    Attribute, MediaLine, Membership, PriceLine, ProductLine, RelationLine, StockLine, VariantLine,
};

/// One line of an import.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    /// A category; its parent stands before it.
    Category(CategoryLine),
    /// A product; its categories and the products it points to stand before it.
    Product(Box<ProductLine>),
}

impl Line {
    /// Writes the line with its end.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

impl From<CategoryLine> for Line {
    fn from(line: CategoryLine) -> Self {
        Self::Category(line)
    }
}

impl From<ProductLine> for Line {
    fn from(line: ProductLine) -> Self {
        Self::Product(Box::new(line))
    }
}
