//! Runs the checker.

use std::hash::Hash;

use stateright::{Checker, HasDiscoveries, Model, Path};

use crate::{guards::Guard, model::Catalog, naive::Naive, scope::Scope};

/// What came of a scope.
#[derive(Debug, Clone)]
pub struct Checked {
    /// How many states there are.
    pub states: usize,
    /// How many steps the longest way has.
    pub depth: usize,
    /// What does not hold.
    pub failures: Vec<Failure>,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What.
    pub property: &'static str,
    /// A way to where it does not; `None` if it was to be reached and never is.
    pub way: Option<Vec<String>>,
}

/// Tries everything in a scope, on so many threads.
pub fn check(scope: &'static Scope, threads: usize) -> Checked {
    let model = Catalog { scope, without: None };
    let checker = model.checker().threads(threads).spawn_dfs().join();
    let failures = failures(&checker);
    Checked { states: checker.unique_state_count(), depth: checker.max_depth(), failures }
}

/// The shortest way in which a scope goes wrong without a guard, if it does.
pub fn counterexample(guard: Guard, scope: &'static Scope) -> Option<Failure> {
    shortest_failure(Catalog { scope, without: Some(guard) })
}

/// The shortest way in which plain cache-aside goes wrong.
pub fn naive_counterexample() -> Option<Failure> {
    shortest_failure(Naive { writes: 2, loads: 2 })
}

/// The checker goes on for a while after it has found one, and keeps the last: so it is asked for one
/// that is shorter until there is none.
fn shortest_failure<M>(model: M) -> Option<Failure>
where
    M: Model + Copy + Send + Sync + 'static,
    M::State: Clone + PartialEq + Hash + Send + Sync,
    M::Action: Clone + PartialEq + ToString + Send + Sync,
{
    let mut shortest: Option<(usize, Failure)> = None;
    loop {
        let checker = model.checker().finish_when(HasDiscoveries::AnyFailures);
        let checker = match &shortest {
            // A state's depth counts the state itself too, and the bound is the first not to be tried.
            Some((steps, _)) => checker.target_max_depth(steps + 1),
            None => checker,
        };
        let found = failures(&checker.spawn_bfs().join());
        let ways = found.into_iter().filter_map(|it| Some((it.way.as_ref()?.len(), it)));
        match ways.min_by_key(|(steps, _)| *steps) {
            Some((0, failure)) => return Some(failure),
            Some(shorter) => shortest = Some(shorter),
            None => return shortest.map(|(_, failure)| failure),
        }
    }
}

fn failures<M>(checker: &impl Checker<M>) -> Vec<Failure>
where
    M: Model,
    M::State: Clone + PartialEq,
    M::Action: Clone + PartialEq + ToString,
{
    let mut found = checker.discoveries();
    let properties = checker.model().properties().into_iter();
    properties
        .filter_map(|property| {
            let path = found.remove(property.name);
            let fails = property.expectation.discovery_is_failure() == path.is_some();
            let actions = path.map(Path::into_actions);
            let way = actions.map(|actions| actions.iter().map(ToString::to_string).collect());
            fails.then_some(Failure { property: property.name, way })
        })
        .collect()
}
