/// The field that one of serde's own messages is about: it reports these at the object, while
/// callers look for the field.
pub(super) fn named_field(message: &str) -> Option<&str> {
    ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|prefix| message.strip_prefix(prefix)?.split('`').next())
}
