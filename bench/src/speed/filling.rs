//! Has a server know products, so that its memory or Redis has them.

use std::{net::SocketAddr, sync::Arc};

use uuid::Uuid;

use super::{requests, wire::Wire};

/// Products of one request.
const TOGETHER: usize = 50;
/// Together with the above fewer than may wait for their load.
const CONNECTIONS: usize = 8;

/// Reads each of these products once.
pub(super) async fn read_each(address: SocketAddr, products: &[Uuid]) -> anyhow::Result<()> {
    let requests: Arc<[Vec<u8>]> = products.chunks(TOGETHER).map(requests::products).collect();
    Wire { address, requests, connections: CONNECTIONS }.each_once().await
}
