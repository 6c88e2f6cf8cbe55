//! What is told of lines that the catalog cannot take.

use crate::store::StoreError;
use crate::value::Reference;

use super::line::LineError;
use super::names::Owner;

/// A slug or SKU that is another's.
pub(super) fn taken(
    pointer: impl Into<String>,
    value: &str,
    kind: &str,
    owner: Owner,
) -> LineError {
    let since = owner.line.map(|line| format!(", since line {line}")).unwrap_or_default();
    let detail = format!("`{value}` belongs to the {kind} {}{since}", owner.id);
    LineError::new(pointer, "taken", detail)
}

/// A reference that leads nowhere.
pub(super) fn unknown(pointer: &str, what: &str, given: &Reference, order: &str) -> LineError {
    let detail =
        format!("there is no {what} whose {} is `{}`: {order}", given.member(), given.value());
    LineError::new(format!("{pointer}/{}", given.member()), "unknown_reference", detail)
}

/// The same thing named twice, by different names.
pub(super) fn twice(pointer: String, what: &str) -> LineError {
    LineError::new(pointer, "duplicate", format!("names a {what} that is named before"))
}

/// A category that would become its own ancestor.
pub(super) fn cycle() -> LineError {
    let detail = "the category would become its own ancestor: give it another parent";
    LineError::new("/parent", "category_cycle", detail)
}

/// What the database refused on a line that stood alone: what only it can tell, or what somebody
/// else has taken at the same moment.
pub(super) fn refused(error: &StoreError) -> LineError {
    let taken = |pointer| LineError::new(pointer, "taken", "has just been taken by another");
    match error.constraint() {
        Some("category_is_not_its_own_ancestor") => cycle(),
        Some("product_slug" | "category_slug") => taken("/slug"),
        Some("variant_sku") => taken("/variants"),
        Some("product_external_key" | "category_external_key") => taken("/external_key"),
        _ => {
            tracing::error!(error.message = %error, "the catalog refuses a line without a check before it");
            let detail = "the catalog refuses this line; the reason has been logged";
            LineError::new("", "refused", detail)
        }
    }
}
