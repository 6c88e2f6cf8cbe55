//! What the operations port tells of this process's memory, for the auditor.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::get};
use catalog_core::{
    contract::memory::{KEYS, MOST_KEYS, Memory},
    key::EntityKey,
};
use serde::Deserialize;
use service_kit::problem::{FieldError, INVALID_PARAMETER, Problem, ProblemQuery};

use crate::read::Reader;

/// The routes under `/debug`.
pub fn routes(reader: Arc<Reader>) -> Router {
    let routes = Router::new().route("/memory", get(memory));
    #[cfg(debug_assertions)]
    let routes = routes.route("/memory/pin", axum::routing::post(pin));
    routes.with_state(reader)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemoryQuery {
    keys: String,
}

impl MemoryQuery {
    fn keys(&self) -> Result<Vec<EntityKey>, Problem> {
        let keys: Result<Vec<EntityKey>, _> =
            self.keys.split(',').take(MOST_KEYS + 1).map(str::parse).collect();
        let wrong = |reason: String| {
            Problem::new(INVALID_PARAMETER).error(FieldError::parameter(KEYS, reason))
        };
        match keys {
            Ok(keys) if keys.len() <= MOST_KEYS => Ok(keys),
            Ok(_) => Err(wrong(format!("has more than {MOST_KEYS} keys: ask in parts"))),
            Err(malformed) => Err(wrong(malformed.to_string())),
        }
    }
}

async fn memory(
    State(reader): State<Arc<Reader>>,
    ProblemQuery(query): ProblemQuery<MemoryQuery>,
) -> Result<Json<Memory>, Problem> {
    let mut entries = Vec::new();
    for key in query.keys()? {
        entries.extend(reader.remembered(key));
        // Requests go first.
        tokio::task::yield_now().await;
    }
    Ok(Json(Memory { entries }))
}

/// Breaks this process: what its memory has of these it holds for current from now on, whatever changes.
/// In builds for tests alone, which see by it whether the auditor finds such a process.
#[cfg(debug_assertions)]
async fn pin(
    State(reader): State<Arc<Reader>>,
    ProblemQuery(query): ProblemQuery<MemoryQuery>,
) -> Result<(), Problem> {
    query.keys()?.into_iter().for_each(|key| reader.pin(key));
    Ok(())
}
