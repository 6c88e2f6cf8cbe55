//! Pages of product lists, in memory.

use jiff::Timestamp;
use uuid::Uuid;

use super::PageKey;
use crate::{
    dated::DatedKey,
    store::listing::{Page, PageRows, WALK},
};

impl DatedKey for PageKey {
    type Value = PageRows;
    type Rows = PageRows;
    type Statement = Page;

    fn statement(&self, now: Timestamp) -> Page {
        Page { key: *self, now, walk: WALK }
    }

    fn weight(page: &PageRows) -> usize {
        size_of::<PageRows>() + page.ids.len() * size_of::<Uuid>()
    }
}
