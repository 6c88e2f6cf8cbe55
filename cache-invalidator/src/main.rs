//! cache-invalidator
fn main() {}
