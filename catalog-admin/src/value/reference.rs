use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::field::{At, Fields, Wrong};
use crate::json::read_from_objects;

use super::{ExternalKey, Slug};

read_from_objects!(ReferenceInput);

/// What names a product or category: exactly one of the three.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct ReferenceInput {
    /// Its id.
    #[schema(value_type = Option<Uuid>)]
    pub id: Option<String>,
    /// Its key in the system that it came from.
    pub external_key: Option<String>,
    /// Its name in addresses.
    pub slug: Option<String>,
}

/// What names a product or category.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// Its id.
    Id(Uuid),
    /// Its key in the system that it came from.
    ExternalKey(ExternalKey),
    /// Its name in addresses.
    Slug(Slug),
}

impl Reference {
    /// The member of a document that it stands in.
    pub const fn member(&self) -> &'static str {
        match self {
            Self::Id(_) => "id",
            Self::ExternalKey(_) => "external_key",
            Self::Slug(_) => "slug",
        }
    }

    /// What it says.
    pub fn value(&self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::ExternalKey(key) => key.to_string(),
            Self::Slug(slug) => slug.to_string(),
        }
    }
}

/// A reference and where it stands in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The JSON Pointer of the object that holds it.
    pub pointer: String,
    /// What it names.
    pub reference: Reference,
}

/// Parses a reference; `None` when it is wrong, and noted.
pub fn reference(given: ReferenceInput, at: At<'_>, fields: &mut Fields) -> Option<Reference> {
    match given {
        ReferenceInput { id: Some(id), external_key: None, slug: None } => {
            let id = id.parse().ok().map(Reference::Id);
            if id.is_none() {
                fields.wrong(at.member("id"), Wrong::Format, "must be a UUID");
            }
            id
        }
        ReferenceInput { id: None, external_key: Some(key), slug: None } => {
            ExternalKey::optional(Some(key), at.member("external_key"), fields)
                .map(Reference::ExternalKey)
        }
        ReferenceInput { id: None, external_key: None, slug: Some(slug) } => {
            Slug::optional(Some(slug), at.member("slug"), fields).map(Reference::Slug)
        }
        _ => {
            fields.wrong(at, Wrong::Required, "takes exactly one of id, external_key and slug; in a merge patch set the others to null");
            None
        }
    }
}
