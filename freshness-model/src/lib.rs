//! The freshness rule, checked in every order in which its parts can act. README.md tells what is
//! modelled and what is not.

pub mod check;
pub mod entry;
pub mod guards;
mod happen;
pub mod model;
pub mod naive;
pub mod pod;
mod possible;
pub mod primary;
pub mod redis;
pub mod scope;
pub mod session;
pub mod truth;
pub mod world;
