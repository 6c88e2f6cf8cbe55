//! Load from outside: reads and edits at fixed rates, and the judgement of every answer.

mod admin_editor;
mod answer;
mod arrivals;
mod catalog;
mod edit_load;
mod editor;
mod judge;
mod kept;
mod ledger;
mod psql_editor;
mod reader;
mod rows;
mod tally;
mod times;
mod watch;

pub use admin_editor::AdminEditor;
pub use answer::{Answer, ReadError};
pub use catalog::Catalog;
pub(crate) use catalog::connect;
pub use edit_load::EditLoad;
pub use editor::{Edit, EditError, Editor, Way};
pub use judge::Judge;
pub use kept::lost;
pub use ledger::{Acknowledged, Ledger};
pub use psql_editor::PsqlEditor;
pub use reader::{
    Pace, READ_LIMIT, ReadLoad, SESSION, SESSION_LOST, client, read, read_with, strong,
};
pub use rows::{complete_row, rate_row, read_rows, refused_rows};
pub use tally::{Counts, EditCounts, Reading, Tally};
pub use times::{Times, millis};
pub use watch::{POLL_INTERVAL, Seen, watch};
