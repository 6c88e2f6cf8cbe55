use crate::field::{At, Fields};
use crate::value::{Mention, ReferenceInput, reference};

use super::parse::{MOST_CATEGORIES, MOST_RELATIONS};
use super::{MembershipInput, ProductInput};

impl ProductInput {
    /// The well-formed references to categories.
    pub fn categories_mentioned(&self) -> Vec<Mention> {
        let given = self.categories.iter().flatten().take(MOST_CATEGORIES).enumerate();
        let mentions = given.filter_map(|(index, given)| {
            let MembershipInput { id, external_key, slug, position: _ } = given.clone();
            mention(format!("/categories/{index}"), ReferenceInput { id, external_key, slug })
        });
        mentions.collect()
    }

    /// The well-formed references to other products.
    pub fn products_mentioned(&self) -> Vec<Mention> {
        let given = self.relations.iter().flatten().take(MOST_RELATIONS).enumerate();
        let mentions = given.filter_map(|(index, given)| {
            mention(format!("/relations/{index}/product"), given.product.clone()?)
        });
        mentions.collect()
    }
}

/// What is malformed is told by `parse`, not here.
fn mention(pointer: String, given: ReferenceInput) -> Option<Mention> {
    let reference = reference(given, At::Root, &mut Fields::default())?;
    Some(Mention { pointer, reference })
}
