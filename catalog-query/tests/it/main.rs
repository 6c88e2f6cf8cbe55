//! What this service does, on real stores.

mod pages;
