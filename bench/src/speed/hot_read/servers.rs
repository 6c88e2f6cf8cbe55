//! The servers, ready and warm.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context as _;
use devstack::Stack;
use rand::{SeedableRng as _, rngs::SmallRng};
use uuid::Uuid;

use super::Plan;
use crate::speed::{
    own::{MEMORY, Own, ROOMY},
    peers, products,
    requests::{ask, list, product as request},
    served::Served,
    typical::Typical,
    wire::Wire,
};

/// Requests in the order in which they are asked, over and over.
const REQUESTS: usize = 400_009;

/// All that are measured.
pub(super) struct Servers {
    /// What is measured.
    pub(super) catalog_query: Served,
    /// A bare hyper server, then the others.
    pub(super) peers: Vec<Served>,
    /// Requests by popularity.
    pub(super) requests: Arc<[Vec<u8>]>,
    /// The same, by callers who take encodings.
    pub(super) for_encodings: Arc<[Vec<u8>]>,
    /// The same, by callers who have the answer, as catalog-query tags it.
    pub(super) whether_changed: Arc<[Vec<u8>]>,
    /// How many bytes the body has that all others answer.
    pub(super) body: usize,
}

impl Servers {
    pub(super) async fn start(stack: &Stack, plan: &Plan, folder: &Path) -> anyhow::Result<Self> {
        let mut random = SmallRng::seed_from_u64(plan.seed);
        let catalog = products::seen(stack, plan.products, &mut random).await?;
        let products = catalog.products();
        let asked: Vec<Uuid> = (0..REQUESTS).map(|_| catalog.popular(&mut random)).collect();
        let requests = list(&asked, |product| request(product, ""));
        let encodings = "accept-encoding: gzip, deflate, br, zstd\r\n";
        let for_encodings = list(&asked, |product| request(product, encodings));

        let own = Own::start(stack, folder, "catalog-query", &[(MEMORY, ROOMY)]).await?;
        let catalog_query = own.served;
        let each = list(products, |product| request(product, ""));
        let warm = |address, requests| Wire { address, requests, connections: 16 };
        warm(catalog_query.address, Arc::clone(&each)).each_once().await?;
        let encoded = list(products, |product| request(product, encodings));
        warm(catalog_query.address, encoded).each_once().await?;
        let typical = Typical::of(&catalog_query, products).await?;
        let whether_changed = tagged(&catalog_query, &asked).await?;

        let answer = folder.join("answer");
        fs::write(&answer, &typical.answer)?;
        let hyper = peers::constant(folder, &answer).await?;
        let backend = hyper.address;
        let peers = vec![
            hyper,
            peers::nginx_files(folder, products, typical.body()).await?,
            peers::nginx_cache(folder, backend).await?,
            peers::varnish(folder, backend).await?,
        ];
        for peer in &peers {
            warm(peer.address, Arc::clone(&each)).each_once().await.context(peer.name)?;
        }
        let body = typical.body().len();
        Ok(Self { catalog_query, peers, requests, for_encodings, whether_changed, body })
    }
}

/// The requests of callers who have what is answered.
async fn tagged(server: &Served, asked: &[Uuid]) -> anyhow::Result<Arc<[Vec<u8>]>> {
    let mut tags = std::collections::HashMap::new();
    for product in asked {
        if !tags.contains_key(product) {
            let answer = ask(server, request(*product, "")).await?;
            let text = String::from_utf8_lossy(&answer);
            let tag = text.lines().find_map(|line| line.strip_prefix("etag: "));
            tags.insert(*product, tag.context("an answer has no tag")?.to_owned());
        }
    }
    Ok(list(asked, |product| request(product, &format!("if-none-match: {}\r\n", tags[&product]))))
}
