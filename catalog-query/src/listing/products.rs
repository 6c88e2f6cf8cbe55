//! Many products in one answer: a page, whose list of ids is dated, or those of given ids. Each
//! product is proven and rendered by itself.

use std::{fmt::Write as _, sync::Arc};

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    cache::Body,
    cursor::CursorKey,
    dated::DatedCache,
    read::{Chosen, Demand, Origin, ProductAnswer, ReadError, Reader},
};

use super::{
    PageKey, PageQuery,
    answer::ListAnswer,
    compositions::{Composition, Compositions},
};

/// Many products in one answer.
#[derive(Debug)]
pub struct ProductLists {
    reader: Arc<Reader>,
    pages: Arc<DatedCache<PageKey>>,
    composed: Compositions,
    cursors: CursorKey,
}

impl ProductLists {
    /// Over these lists of ids, with about so many bytes of composed answers.
    pub fn new(
        reader: Arc<Reader>,
        pages: Arc<DatedCache<PageKey>>,
        cursors: CursorKey,
        bytes: u64,
    ) -> Self {
        Self { reader, pages, composed: Compositions::new(bytes), cursors }
    }

    /// The position that a cursor stands for.
    pub const fn cursors(&self) -> &CursorKey {
        &self.cursors
    }

    /// Waits until no list of ids is being loaded.
    pub async fn drain(&self) {
        self.pages.drain().await;
    }

    /// A page. What has vanished since its ids were read is left out.
    pub async fn page(&self, query: &PageQuery, demand: &Demand) -> Result<ListAnswer, ReadError> {
        let listed = self.pages.get(&query.products(), demand).await?;
        let rows = listed.dated.value();
        let found = self.reader.products(&rows.ids, query.listing.view, demand).await?;
        let shown = Shown::of(&found);
        let origin = shown.origin.map_or(listed.origin, |origin| origin.and(listed.origin));
        let cursor = rows.next.map(|position| self.cursors.seal(&query.listing, position));
        // A cursor's characters need no escaping.
        let end = match cursor {
            Some(cursor) => format!("],\"next_cursor\":\"{cursor}\"}}"),
            None => "],\"next_cursor\":null}".to_owned(),
        };
        let begin = "{\"items\":[";
        let body = self.composed.body(Composition::Page(*query), begin, &shown.bodies, end);
        Ok(ListAnswer { body, origin, valid_until: shown.valid_until })
    }

    /// Those of these ids, each of which is there once, that storefronts see, in this order; the
    /// others are named.
    pub async fn by_ids(
        &self,
        ids: Arc<[Uuid]>,
        chosen: &Chosen,
        demand: &Demand,
    ) -> Result<ListAnswer, ReadError> {
        let found = self.reader.products(&ids, chosen.view, demand).await?;
        let found: Vec<_> = found.into_iter().map(|product| product.shown_in(chosen)).collect();
        let shown = Shown::of(&found);
        let missing = found.iter().filter(|product| product.rendered.body.is_none());
        let mut end = "],\"missing\":[".to_owned();
        for (index, product) in missing.enumerate() {
            let comma = if index > 0 { "," } else { "" };
            // Writing to a String does not fail.
            let _ = write!(end, "{comma}\"{}\"", product.rendered.key.id);
        }
        end.push_str("]}");
        let (composition, begin) = (Composition::ByIds(ids, chosen.view), "{\"products\":[");
        let body = self.composed.body(composition, begin, &shown.bodies, end);
        let origin = shown.origin.unwrap_or(chosen.rules.origin);
        Ok(ListAnswer { body, origin, valid_until: shown.valid_until })
    }
}

/// What is seen of many products.
struct Shown {
    bodies: Vec<Arc<Body>>,
    /// Of all, also of those that are not seen; `None` when there are none.
    origin: Option<Origin>,
    valid_until: Option<Timestamp>,
}

impl Shown {
    fn of(products: &[ProductAnswer]) -> Self {
        let rendered = || products.iter().map(|product| &product.rendered);
        Self {
            bodies: rendered().filter_map(|rendered| rendered.body.clone()).collect(),
            origin: products.iter().map(|product| product.origin).reduce(Origin::and),
            valid_until: rendered().filter_map(|rendered| rendered.valid_until).min(),
        }
    }
}
