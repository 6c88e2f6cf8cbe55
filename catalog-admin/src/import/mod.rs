//! Bulk loads: NDJSON of any size, in constant memory, a wrong line never spoiling its neighbours.
//!
//! A body is cut into lines ([`lines`]), which are read in batches beside the loading
//! ([`receive`], [`line`]). A batch is one transaction ([`load`], [`batch`]): what its lines are about
//! is looked up and locked ([`identity`]), each line is decided on in order as if the ones before it
//! had been written ([`plan_categories`], [`plan_products`], [`names`]), and the rows of all are merged
//! by a statement a table. Counts and errors commit with the batch, so they are true at any moment.

mod batch;
mod compare;
mod failure;
mod growth;
mod identity;
mod line;
mod lines;
mod load;
mod names;
mod outcome;
mod plan_categories;
mod plan_products;
mod receive;
mod reject;
mod rows;
mod service;
mod settings;

pub use failure::{Failure, ImportError};
pub use service::Imports;
pub use settings::ImportSettings;
