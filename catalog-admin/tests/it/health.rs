//! The operations port.

use crate::samples::plain;
use crate::service::Service;

#[tokio::test]
async fn health_and_metrics_are_on_their_own_port() {
    let service = Service::start().await;
    service.post("/v1/products", &plain("sock")).await.is(201);
    let get = async |path: &str| {
        let answer = reqwest::get(format!("{}{path}", service.ops)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get("/livez").await.0, 200);
    assert_eq!(get("/readyz").await.0, 200);
    let (status, metrics) = get("/metrics").await;
    assert_eq!(status, 200);
    assert!(metrics.contains("route=\"/v1/products\""), "{metrics}");
    assert_eq!(service.get("/metrics").await.status, 404);
}
