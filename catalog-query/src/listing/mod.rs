mod query;

pub use query::{InvalidLimit, Limit, Listing, PageQuery, Position, Sort, UnknownSort};
