//! What reads cost, beside what other servers take for bytes of the same kind.
//!
//! | section | answers |
//! |---|---|
//! | [`hot_read`] | what a product out of memory costs, beside bare hyper, nginx and Varnish |
//! | [`redis_hit`] | what one out of Redis costs, beside bare hyper with one GET |
//! | [`batch`] | in how many round trips many products come, and who shares whose load |
//! | [`miss`] | how often the replica is asked for what nobody has |
//! | [`flush`] | what is seen of it when Redis forgets everything under full load |

mod after_redis;
mod answer;
pub mod batch;
mod burst;
mod caller;
mod constant;
mod cpu;
mod filling;
pub mod flush;
pub mod growth;
pub mod hot_read;
mod line;
pub mod memory;
pub mod miss;
mod open_loop;
pub mod overload;
mod own;
mod peers;
mod products;
pub mod propagation;
mod redis_counts;
pub mod redis_hit;
mod redis_server;
mod replica_log;
mod requests;
mod samples;
mod served;
mod speeds;
mod turns;
mod typical;
mod wire;

pub use after_redis::AfterRedis;
pub use constant::Constant;
pub use wire::{Carried, Noted, Wire};
