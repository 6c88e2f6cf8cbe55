//! How the database calls the values of its enumerations.

use catalog_core::document::{MediaKind, RelationKind, Status};

/// `draft`, `active` or `archived`.
pub const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Active => "active",
        Status::Archived => "archived",
    }
}

/// `image` or `video`.
pub const fn media_kind(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
    }
}

/// `related`, `cross_sell`, `up_sell` or `accessory`.
pub const fn relation_kind(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Related => "related",
        RelationKind::CrossSell => "cross_sell",
        RelationKind::UpSell => "up_sell",
        RelationKind::Accessory => "accessory",
    }
}
