//! Pages of product lists, in memory.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::listing::{Page, PageRows, WALK};

use super::{PageKey, lists::ListKey};

impl ListKey for PageKey {
    type List = PageRows;
    type Rows = PageRows;
    type Statement = Page;

    fn statement(&self, now: Timestamp) -> Page {
        Page { key: *self, now, walk: WALK }
    }

    fn weight(page: &PageRows) -> usize {
        size_of::<PageRows>() + page.ids.len() * size_of::<Uuid>()
    }
}
