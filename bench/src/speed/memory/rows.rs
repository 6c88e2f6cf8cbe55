//! The figures of memory.

use super::{Plan, churn::Churned, documents::Form, in_redis::Kept};
use crate::report::{Row, as_figure};

/// Of the budget, what may be resident,
const OF_BUDGET: f64 = 1.25;
/// and what a process may take beside, in megabytes.
const BESIDE: f64 = 60.0;
const MEGABYTE: f64 = 1_048_576.0;

pub(super) fn of_churn(plan: &Plan, churned: &Churned) -> Vec<Row> {
    let name = |what: &str| format!("memory: {what}");
    let megabytes = |bytes: u64| as_figure(bytes) / MEGABYTE;
    let budget = megabytes(plan.budget);
    let grown = as_figure(churned.last.saturating_sub(churned.empty));
    vec![
        Row::told(name("budget"), budget, "MB"),
        Row::told(name("resident before the first read"), megabytes(churned.empty), "MB"),
        Row::below(
            name("resident at the most, while products grew and changed"),
            megabytes(churned.most),
            "MB",
            budget.mul_add(OF_BUDGET, BESIDE),
        ),
        Row::told(name("resident at the end"), megabytes(churned.last), "MB"),
        Row::told(name("what Moka weighs at the end"), churned.weighed / MEGABYTE, "MB"),
        Row::told(
            name("resident since the first read, of what Moka weighs"),
            grown / churned.weighed.max(1.0),
            "×",
        ),
        Row::told(
            name("bytes that are weighed for a rendered product, other things included"),
            churned.weighed / churned.entries.max(1.0),
            "B",
        ),
        Row::told(
            name("how many times what is kept was replaced"),
            churned.filled / churned.entries.max(1.0),
            "×",
        ),
        Row::count(name("reads"), churned.reads),
        Row::none(name("reads that got no product"), churned.failed),
    ]
}

pub(super) fn of_redis(kept: &[Kept]) -> Vec<Row> {
    let plain = kept.iter().find(|kept| kept.form == Form::Plain);
    let mut rows = Vec::new();
    for each in kept {
        let how = match each.form {
            Form::Plain => "as it is",
            Form::Compressed => "by zstd",
            Form::ByDictionary => "by zstd with a dictionary",
        };
        let name = |what: &str| format!("Redis: {what}, {how}");
        rows.push(Row::told(name("bytes of a document"), each.document, "B"));
        rows.push(Row::told(name("bytes of a product"), each.product, "B"));
        if let Some(plain) = plain.filter(|_| each.form != Form::Plain) {
            let ratio = each.product / plain.product.max(1.0);
            rows.push(Row::told(name("bytes of a product, of those as it is"), ratio, "×"));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::all_met;

    fn rows(most: u64, failed: u64) -> Vec<Row> {
        let churned = Churned {
            empty: 30 << 20,
            last: 90 << 20,
            most,
            weighed: 60.0 * MEGABYTE,
            entries: 10_000.0,
            filled: 200_000.0,
            reads: 300_000,
            failed,
        };
        of_churn(&Plan::STANDARD, &churned)
    }

    #[test]
    fn the_budget_a_quarter_and_what_a_process_takes_is_the_bound() {
        assert!(all_met(&rows(139 << 20, 0)));
        assert!(!all_met(&rows(140 << 20, 0)));
        assert!(!all_met(&rows(100 << 20, 1)));
    }

    #[test]
    fn each_form_is_compared_with_the_plain_one() {
        let kept = |form, product| Kept { form, document: 2_000.0, product };
        let rows = of_redis(&[kept(Form::Plain, 2_400.0), kept(Form::Compressed, 1_200.0)]);
        assert_eq!(rows.len(), 5);
        assert!((rows[4].value - 0.5).abs() < 1e-9);
    }
}
