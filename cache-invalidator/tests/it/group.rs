//! The members of the group share the partitions, and what one leaves another does.

use devstack::TestStack;

use crate::support::{Here, change, product};

#[tokio::test]
async fn when_a_member_goes_the_other_does_its_share() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let (first, second) = (here.start().await, here.start().await);
    let before: Vec<_> = (0..40).map(|_| change(product(), 5, 2)).collect();
    for change in &before {
        here.publish(change).await;
    }
    for change in &before {
        here.raised(change).await;
    }
    first.end().await;
    let after: Vec<_> = (0..40).map(|_| change(product(), 5, 2)).collect();
    for change in &after {
        here.publish(change).await;
    }
    for change in &after {
        here.raised(change).await;
    }
    second.end().await;
}
