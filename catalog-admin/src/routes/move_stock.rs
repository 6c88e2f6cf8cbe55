//! `POST /v1/stock/movements`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::app::App;
use crate::blocking;
use crate::editing::once::Once;
use crate::editing::stock::{Movement, ROUTE, move_stock};
use crate::error::{Error, Result};
use crate::field::{At, Fields, Wrong};
use crate::json::{self, read_from_objects};
use crate::value::{Sku, at_most, required_text};

use super::WriteProblems;
use super::parts::answer;
use super::parts::body::JsonBody;
use super::parts::headers::{IdempotencyKey, Origin};

const MOST: usize = 1_000;
const LONGEST_LOCATION: usize = 100;

read_from_objects!(MovementsInput, MovementInput);

/// Movements, all of which take place, or none.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub(crate) struct MovementsInput {
    /// Up to 1,000; one after the other.
    #[schema(required = true, nullable = false)]
    movements: Option<Vec<MovementInput>>,
}

/// Pieces that come or go.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub(crate) struct MovementInput {
    /// Of which variant.
    #[schema(required = true, nullable = false)]
    sku: Option<String>,
    /// Where.
    #[schema(required = true, nullable = false)]
    location: Option<String>,
    /// How many come; negative: how many go.
    #[schema(required = true, nullable = false)]
    delta: Option<i64>,
}

/// Movements that took place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MovementsOutput {
    /// In the order in which they were asked for.
    movements: Vec<MovementOutput>,
}

/// A movement that took place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MovementOutput {
    /// Of which variant.
    sku: String,
    /// Where.
    location: String,
    /// How many came.
    delta: i32,
    /// How many there are now, after all movements.
    quantity: i32,
}

/// Moves stock: all of the movements, or none.
///
/// With an `Idempotency-Key` the same request can be sent again and moves nothing twice.
#[utoipa::path(
    operation_id = "move_stock",
    post, path = "/stock/movements", tag = "stock",
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's name for this request")),
    request_body = MovementsInput,
    responses((status = 200, description = "The movements, with what is left where.", body = MovementsOutput), WriteProblems),
)]
pub(crate) async fn handle(
    State(app): State<App>,
    origin: Origin,
    IdempotencyKey(key): IdempotencyKey,
    body: JsonBody,
) -> Result<Response> {
    let document = body.document;
    let movements = blocking::run(move || parse(document)).await?;
    let once = key.map(|key| Once::new(ROUTE, key, &body.text, app.idempotency.ttl));
    let render = |quantities: &[i32]| render(&movements, quantities);
    let moved = move_stock(&app.store, origin.author(), &movements, once.as_ref(), render).await?;
    Ok(answer::marked(Json(moved.body).into_response(), moved.replayed))
}

fn parse(document: Value) -> Result<Vec<Movement>> {
    let mut fields = Fields::default();
    let input: MovementsInput = json::read(document, &mut fields);
    let given = input.movements.unwrap_or_default();
    let at = At::Root.member("movements");
    if given.is_empty() {
        fields.wrong(at, Wrong::Required, "takes at least one movement");
    }
    let given = at_most(given, MOST, at, &mut fields);
    let parsed = given.into_iter().enumerate();
    let parsed: Vec<Movement> = parsed
        .filter_map(|(index, given)| movement(given, at.element(index), &mut fields))
        .collect();
    fields.finish(parsed).map_err(Error::Fields)
}

fn movement(given: MovementInput, at: At<'_>, fields: &mut Fields) -> Option<Movement> {
    let sku = Sku::required(given.sku, at.member("sku"), fields);
    let location = required_text(given.location, LONGEST_LOCATION, at.member("location"), fields);
    let delta = given.delta.and_then(|delta| i32::try_from(delta).ok());
    if delta.is_none_or(|delta| delta == 0) {
        let detail = "must be a whole number other than 0: how many come, or, negative, go";
        fields.wrong(at.member("delta"), Wrong::Range, detail);
    }
    Some(Movement { sku: sku?.to_string(), location: location?, delta: delta? })
}

fn render(movements: &[Movement], quantities: &[i32]) -> Value {
    let moved = movements.iter().zip(quantities).map(|(movement, quantity)| MovementOutput {
        sku: movement.sku.clone(),
        location: movement.location.clone(),
        delta: movement.delta,
        quantity: *quantity,
    });
    json!(MovementsOutput { movements: moved.collect() })
}
