//! The values that documents are made of, each parsed once into a type that cannot be wrong.

mod key;
mod moment;
mod number;
mod reference;
mod text;
mod translation;

pub use key::{ExternalKey, Sku, Slug};
pub use moment::{moment, read_moment};
pub use number::{MOST_EXACT, amount, is_exact, whole};
pub use reference::{Mention, Reference, ReferenceInput, reference};
pub use text::{at_most, count, optional_text, required_text};
pub use translation::{TranslationInput, TranslationsInput, locale, translations};
