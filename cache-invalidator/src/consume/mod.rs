//! Takes records from the topic, has their effect made, and only then lets their offsets be
//! committed.

mod batch;
mod effect;
mod group;
mod park;
mod record;
mod worker;

pub use batch::{Batch, Records};
pub use effect::{Effect, EffectError};
pub use group::Group;
pub use park::{Park, Parked};
pub use record::{Content, Poison, Received};
pub use worker::Worker;
