//! A read goes from layer to layer, and says which one answered.

use bench::load::{Catalog, READ_LIMIT, client};
use rand::{SeedableRng as _, rngs::SmallRng};
use reqwest::{Client, Response, StatusCode, header};

use crate::support::stack_with_catalog;

async fn get(client: &Client, url: &str) -> Response {
    let answer = client.get(url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer
}

fn cache_status(answer: &Response) -> &str {
    answer.headers()["cache-status"].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_replica_answers_first_then_redis_in_another_process_then_memory() {
    let stack = stack_with_catalog(20).await;
    let addresses = stack.addresses();
    let client = client(READ_LIMIT).unwrap();
    let mut random = SmallRng::seed_from_u64(1);
    let catalog = Catalog::load(&addresses.primary.admin, &mut random).await.unwrap();
    let path = format!("/v1/products/{}", catalog.products()[0]);
    let [one, two] = addresses.query.map(|address| format!("{address}{path}"));

    let loaded = get(&client, &one).await;
    assert!(cache_status(&loaded).contains("detail=replica"), "{}", cache_status(&loaded));
    let shared = get(&client, &two).await;
    assert!(cache_status(&shared).contains("detail=redis"), "{}", cache_status(&shared));
    for url in [&one, &two] {
        let remembered = get(&client, url).await;
        assert!(cache_status(&remembered).contains("hit"), "{}", cache_status(&remembered));
        assert!(cache_status(&remembered).contains("detail=moka"));
        let etag = remembered.headers()[header::ETAG].clone();
        let conditional = client.get(url).header(header::IF_NONE_MATCH, etag).send().await.unwrap();
        assert_eq!(conditional.status(), StatusCode::NOT_MODIFIED);
    }
    let etags = [loaded, shared].map(|answer| answer.headers()[header::ETAG].clone());
    assert_eq!(etags[0], etags[1]);
}
