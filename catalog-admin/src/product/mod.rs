//! Products as editors send and see them, and what makes one valid. Pure: no I/O.

mod attributes;
mod input;
mod media;
mod mention;
mod output;
mod parse;
mod price;
mod valid;
mod variant;

pub use input::{
    MediaInput, MembershipInput, PriceInput, ProductInput, RelationInput, StockInput, VariantInput,
};
pub use output::{
    MediaOutput, MembershipOutput, ProductOutput, ProductReference, RelationOutput, VariantOutput,
};
pub use parse::{parse, read};
pub use valid::{
    StockLevel, ValidMedia, ValidMembership, ValidProduct, ValidRelation, ValidVariant,
};
