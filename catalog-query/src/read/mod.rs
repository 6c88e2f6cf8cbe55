//! The use cases: an answer from memory if the freshness rule allows it, from a load if not, and
//! from the last that is known, labelled, if nothing better can be had. A caller may ask for more than
//! the bound.

mod answer;
mod assembled;
mod category_slugs;
mod decision;
mod demand;
mod error;
mod flights;
mod insist;
mod loader;
mod loads;
mod lookups;
mod named;
mod old_slugs;
mod products;
mod reader;
mod refresh;
mod remembered;
mod small;
mod subject;
mod view;

pub use answer::{EntryAnswer, Forward, Origin, ProductAnswer, Via};
pub use category_slugs::{CategorySlug, LeadsTo};
pub use decision::Decision;
pub(crate) use demand::Listed;
pub use demand::{Demand, Level};
pub use error::ReadError;
pub use lookups::BySlug;
pub use reader::{Background, Parts, ReadLimits, Reader};
pub use subject::Subject;
pub use view::{Chosen, RulesVersion, ViewError, ViewParameters};
