//! What would a thousand processes and a hundred million products ask of each part, where does that end, and
//! what carries on? Computed and simulated; `bench/scale/README.md` says how, and how it is checked.

mod behaviour;
mod che;
mod check;
mod costs;
mod counters;
mod design;
mod known;
mod layers;
mod measured;
mod pace;
mod page;
mod plan;
mod pod;
mod popularity;
mod primary;
mod resources;
mod rows;
mod simulate;
mod sweep;

pub use behaviour::{Behaviour, Octave};
pub use check::check;
pub use costs::Costs;
pub use design::Design;
pub use layers::Layers;
pub use measured::{Measured, Run, measure};
pub use page::page;
pub use plan::Plan;
pub use resources::{Resource, ends_first, least_pods, resources};
pub use rows::rows;
pub use simulate::simulate;
pub use sweep::{Point, Sweep, sweep};
