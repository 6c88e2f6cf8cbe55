//! catalog-query
fn main() {}
