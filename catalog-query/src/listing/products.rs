//! A page of products: the list of ids, and each product proven and rendered by itself.

use std::sync::Arc;

use bytes::Bytes;
use moka::sync::Cache;

use crate::{
    cache::Body,
    cursor::CursorKey,
    read::{ReadError, Reader},
};

use super::{Lists, PageKey, PageQuery, Position, answer::ListAnswer};

/// What a composed page weighs beside its bytes.
const OVERHEAD: usize = 512;

/// A page as it was last answered: while its products are the same, so are its bytes.
#[derive(Debug)]
struct Composed {
    products: Vec<Arc<Body>>,
    next: Option<Position>,
    body: Arc<Body>,
}

/// Pages of products.
#[derive(Debug)]
pub struct ProductLists {
    reader: Arc<Reader>,
    pages: Arc<Lists<PageKey>>,
    composed: Cache<PageQuery, Arc<Composed>>,
    cursors: CursorKey,
}

impl ProductLists {
    /// Over these lists of ids, with about so many bytes of composed pages.
    pub fn new(
        reader: Arc<Reader>,
        pages: Arc<Lists<PageKey>>,
        cursors: CursorKey,
        bytes: u64,
    ) -> Self {
        let composed = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_, composed: &Arc<Composed>| {
                let products = composed.products.len() * size_of::<Arc<Body>>();
                u32::try_from(OVERHEAD + products + composed.body.bytes()).unwrap_or(u32::MAX)
            })
            .build();
        Self { reader, pages, composed, cursors }
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
    pub async fn page(&self, query: &PageQuery) -> Result<ListAnswer, ReadError> {
        let listed = self.pages.get(&query.products()).await.ok_or(ReadError::Unavailable)?;
        let rows = listed.list.value();
        let found = self.reader.products(&rows.ids, query.listing.view).await?;
        let (mut label, mut via) = (listed.label, listed.via());
        let mut products = Vec::with_capacity(found.len());
        let mut valid_until = None;
        for product in found {
            label = label.older(product.label);
            via = via.farther(product.via);
            valid_until = valid_until.into_iter().chain(product.rendered.valid_until).min();
            products.extend(product.rendered.body.clone());
        }
        Ok(ListAnswer { body: self.body(query, products, rows.next), label, via, valid_until })
    }

    fn body(
        &self,
        query: &PageQuery,
        products: Vec<Arc<Body>>,
        next: Option<Position>,
    ) -> Arc<Body> {
        if let Some(known) = self.composed.get(query)
            && known.shows(&products, next)
        {
            return Arc::clone(&known.body);
        }
        let cursor = next.map(|position| self.cursors.seal(&query.listing, position));
        let body = Arc::new(Body::new(compose(&products, cursor.as_deref())));
        let composed = Composed { products, next, body: Arc::clone(&body) };
        self.composed.insert(*query, Arc::new(composed));
        body
    }
}

impl Composed {
    /// Whether it is made of these very products.
    fn shows(&self, products: &[Arc<Body>], next: Option<Position>) -> bool {
        self.next == next
            && self.products.len() == products.len()
            && self.products.iter().zip(products).all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

/// Puts the products' own bytes together; a cursor's characters need no escaping.
fn compose(products: &[Arc<Body>], cursor: Option<&str>) -> Bytes {
    let size: usize = products.iter().map(|body| body.identity().bytes.len() + 1).sum();
    let mut json = Vec::with_capacity(size + 128);
    json.extend_from_slice(b"{\"items\":[");
    for (index, body) in products.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        json.extend_from_slice(&body.identity().bytes);
    }
    json.extend_from_slice(b"],\"next_cursor\":");
    match cursor {
        Some(cursor) => json.extend_from_slice(format!("\"{cursor}\"").as_bytes()),
        None => json.extend_from_slice(b"null"),
    }
    json.push(b'}');
    json.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(json: &'static str) -> Arc<Body> {
        Arc::new(Body::new(Bytes::from_static(json.as_bytes())))
    }

    #[test]
    fn a_page_is_its_products_and_its_cursor() {
        let two = [body("{\"a\":1}"), body("{}")];
        assert_eq!(
            compose(&two, Some("Ab-_9")),
            "{\"items\":[{\"a\":1},{}],\"next_cursor\":\"Ab-_9\"}"
        );
        assert_eq!(compose(&[], None), "{\"items\":[],\"next_cursor\":null}");
    }
}
