//! An answer that stands for all.

use anyhow::Context as _;
use uuid::Uuid;

use super::{
    requests::{ask, product},
    served::Served,
};

/// So many products are looked at.
const LOOKED_AT: usize = 201;

/// An answer whose body is as long as half of the others' at least and as half at most.
pub(super) struct Typical {
    /// Of which product.
    pub(super) product: Uuid,
    /// The whole answer.
    pub(super) answer: Vec<u8>,
    head: usize,
}

impl Typical {
    /// Of these products, as this server answers them.
    pub(super) async fn of(server: &Served, products: &[Uuid]) -> anyhow::Result<Self> {
        let mut answers = Vec::new();
        for id in products.iter().take(LOOKED_AT) {
            answers.push((*id, ask(server, product(*id, "")).await?));
        }
        answers.sort_by_key(|(_, answer)| answer.len());
        let (product, answer) = answers.swap_remove(answers.len() / 2);
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n").context("no head")? + 4;
        Ok(Self { product, answer, head })
    }

    /// Its body.
    pub(super) fn body(&self) -> &[u8] {
        &self.answer[self.head..]
    }
}
