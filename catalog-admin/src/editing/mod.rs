//! The use cases: whole documents written in one transaction, or not at all.

pub mod conflict;
