//! catalog-query
