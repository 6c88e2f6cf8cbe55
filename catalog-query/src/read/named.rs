//! Products are loaded with what they name: the rules, and their categories.

use std::sync::Arc;

use uuid::Uuid;

use super::{
    Reader, Subject,
    assembled::{self, Assembled, Named},
    flights::Flight,
    loader::Load,
    loads::{Loadable, Outcome},
};
use crate::cache::Entry;

impl Reader {
    /// Begins or joins the load of this product.
    pub(super) fn fly_product(&self, id: Uuid) -> Flight<Outcome<Assembled>> {
        self.products.fly(Subject::Product(id), &self.metrics, &self.traces)
    }

    /// Brought along, in memory, or loaded.
    async fn named(&self, products: &[Arc<Entry>], load: &Load) -> Named {
        let mut named = Named::default();
        let mut missing = Vec::new();
        for subject in assembled::named_by(products) {
            let key = subject.key();
            let brought = load.companion(&key).filter(|entry| self.is_best(entry)).cloned();
            match brought.or_else(|| self.current(&key)) {
                Some(entry) => named.insert(entry),
                None => missing.push((key, self.fly_other(subject))),
            }
        }
        for (key, flight) in missing {
            let landed = flight.landed().await.and_then(Result::ok);
            if let Some(entry) = landed.or_else(|| self.entries.get(&key)) {
                named.insert(entry);
            }
        }
        named
    }
}

impl Loadable for Assembled {
    async fn finish(
        reader: &Arc<Reader>,
        found: Vec<Arc<Entry>>,
        load: &Load,
    ) -> Vec<Option<Arc<Self>>> {
        let named = reader.named(&found, load).await;
        found.iter().map(|product| named.assemble(product)).collect()
    }
}
