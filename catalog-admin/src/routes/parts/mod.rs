//! What several endpoints parse or render in the same way.

pub(crate) mod answer;
pub(crate) mod body;
pub(crate) mod headers;
pub(crate) mod id;
pub(crate) mod import;
pub(crate) mod page;
pub(crate) mod responses;
pub(crate) mod revision;
pub(crate) mod write;
