//! Many requests at once.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::task::JoinSet;

use super::{
    caller::Caller,
    wire::{Wire, on_one_thread},
};

/// What one connection asks for, and whom.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The server.
    pub(super) address: SocketAddr,
    /// The request.
    pub(super) request: Vec<u8>,
}

/// Each of them over a connection of its own, so many times in a row. All connections are open before the
/// first request is sent.
pub(super) async fn burst(calls: Vec<Call>, times: usize) -> anyhow::Result<()> {
    on_one_thread(async move {
        let mut callers = Vec::with_capacity(calls.len());
        for Call { address, request } in calls {
            let wire = Wire { address, requests: [request].into(), connections: 1 };
            callers.push(Caller::connect(&wire, 0).await?);
        }
        let mut asking = JoinSet::new();
        for mut caller in callers {
            asking.spawn(async move {
                for _ in 0..times {
                    caller.ask().await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(ended) = asking.join_next().await {
            ended.context("a connection's task ended")??;
        }
        anyhow::Ok(())
    })
    .await
}
