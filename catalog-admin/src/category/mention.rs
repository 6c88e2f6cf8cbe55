use crate::field::{At, Fields};
use crate::value::{Mention, reference};

use super::CategoryInput;

impl CategoryInput {
    /// The reference to its parent, if it has one that is well formed.
    pub fn parent_mentioned(&self) -> Option<Mention> {
        // What is malformed is told by `parse`, not here.
        let reference = reference(self.parent.clone()?, At::Root, &mut Fields::default())?;
        Some(Mention { pointer: "/parent".to_owned(), reference })
    }
}
