//! Load from outside: reads at a fixed rate, edits, and the judgement of every answer.

mod answer;
mod catalog;
mod editor;
mod judge;
mod ledger;
mod reader;
mod tally;
mod watch;

pub use answer::{Answer, ReadError};
pub use catalog::{Catalog, Known};
pub use editor::{AdminEditor, Edit, EditError, PsqlEditor};
pub use judge::Judge;
pub use ledger::Ledger;
pub use reader::{ReadLoad, client, read};
pub use tally::{Counts, Tally};
pub use watch::{Seen, watch};
