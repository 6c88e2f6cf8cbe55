//! The figures of hot reads.

use super::rounds::Measured;
use crate::{
    report::{Row, as_figure},
    speed::speeds::{Speed, median, median_of, ratio},
};

/// Of a bare hyper server's throughput.
const THROUGHPUT: f64 = 0.9;
/// Of its 99th percentile.
const P99: f64 = 1.2;

pub(super) fn rows(measured: &Measured) -> Vec<Row> {
    let own = &measured.catalog_query;
    let mut rows = vec![
        Row::count("hot read: bytes of the body that the others answer", measured.body as u64),
        Row::told("hot read: catalog-query", median_of(own, |speed| speed.a_second), "/s"),
    ];
    for (index, (name, speeds)) in measured.peers.iter().enumerate() {
        rows.push(Row::told(
            format!("hot read: {name}"),
            median_of(speeds, |speed| speed.a_second),
            "/s",
        ));
        let throughput = ratio(own, speeds, |speed| speed.a_second);
        let a_cpu_second = ratio(own, speeds, |speed| speed.a_cpu_second);
        let name_of = |what: &str| format!("hot read: {what}, of that of {name}");
        if index == 0 {
            let name = name_of("throughput");
            rows.push(Row::at_least(name, throughput, "×", THROUGHPUT));
            rows.push(Row::told(name_of("requests for a CPU-second"), a_cpu_second, "×"));
        } else {
            rows.push(Row::told(name_of("throughput"), throughput, "×"));
            let name = name_of("requests for a CPU-second");
            rows.push(Row::at_least(name, a_cpu_second, "×", 1.0));
        }
    }
    let of_own = |speeds: &[Speed]| ratio(speeds, own, |speed| speed.a_cpu_second);
    rows.push(Row::told(
        "hot read: requests for a CPU-second with encodings, of that without",
        of_own(&measured.for_encodings),
        "×",
    ));
    rows.push(Row::at_least(
        "hot read: requests for a CPU-second answered by 304, of that by 200",
        of_own(&measured.whether_changed),
        "×",
        1.0,
    ));
    let p99 = |of: fn(&(u64, u64)) -> f64| median(measured.p99.iter().map(of));
    rows.extend([
        Row::told("hot read: rate at which latency is measured", measured.rate, "/s"),
        Row::told("hot read: p99 of catalog-query", p99(|(own, _)| as_figure(*own)), "µs"),
        Row::told("hot read: p99 of bare hyper", p99(|(_, floor)| as_figure(*floor)), "µs"),
        Row::below(
            "hot read: p99, of that of bare hyper",
            p99(|(own, floor)| as_figure(*own) / as_figure((*floor).max(1))),
            "×",
            P99,
        ),
    ]);
    rows
}
