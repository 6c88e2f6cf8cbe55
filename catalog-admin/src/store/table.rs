use catalog_core::key::Kind;

/// The tables of what editors write whole. Their columns of slugs and external keys, and those of
/// `…_translation` and `…_document`, are called alike, so statements differ in this name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// `product`
    Product,
    /// `category`
    Category,
}

impl Table {
    /// The name.
    pub const fn name(self) -> &'static str {
        self.kind().as_str()
    }

    /// The kind of its rows' versions.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Product => Kind::Product,
            Self::Category => Kind::Category,
        }
    }
}
