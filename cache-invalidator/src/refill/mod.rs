//! Loads products that were in use when they changed, and fills them in again, many at a time.
//!
//! A reader that comes first loads the product itself; so nothing here has to succeed, and the queue
//! drops what it cannot hold.

mod queue;
mod round;
mod worker;

pub use queue::RefillQueue;
pub use worker::RefillWorker;
