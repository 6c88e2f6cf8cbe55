//! catalog-admin
