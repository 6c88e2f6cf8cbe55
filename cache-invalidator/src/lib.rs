//! cache-invalidator
