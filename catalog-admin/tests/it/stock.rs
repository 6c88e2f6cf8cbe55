//! Stock moves, and raises the version only when what storefronts show changes.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::samples::sock;
use crate::service::{Answer, Service, send};

async fn movement(service: &Service, sku: &str, delta: i64) -> Answer {
    let body = json!({"movements": [{"sku": sku, "location": "main", "delta": delta}]});
    service.post("/v1/stock/movements", &body).await
}

async fn red(service: &Service, place: &str) -> Value {
    let stock = service.get(&format!("{place}/stock")).await.is(200);
    stock.body["variants"][0].clone()
}

#[tokio::test]
async fn movements_add_up_and_show_when_availability_changes() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let version = async || service.get(&place).await.body["version"].as_i64().unwrap();
    assert_eq!(red(&service, &place).await["availability"], "in_stock");

    let answer = movement(&service, "sock-red-m", -2).await.is(200);
    assert_eq!(
        answer.body["movements"],
        json!([{"sku": "sock-red-m", "location": "main", "delta": -2, "quantity": 8}])
    );
    assert_eq!(version().await, 1);
    movement(&service, "sock-red-m", -5).await.is(200);
    assert_eq!(version().await, 2);
    assert_eq!(red(&service, &place).await["availability"], "few_left");
    movement(&service, "sock-red-m", -3).await.is(200);
    assert_eq!(version().await, 3);
    let none = red(&service, &place).await;
    assert_eq!((&none["availability"], &none["quantity"]), (&json!("out_of_stock"), &json!(0)));

    let history = service.get(&format!("{place}/revisions")).await.is(200);
    let items = history.body["items"].as_array().unwrap();
    let actions: Vec<&str> = items.iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["stock", "stock", "create"]);
}

#[tokio::test]
async fn all_movements_take_place_or_none() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let too_much = json!({"movements": [
        {"sku": "sock-red-m", "location": "main", "delta": -1},
        {"sku": "sock-blue-m", "location": "main", "delta": -1},
        {"sku": "sock-red-m", "location": "main", "delta": -10},
    ]});
    let answer = service.post("/v1/stock/movements", &too_much).await.is(409);
    assert_eq!(answer.body["type"], "/problems/insufficient-stock");
    assert_eq!(answer.pointers(), ["/movements/1/delta", "/movements/2/delta"]);
    assert_eq!(red(&service, &place).await["quantity"], 10);

    let wrong = json!({"movements": [
        {"sku": "nobody", "location": "main", "delta": 1},
        {"sku": "sock-red-m", "location": "main", "delta": 1},
    ]});
    let answer = service.post("/v1/stock/movements", &wrong).await.is(422);
    assert_eq!(answer.pointers(), ["/movements/0/sku"]);
    let wrong = json!({"movements": [{"sku": "sock-red-m", "delta": 0, "place": "x"}]});
    let mut pointers: Vec<String> = Vec::new();
    let answer = service.post("/v1/stock/movements", &wrong).await.is(422);
    pointers.extend(answer.pointers().into_iter().map(str::to_owned));
    pointers.sort();
    assert_eq!(pointers, ["/movements/0/delta", "/movements/0/location", "/movements/0/place"]);
    assert_eq!(red(&service, &place).await["quantity"], 10);
}

#[tokio::test]
async fn many_sales_at_once_sell_what_there_is() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let answers = join_all((0..14).map(|_| movement(&service, "sock-red-m", -1))).await;
    let sold = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((sold, refused), (10, 4));
    let none = red(&service, &place).await;
    assert_eq!((&none["availability"], &none["quantity"]), (&json!("out_of_stock"), &json!(0)));
}

#[tokio::test]
async fn a_movement_that_is_sent_again_moves_nothing_twice() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    let body = json!({"movements": [{"sku": "sock-red-m", "location": "main", "delta": -1}]});
    let request = || {
        let request = service.request(Method::POST, "/v1/stock/movements");
        send(request.header("idempotency-key", "sale-1").json(&body))
    };
    let first = request().await.is(200);
    let again = request().await.is(200);
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(red(&service, &place).await["quantity"], 9);
}

#[tokio::test]
async fn documents_set_stock_only_where_they_name_it() {
    let service = Service::start().await;
    let created = service.post("/v1/products", &sock("sock")).await.is(201);
    let place = format!("/v1/products/{}", created.id());
    movement(&service, "sock-red-m", -1).await.is(200);
    let mut variants = created.body["variants"].clone();
    let stock = json!([{"location": "annex", "quantity": 4}]);
    variants[0]["stock"] = stock;
    let patch = json!({"variants": variants});
    service.patch(&place, created.etag(), &patch).await.is(200);
    let red = red(&service, &place).await;
    assert_eq!(red["quantity"], 13);
    assert_eq!(
        red["locations"],
        json!([{"location": "annex", "quantity": 4}, {"location": "main", "quantity": 9}])
    );
    service.get("/v1/products/00000000-0000-0000-0000-000000000000/stock").await.is(404);
}

#[tokio::test]
async fn a_movement_that_waited_is_of_whatever_bears_the_sku_by_then() {
    let service = Service::start().await;
    let first = service.post("/v1/products", &sock("first")).await.is(201);
    let second = service.post("/v1/products", &sock("second")).await.is(201);
    let retire = "UPDATE variant SET deleted_at = now() WHERE sku = 'first-red-m'";
    let pass_on = "
        INSERT INTO variant (id, product_id, sku, options, position)
        VALUES (gen_random_uuid(), $1, 'first-red-m', '{\"color\": \"green\", \"size\": \"M\"}', 9)";
    let mut database = service.database().await;

    let retired = database.transaction().await.unwrap();
    retired.execute(retire, &[]).await.unwrap();
    let retiring = async {
        service.until_blocked().await;
        retired.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(movement(&service, "first-red-m", 5), retiring);
    assert_eq!(answer.is(422).pointers(), ["/movements/0/sku"]);

    database
        .execute("UPDATE variant SET deleted_at = NULL WHERE sku = 'first-red-m'", &[])
        .await
        .unwrap();
    let passed = database.transaction().await.unwrap();
    let id: uuid::Uuid = second.id().parse().unwrap();
    passed.execute(retire, &[]).await.unwrap();
    passed.execute(pass_on, &[&id]).await.unwrap();
    let passing = async {
        service.until_blocked().await;
        passed.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(movement(&service, "first-red-m", 5), passing);
    assert_eq!(answer.is(200).body["movements"][0]["quantity"], 5);
    let quantity = async |id: &str, index: usize| {
        let stock = service.get(&format!("/v1/products/{id}/stock")).await.is(200);
        stock.body["variants"][index]["quantity"].as_i64().unwrap()
    };
    assert_eq!(quantity(second.id(), 2).await, 5);
    let of_retired = "SELECT sum(quantity) FROM stock WHERE product_id = $1";
    let id: uuid::Uuid = first.id().parse().unwrap();
    let left: i64 = database.query_one(of_retired, &[&id]).await.unwrap().get(0);
    assert_eq!(left, 10);
}
