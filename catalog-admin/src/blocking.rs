//! Work that takes long, beside the runtime.

use std::panic::resume_unwind;

use tokio::task::spawn_blocking;

/// Does what takes the longer the larger a document is on a thread for such work: the runtime's own
/// threads also beat, and answer whether the process lives.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.unwrap_or_else(|broken| resume_unwind(broken.into_panic()))
}
