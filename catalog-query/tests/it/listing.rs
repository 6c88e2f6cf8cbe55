//! Lists over HTTP: by page, dated by the beat, their products proven one by one.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::support::{Answer, Here, Table, eventually};

/// The products' slugs, in order.
fn slugs(answer: &Answer) -> Vec<String> {
    let page = answer.json();
    let items = page["items"].as_array().unwrap_or_else(|| panic!("no items: {page}"));
    items.iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}

/// All pages of a list, one after another; `between` runs after each.
async fn all_pages(here: &Here, list: &str, mut between: impl AsyncFnMut(usize)) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = Value::Null;
    for page in 0.. {
        let after = cursor.as_str().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let answer = here.get(&format!("{list}{after}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        found.extend(slugs(&answer));
        cursor = answer.json()["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
        between(page).await;
    }
    found
}

/// Waits until the list shows these products in this order.
async fn shows(here: &Here, list: &str, expected: &[&str]) -> Answer {
    eventually("the list shows the products", async || {
        let answer = here.get(list).await;
        (answer.status == StatusCode::OK && slugs(&answer) == expected).then_some(answer)
    })
    .await
}

async fn price(here: &Here, slug: &str, amount: i64, from: &str, until: &str) {
    here.editor
        .run(&format!(
            "INSERT INTO price (product_id, variant_id, channel, currency, amount, valid_from, valid_until)
             SELECT v.product_id, v.id, 'web', 'EUR', {amount}, now() + {from}, now() + {until}
             FROM variant v JOIN product p ON p.id = v.product_id WHERE p.slug = '{slug}'"
        ))
        .await;
}

#[tokio::test]
async fn paging_gives_each_product_once_while_others_are_added() {
    let here = Here::new().await;
    let mut before = BTreeSet::new();
    for n in 0..12 {
        here.editor.product(&format!("sock-{n}")).await;
        before.insert(format!("sock-{n}"));
    }
    for sort in ["newest", "price"] {
        let list = format!("/v1/products?limit=5&sort={sort}");
        let first = format!("{list}&locale=de");
        eventually("all are listed", async || {
            let found = all_pages(&here, &first, async |_| {}).await;
            (found.len() >= before.len()).then_some(())
        })
        .await;
        let found = all_pages(&here, &list, async |page| {
            here.editor.product(&format!("late-{sort}-{page}")).await;
        })
        .await;
        let once: BTreeSet<_> = found.iter().cloned().collect();
        assert_eq!(found.len(), once.len(), "{found:?}");
        assert!(once.is_superset(&before), "{found:?}");
        before = once;
    }
}

#[tokio::test]
async fn a_category_lists_what_is_below_it_by_its_places() {
    let here = Here::new().await;
    let (hat, sock) = (here.editor.product("hat").await, here.editor.product("sock").await);
    here.editor.product("stranger").await;
    let clothes = here.editor.category("clothes", hat).await;
    let socks = here.editor.category("socks", sock).await;
    here.editor
        .run(&format!(
            "UPDATE category SET parent_id = '{clothes}' WHERE id = '{socks}';
             UPDATE product_category SET position = 5 WHERE product_id = '{hat}';
             UPDATE product_category SET position = 3 WHERE product_id = '{sock}'"
        ))
        .await;
    shows(&here, "/v1/products?category=clothes&sort=position", &["sock", "hat"]).await;
    shows(&here, "/v1/products?category=socks", &["sock"]).await;
    here.editor.run("UPDATE category SET slug = 'apparel' WHERE slug = 'clothes'").await;
    shows(&here, "/v1/products?category=apparel&sort=position", &["sock", "hat"]).await;
    // An old slug still leads to the category.
    shows(&here, "/v1/products?category=clothes&sort=position", &["sock", "hat"]).await;
}

#[tokio::test]
async fn the_price_in_force_orders_and_products_without_one_are_left_out() {
    let here = Here::new().await;
    for slug in ["plain", "campaign", "dear", "free-soon"] {
        here.editor.product(slug).await;
    }
    price(&here, "campaign", 500, "interval '-1 day'", "interval '1 day'").await;
    // A campaign that has begun stands before the regular price even when it is dearer.
    price(&here, "dear", 9000, "interval '-1 day'", "interval '1 day'").await;
    price(&here, "free-soon", 0, "interval '1 hour'", "interval '1 day'").await;
    price(&here, "plain", 1, "interval '-2 day'", "interval '-1 day'").await;
    here.editor.run("UPDATE price SET amount = 1001 WHERE amount = 1000 AND product_id = (SELECT id FROM product WHERE slug = 'plain')").await;
    let expected = ["campaign", "free-soon", "plain", "dear"];
    shows(&here, "/v1/products?sort=price", &expected).await;
    shows(&here, "/v1/products?sort=price&currency=USD", &[]).await;
    assert_eq!(all_pages(&here, "/v1/products?sort=price&limit=1", async |_| {}).await, expected);
}

#[tokio::test]
async fn an_edit_shows_in_every_list() {
    let here = Here::new().await;
    let sock = here.editor.product("sock").await;
    here.editor.category("socks", sock).await;
    let lists = ["/v1/products", "/v1/products?sort=price", "/v1/products?category=socks"];
    for list in lists {
        shows(&here, list, &["sock"]).await;
    }
    let version = here.editor.rename(sock, "A warmer sock").await;
    for list in lists {
        eventually("the edit shows", async || {
            let item = here.get(list).await.json()["items"][0].clone();
            (item["version"].as_u64()? >= version && item["name"] == "A warmer sock").then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_deleted_or_withdrawn_leaves_the_lists() {
    let here = Here::new().await;
    for slug in ["kept", "deleted", "archived", "ended"] {
        here.editor.product(slug).await;
    }
    shows(&here, "/v1/products", &["ended", "archived", "deleted", "kept"]).await;
    here.editor
        .run(
            "UPDATE product SET deleted_at = now() WHERE slug = 'deleted';
             UPDATE product SET status = 'archived' WHERE slug = 'archived';
             UPDATE product SET unpublish_at = now() WHERE slug = 'ended'",
        )
        .await;
    let answer = shows(&here, "/v1/products", &["kept"]).await;
    assert!(!answer.is_stale());
}

#[tokio::test]
async fn without_beats_the_primary_gives_the_lists() {
    let here = Here::new().await;
    here.editor.product("sock").await;
    shows(&here, "/v1/products", &["sock"]).await;
    here.editor.stop_beating();
    // Each asks for a page that is not in memory.
    let asked = AtomicUsize::new(0);
    let seen = eventually("the primary gives a list", async || {
        let limit = 1 + asked.fetch_add(1, Ordering::Relaxed) % 100;
        let answer = here.get(&format!("/v1/products?limit={limit}")).await;
        assert!(!answer.is_stale(), "{answer:?}");
        Some(answer).filter(|answer| answer.layer() == "primary")
    })
    .await;
    assert_eq!(slugs(&seen), ["sock"]);
    here.editor.product("hat").await;
    let seen = shows(&here, "/v1/products", &["hat", "sock"]).await;
    assert!(!seen.is_stale());
}

#[tokio::test]
async fn what_busy_replicas_refuse_does_not_fall_on_the_primary() {
    let here = Here::with(&[
        ("LOAD__STATEMENT", "20s"),
        ("REPLICA__POOL__STATEMENT_TIMEOUT", "20s"),
        ("PRIMARY__POOL__STATEMENT_TIMEOUT", "20s"),
    ])
    .await;
    here.editor.product("sock").await;
    shows(&here, "/v1/products", &["sock"]).await;
    // While what replicas give is too old to be dated, the primary is asked first.
    let asked = AtomicUsize::new(0);
    eventually("a replica gives a list", async || {
        let limit = 1 + asked.fetch_add(1, Ordering::Relaxed) % 100;
        let answer = here.get(&format!("/v1/products?limit={limit}")).await;
        (answer.layer() == "replica" && !answer.is_stale()).then_some(())
    })
    .await;
    let primary = ["layer=\"primary\""];
    let before = here.service.counted("vitrina_dated_loads_total", &primary).await;
    let lock = Table::lock(&here, "product").await;
    let paths: Vec<_> =
        (1..=40).map(|limit| format!("/v1/products?sort=price&limit={limit}")).collect();
    let answers = join_all(paths.iter().map(|path| here.get(path))).await;
    let refused = answers.iter().filter(|answer| answer.json()["type"] == "/problems/overloaded");
    assert!(refused.count() >= 30, "{answers:?}");
    assert_eq!(here.service.counted("vitrina_dated_loads_total", &primary).await, before);
    lock.release().await;
}

#[tokio::test]
async fn a_list_is_conditional_and_says_where_it_came_from() {
    let here = Here::new().await;
    here.editor.product("sock").await;
    shows(&here, "/v1/products", &["sock"]).await;
    let answer = eventually("it is in memory", async || {
        Some(here.get("/v1/products").await).filter(|answer| answer.layer() == "moka")
    })
    .await;
    assert_eq!(answer.header("cache-control"), "max-age=2");
    let etag = answer.header("etag").to_owned();
    let again = here.service.get_with("/v1/products", "if-none-match", &etag).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn what_is_wrong_in_a_question_is_named() {
    let here = Here::new().await;
    let id = Uuid::nil();
    for (query, parameter) in [
        ("sort=price_desc".to_owned(), "sort"),
        ("sort=position".to_owned(), "sort"),
        ("limit=0".to_owned(), "limit"),
        ("limit=101".to_owned(), "limit"),
        ("limit=many".to_owned(), "limit"),
        ("category=unknown".to_owned(), "category"),
        ("category=Not%20a%20slug".to_owned(), "category"),
        ("locale=fr".to_owned(), "locale"),
        ("currency=JPY".to_owned(), "currency"),
        ("channel=moon".to_owned(), "channel"),
        ("cursor=tampered".to_owned(), "cursor"),
        ("colour=red".to_owned(), "colour"),
        (format!("ids={id}&category=socks"), "category"),
        (format!("ids={id}&sort=price"), "sort"),
        (format!("cursor=x&ids={id}"), "cursor"),
        (format!("ids={id}&colour=red"), "colour"),
    ] {
        let answer = here.get(&format!("/v1/products?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
        assert_eq!(answer.json()["errors"][0]["parameter"], parameter, "{query}");
    }
}
