//! catalog-admin
fn main() {}
