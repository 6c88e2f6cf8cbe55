//! A new epoch stands above every version of the old one.

use devstack::TestStack;

use crate::support::{Here, body, change, product};

#[tokio::test]
async fn a_body_of_an_older_epoch_goes_however_great_its_version() {
    let here = Here::new(TestStack::shared().unwrap().isolated().await.unwrap()).await;
    let entity = product();
    here.put(entity, &body(5, 900)).await;
    let member = here.start().await;
    here.publish(&change(entity, 6, 1)).await;
    here.raised(&change(entity, 6, 1)).await;
    assert_eq!(here.body(entity).await, None);
    here.publish(&change(entity, 5, 901)).await;
    here.publish(&change(entity, 6, 2)).await;
    here.raised(&change(entity, 6, 2)).await;
    member.end().await;
}
