//! The page of problem types lists those that there are, and no others.

use std::collections::BTreeSet;

use catalog_admin::error::KINDS;

const PAGE: &str = include_str!("../../../schema/problems.md");

#[test]
fn the_page_lists_every_type_with_its_status() {
    let kinds = service_kit::problem::KINDS.iter().chain(&KINDS);
    let made: BTreeSet<String> =
        kinds.map(|kind| format!("| `{}` | {} ", kind.uri(), kind.status.as_u16())).collect();
    let row = |line: &str| {
        let cells: Vec<&str> = line.splitn(4, '|').collect();
        (cells.len() == 4).then(|| format!("|{}|{}", cells[1], cells[2]))
    };
    let rows = PAGE.lines().filter(|line| line.starts_with("| `/problems/"));
    let listed: BTreeSet<String> = rows.filter_map(row).collect();
    assert_eq!(listed, made);
}
