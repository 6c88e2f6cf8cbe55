//! `bench trace`.

use bench::trace::{Collector, run as follow, tree};
use devstack::{COLLECTOR, Stack};

/// Follows an edit; it was followed, or the error says why not.
pub(super) async fn run(stack: &Stack) -> anyhow::Result<bool> {
    let collector = Collector::bind(COLLECTOR).await?;
    println!("Editing a product, and waiting for the spans, which come every five seconds.\n");
    let followed = follow(&stack.addresses(), &collector).await?;
    print!("{}", tree(&followed.spans));
    if followed.edits > 1 {
        println!(
            "\nEdits before it that a poll told of faster than Kafka: {}.",
            followed.edits - 1
        );
    }
    Ok(true)
}
