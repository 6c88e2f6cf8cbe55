//! Bodies that are put together from products' own.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use catalog_core::view::View;
use moka::sync::Cache;
use uuid::Uuid;

use crate::cache::Body;

use super::PageQuery;

/// What a composition weighs beside its bytes.
const OVERHEAD: usize = 512;
/// A product's body is let go when it is replaced; until the composition is, its place is not.
const PLACE: usize = size_of::<Weak<Body>>() + size_of::<Body>();

/// What is put together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Composition {
    /// A page of a list.
    Page(PageQuery),
    /// Products by id, in a view.
    ByIds(Arc<[Uuid]>, View),
}

impl Composition {
    fn weight(&self) -> usize {
        match self {
            Self::Page(_) => 0,
            Self::ByIds(ids, _) => size_of_val(&**ids),
        }
    }
}

/// As it was last answered: while its products are the same, so are its bytes, in each encoding.
#[derive(Debug)]
struct Composed {
    products: Vec<Weak<Body>>,
    end: String,
    body: Arc<Body>,
}

/// Bodies that are put together from products' own, kept while they are made of the very same.
#[derive(Debug)]
pub(super) struct Compositions(Cache<Composition, Arc<Composed>>);

impl Compositions {
    /// About so many bytes of them.
    pub(super) fn new(bytes: u64) -> Self {
        let cache = Cache::builder()
            .max_capacity(bytes)
            .weigher(|composition: &Composition, composed: &Arc<Composed>| {
                u32::try_from(composition.weight() + composed.weight()).unwrap_or(u32::MAX)
            })
            .build();
        Self(cache)
    }

    /// `begin`, the products with commas between them, `end`.
    pub(super) fn body(
        &self,
        composition: Composition,
        begin: &str,
        products: &[Arc<Body>],
        end: String,
    ) -> Arc<Body> {
        if let Some(known) = self.0.get(&composition)
            && known.is_of(products, &end)
        {
            return Arc::clone(&known.body);
        }
        let body = Arc::new(Body::new(join(begin, products, &end)));
        let products = products.iter().map(Arc::downgrade).collect();
        let composed = Composed { products, end, body: Arc::clone(&body) };
        self.0.insert(composition, Arc::new(composed));
        body
    }
}

impl Composed {
    /// Whether it is made of these very products. A body's place is not used again while it is known
    /// here, so that no other can be taken for it.
    fn is_of(&self, products: &[Arc<Body>], end: &str) -> bool {
        self.end == end
            && self.products.len() == products.len()
            && self
                .products
                .iter()
                .zip(products)
                .all(|(own, body)| own.as_ptr() == Arc::as_ptr(body))
    }

    /// It is weighed once, before it has been encoded: all encodings together take at most about as
    /// much again.
    fn weight(&self) -> usize {
        let copies = if self.body.is_worth_encoding() { 2 } else { 1 };
        let body = self.body.identity().bytes.len() * copies;
        OVERHEAD + self.end.len() + self.products.len() * PLACE + body
    }
}

fn join(begin: &str, products: &[Arc<Body>], end: &str) -> Bytes {
    let size: usize = products.iter().map(|body| body.identity().bytes.len() + 1).sum();
    let mut json = Vec::with_capacity(begin.len() + size + end.len());
    json.extend_from_slice(begin.as_bytes());
    for (index, body) in products.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        json.extend_from_slice(&body.identity().bytes);
    }
    json.extend_from_slice(end.as_bytes());
    json.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::Encoding;

    fn body(json: impl Into<String>) -> Arc<Body> {
        Arc::new(Body::new(Bytes::from(json.into())))
    }

    fn ids() -> Composition {
        let view = View {
            channel: "web".parse().unwrap(),
            locale: "en".parse().unwrap(),
            currency: "EUR".parse().unwrap(),
        };
        Composition::ByIds(Arc::from([Uuid::nil()]), view)
    }

    #[test]
    fn the_products_stand_between_begin_and_end() {
        let two = [body("{\"a\":1}"), body("{}")];
        assert_eq!(join("{\"items\":[", &two, "]}"), "{\"items\":[{\"a\":1},{}]}");
        assert_eq!(join("[", &[], "]"), "[]");
    }

    #[test]
    fn it_is_put_together_again_only_when_something_in_it_is_another() {
        let kept = Compositions::new(1 << 20);
        let (one, same_text) = (body("{}"), body("{}"));
        let put =
            |products: &[Arc<Body>], end: &str| kept.body(ids(), "[", products, end.to_owned());
        let first = put(&[Arc::clone(&one)], "]");
        assert!(Arc::ptr_eq(&first, &put(&[Arc::clone(&one)], "]")));
        assert!(!Arc::ptr_eq(&first, &put(&[same_text], "]")));
        let second = put(&[Arc::clone(&one)], "]");
        assert!(!Arc::ptr_eq(&second, &put(&[Arc::clone(&one), body("{}")], "]")));
        assert!(!Arc::ptr_eq(&second, &put(&[one], "] ")));
    }

    #[test]
    fn its_weight_leaves_room_for_every_encoding_and_it_keeps_no_product() {
        let words: Vec<_> = (0..4000).map(|n| format!("\"sku-{}\"", n * 7919 % 10_007)).collect();
        let product = body(words.join(","));
        let whole = body(join("[", &[Arc::clone(&product)], "]").escape_ascii().to_string());
        let composed = Composed {
            products: vec![Arc::downgrade(&product)],
            end: "]".to_owned(),
            body: Arc::clone(&whole),
        };
        let weight = composed.weight();
        for encoding in [Encoding::Brotli, Encoding::Zstd, Encoding::Gzip] {
            whole.encoded(encoding);
        }
        assert!(whole.bytes() > whole.identity().bytes.len() && weight >= whole.bytes());
        drop(product);
        assert!(composed.products[0].upgrade().is_none());
    }
}
