//! The migrations on a real PostgreSQL: what raises versions, what is refused, what documents say.

mod bulk;
mod categories;
mod documents;
mod events;
mod freshness;
mod lookups;
mod migrating;
mod once;
mod raising;
mod readers;
mod refusals;
mod statements;
mod stock;
mod support;
mod triggers;
