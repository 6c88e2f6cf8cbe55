//! catalog-core
