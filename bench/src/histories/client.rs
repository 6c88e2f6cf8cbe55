//! A caller that carries its token from each request to the next, whichever process it speaks to.

use anyhow::Context as _;
use catalog_core::freshness::Version;
use devstack::Addresses;
use rand::{RngExt as _, SeedableRng as _, rngs::SmallRng};
use reqwest::{
    Client, StatusCode,
    header::{HeaderMap, HeaderValue},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Asked, Operation, What};
use crate::load::{
    AdminEditor, EditError, READ_LIMIT, SESSION, SESSION_LOST, client, read_with, strong,
};

/// Of a hundred operations so many are writes, and so many reads by token, and strong; the rest is read
/// as everyone does.
const WRITES: u32 = 15;
const SESSIONS: u32 = 55;
const STRONG: u32 = 15;

/// One caller.
pub(super) struct Caller {
    number: usize,
    editor: AdminEditor,
    client: Client,
    queries: Vec<String>,
    products: Vec<Uuid>,
    random: SmallRng,
    session: Option<HeaderValue>,
    history: Vec<Operation>,
}

impl Caller {
    pub(super) async fn new(
        number: usize,
        addresses: &Addresses,
        products: Vec<Uuid>,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let editor = AdminEditor::new(addresses.admin.clone(), &addresses.editor_token).await?;
        Ok(Self {
            number,
            editor,
            client: client(READ_LIMIT)?,
            queries: addresses.query.to_vec(),
            products,
            random: SmallRng::seed_from_u64(seed),
            session: None,
            history: Vec::new(),
        })
    }

    /// Does one thing after the other until told to stop, and gives what came of it.
    pub(super) async fn run(mut self, stop: CancellationToken) -> anyhow::Result<Vec<Operation>> {
        while !stop.is_cancelled() {
            let product = self.products[self.random.random_range(..self.products.len())];
            let dice = self.random.random_range(0..100);
            if dice < WRITES {
                self.write(product).await;
            } else if dice < WRITES + SESSIONS {
                self.read(product, Asked::Session).await?;
            } else if dice < WRITES + SESSIONS + STRONG {
                self.read(product, Asked::Strong).await?;
            } else {
                self.read(product, Asked::Bounded).await?;
            }
        }
        Ok(self.history)
    }

    /// One that is not acknowledged is told of too: it may have happened, unless it was refused because
    /// another client was faster.
    async fn write(&mut self, product: Uuid) {
        let mark = format!("write {}", Uuid::now_v7());
        let headers = self.with_session();
        let begun = Instant::now();
        let (what, version, ended) = match self.editor.edit(product, &mark, headers).await {
            Ok((edit, answer)) => {
                let lost = answer.contains_key(&SESSION_LOST);
                self.take_session(&answer);
                (What::Wrote { lost }, edit.version, edit.acknowledged_at)
            }
            Err(EditError::Refused(StatusCode::PRECONDITION_FAILED)) => {
                (What::Refused, Version(0), Instant::now())
            }
            Err(_) => (What::Tried, Version(0), Instant::now()),
        };
        self.history.push(Operation {
            client: self.number,
            product,
            begun,
            ended,
            what,
            version,
            mark: Some(mark),
        });
    }

    async fn read(&mut self, product: Uuid, asked: Asked) -> anyhow::Result<()> {
        let address = &self.queries[self.random.random_range(..self.queries.len())];
        // Who has no token asks as everyone does.
        let asked = match asked {
            Asked::Session if self.session.is_none() => Asked::Bounded,
            asked => asked,
        };
        let headers = match asked {
            Asked::Bounded => HeaderMap::new(),
            Asked::Strong => strong(),
            Asked::Session => self.with_session(),
        };
        let begun = Instant::now();
        let Ok((answer, given)) = read_with(&self.client, address, product, headers).await else {
            return Ok(());
        };
        let lost = given.contains_key(&SESSION_LOST);
        if asked == Asked::Session {
            given.get(&SESSION).context("an answer to a token has none")?;
            self.take_session(&given);
        }
        self.history.push(Operation {
            client: self.number,
            product,
            begun,
            ended: Instant::now(),
            what: What::Read { asked, stale: answer.stale, lost },
            version: answer.version,
            mark: answer.brand,
        });
        Ok(())
    }

    fn with_session(&self) -> HeaderMap {
        self.session.iter().map(|token| (SESSION, token.clone())).collect()
    }

    fn take_session(&mut self, answer: &HeaderMap) {
        if let Some(token) = answer.get(&SESSION) {
            self.session = Some(token.clone());
        }
    }
}
