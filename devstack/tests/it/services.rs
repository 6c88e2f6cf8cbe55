//! Our services as processes of a stack.

use devstack::{Component, Health, Progress, TestStack};

#[tokio::test]
async fn all_services_become_ready_and_come_back_after_a_kill() {
    let stack = TestStack::own().await.expect("a stack of its own");
    stack.start_services(Progress::Silent).await.expect("they start");
    for service in Component::SERVICES {
        assert_eq!(stack.health(service).await, Health::Ready, "{service}");
        stack.kill(service).await;
        assert_eq!(stack.health(service).await, Health::Down, "{service}");
        stack.start(service).await.expect("it starts again");
    }
    for service in Component::SERVICES {
        stack.stop(service).await;
        assert_eq!(stack.health(service).await, Health::Down, "{service}");
    }
}

#[tokio::test]
async fn a_token_made_for_development_opens_the_admin_service() {
    let stack = TestStack::own().await.expect("a stack of its own");
    stack.start(Component::Admin).await.expect("it starts");
    stack.issue_token().await.expect("a token");
    let addresses = stack.addresses();
    let token = std::fs::read_to_string(&addresses.editor_token).expect("a file");
    let url = format!("{}/v1/products", addresses.admin);
    let client = reqwest::Client::new();
    let refused = client.get(&url).send().await.expect("an answer");
    assert_eq!(refused.status(), 401);
    let opened = client.get(&url).bearer_auth(token).send().await.expect("an answer");
    assert_eq!(opened.status(), 200);
}
