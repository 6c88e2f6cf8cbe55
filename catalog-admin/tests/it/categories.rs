//! Categories form a tree.

use serde_json::{Value, json};

use crate::imports::{counts, errors, import, line};
use crate::samples::category;
use crate::service::{Answer, Service};

async fn below(service: &Service, slug: &str, parent: &Answer) -> Answer {
    let mut child = category(slug);
    child["parent"] = json!({"id": parent.id()});
    service.post("/v1/categories", &child).await.is(201)
}

#[tokio::test]
async fn a_category_is_read_replaced_patched_and_deleted() {
    let service = Service::start().await;
    let root = service.post("/v1/categories", &category("clothes")).await.is(201);
    let child = below(&service, "socks", &root).await;
    assert_eq!(child.body["parent"], json!({"id": root.id()}));
    let place = format!("/v1/categories/{}", child.id());
    assert_eq!(child.header("location"), Some(place.as_str()));
    assert_eq!(service.get(&place).await.is(200).body, child.body);
    assert_eq!(service.put(&place, child.etag(), &child.body).await.is(200).etag(), child.etag());

    let patch = json!({"parent": null, "position": 3, "translations": {"de": {"name": "Socken"}}});
    let patched = service.patch(&place, child.etag(), &patch).await.is(200);
    assert_eq!(patched.body["parent"], Value::Null);
    assert_eq!(patched.body["position"], 3);
    assert_eq!(patched.body["translations"]["en"]["name"], "socks");

    service.delete(&place, patched.etag()).await.is(204);
    service.get(&place).await.is(404);
    let history = service.get(&format!("{place}/revisions")).await.is(200);
    let items = history.body["items"].as_array().unwrap();
    let actions: Vec<&str> = items.iter().map(|one| one["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["delete", "patch", "create"]);
}

#[tokio::test]
async fn a_category_cannot_become_its_own_ancestor() {
    let service = Service::start().await;
    let root = service.post("/v1/categories", &category("a")).await.is(201);
    let middle = below(&service, "b", &root).await;
    let leaf = below(&service, "c", &middle).await;
    let place = format!("/v1/categories/{}", root.id());
    for parent in [&root, &middle, &leaf] {
        let patch = json!({"parent": {"id": parent.id()}});
        let answer = service.patch(&place, root.etag(), &patch).await.is(409);
        assert_eq!(answer.body["type"], "/problems/category-cycle");
        assert_eq!(answer.pointers(), ["/parent"]);
    }
    assert_eq!(service.get(&place).await.etag(), root.etag());
}

#[tokio::test]
async fn of_two_moves_that_would_close_a_circle_one_is_refused() {
    let service = Service::start().await;
    let first = service.post("/v1/categories", &category("a")).await.is(201);
    let second = service.post("/v1/categories", &category("b")).await.is(201);
    let (to_second, to_first) =
        (json!({"parent": {"slug": "b"}}), json!({"parent": {"slug": "a"}}));
    let places = [&first, &second].map(|one| format!("/v1/categories/{}", one.id()));
    let (one, other) = tokio::join!(
        service.patch(&places[0], first.etag(), &to_second),
        service.patch(&places[1], second.etag(), &to_first),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn a_category_with_subcategories_is_not_deleted() {
    let service = Service::start().await;
    let root = service.post("/v1/categories", &category("a")).await.is(201);
    let child = below(&service, "b", &root).await;
    let place = format!("/v1/categories/{}", root.id());
    let answer = service.delete(&place, root.etag()).await.is(409);
    assert_eq!(answer.body["type"], "/problems/category-not-empty");
    assert_eq!(answer.body["subcategories"], 1);
    service.delete(&format!("/v1/categories/{}", child.id()), child.etag()).await.is(204);
    service.delete(&place, root.etag()).await.is(204);
}

#[tokio::test]
async fn a_parent_that_is_deleted_at_the_same_moment_is_unknown() {
    let service = Service::start().await;
    let root = service.post("/v1/categories", &category("a")).await.is(201);
    let mut child = category("b");
    child["parent"] = json!({"slug": "a"});
    let delete = format!("UPDATE category SET deleted_at = now() WHERE id = '{}'", root.id());
    let revive = delete.replace("now()", "NULL");

    let mut other = service.database().await;
    let open = other.transaction().await.unwrap();
    open.batch_execute(&delete).await.unwrap();
    let deleting = async {
        service.until_blocked().await;
        open.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(service.post("/v1/categories", &child), deleting);
    assert_eq!(answer.is(422).pointers(), ["/parent/slug"]);

    other.batch_execute(&revive).await.unwrap();
    let open = other.transaction().await.unwrap();
    open.batch_execute(&delete).await.unwrap();
    let deleting = async {
        service.until_blocked().await;
        open.commit().await.unwrap();
    };
    let (done, ()) = tokio::join!(import(&service, line("category", child)), deleting);
    let done = done.is(201);
    assert_eq!(counts(&done), [0, 0, 0, 1]);
    assert_eq!(errors(&done), [(1, "/parent/slug", "unknown_reference")]);
}

#[tokio::test]
async fn a_category_that_gets_a_child_at_the_same_moment_is_not_deleted() {
    let service = Service::start().await;
    let root = service.post("/v1/categories", &category("a")).await.is(201);
    let mut other = service.database().await;
    let open = other.transaction().await.unwrap();
    let insert = format!(
        "INSERT INTO category (id, slug, parent_id) VALUES (gen_random_uuid(), 'b', '{}')",
        root.id()
    );
    open.batch_execute(&insert).await.unwrap();
    let inserting = async {
        service.until_blocked().await;
        open.commit().await.unwrap();
    };
    let place = format!("/v1/categories/{}", root.id());
    let (answer, ()) = tokio::join!(service.delete(&place, root.etag()), inserting);
    assert_eq!(answer.is(409).body["subcategories"], 1);
    service.get(&place).await.is(200);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_category_is_told_at_once() {
    let service = Service::start().await;
    let wrong = json!({
        "slug": "a--b", "parent": {"slug": "nowhere"}, "position": 1.5,
        "translations": {"fr": {"name": "x"}}, "colour": "red",
    });
    let answer = service.post("/v1/categories", &wrong).await.is(422);
    let mut pointers = answer.pointers();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/colour", "/parent/slug", "/position", "/slug", "/translations/fr"]);
}

#[tokio::test]
async fn categories_are_listed_by_slug() {
    let service = Service::start().await;
    for slug in ["c", "a", "b"] {
        service.post("/v1/categories", &category(slug)).await.is(201);
    }
    let first = service.get("/v1/categories?limit=2").await.is(200);
    let next = first.body["next"].as_str().unwrap();
    let second = service.get(&format!("/v1/categories?limit=2&cursor={next}")).await.is(200);
    let slugs: Vec<&Value> = [&first, &second]
        .iter()
        .flat_map(|page| page.body["items"].as_array().unwrap())
        .map(|item| &item["slug"])
        .collect();
    assert_eq!(slugs, ["a", "b", "c"]);
    assert_eq!(second.body["next"], Value::Null);
}
