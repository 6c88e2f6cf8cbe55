use serde::Deserialize;
use serde::de::IgnoredAny;
use utoipa::ToSchema;

use crate::json::read_from_objects;
use crate::value::{ReferenceInput, TranslationInput, TranslationsInput};

read_from_objects!(CategoryInput);

/// A category as it is sent. What a read answers can be sent back: `id`, `version`, `created_at`
/// and `updated_at` are taken and ignored.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct CategoryInput {
    #[serde(rename = "id")]
    #[schema(ignore)]
    pub(super) _id: Option<IgnoredAny>,
    #[serde(rename = "version")]
    #[schema(ignore)]
    pub(super) _version: Option<IgnoredAny>,
    #[serde(rename = "created_at")]
    #[schema(ignore)]
    pub(super) _created_at: Option<IgnoredAny>,
    #[serde(rename = "updated_at")]
    #[schema(ignore)]
    pub(super) _updated_at: Option<IgnoredAny>,
    /// Its key in the system that it came from; no other category has it.
    pub external_key: Option<String>,
    /// Its name in addresses; no other living category has it.
    #[schema(required = true, nullable = false)]
    pub slug: Option<String>,
    /// The category above it; left out or null: none.
    pub parent: Option<ReferenceInput>,
    /// Where among its siblings; the least comes first; 0 when left out.
    pub position: Option<i64>,
    /// By locale; at least one.
    #[schema(required = true, value_type = std::collections::BTreeMap<String, TranslationInput>)]
    pub translations: Option<TranslationsInput>,
}
