//! Prometheus's text format made into `OpenMetrics`, which alone knows exemplars.
//!
//! <https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md>

use std::fmt::Write as _;

use super::exemplars::Exemplars;

/// The same samples, with an exemplar behind each bucket that has one. A counter's family is named
/// without `_total`; families are told apart by their `TYPE`, and the end is said.
pub(super) fn of(text: &str, exemplars: &Exemplars) -> String {
    let mut lines = String::with_capacity(text.len() + 128 * exemplars.len());
    let mut help: Option<&str> = None;
    for line in text.lines().filter(|line| !line.is_empty()) {
        if line.starts_with("# HELP ") {
            // Its name depends on the type, which comes next.
            help = Some(line);
        } else if let Some((name, kind)) = family(line) {
            let name = if kind == "counter" { name.trim_end_matches("_total") } else { name };
            if let Some((_, words)) = help.take().and_then(|line| line[7..].split_once(' ')) {
                let _ = writeln!(lines, "# HELP {name} {words}");
            }
            let _ = writeln!(lines, "# TYPE {name} {kind}");
        } else {
            lines.push_str(line);
            let series = line.rsplit_once(' ').map_or(line, |(series, _)| series);
            if let Some(exemplar) = exemplars.get(series) {
                let (trace, seconds, at) = (&exemplar.trace_id, exemplar.seconds, exemplar.at);
                let _ = write!(lines, " # {{trace_id=\"{trace}\"}} {seconds} {at:.3}");
            }
            lines.push('\n');
        }
    }
    lines.push_str("# EOF\n");
    lines
}

fn family(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("# TYPE ")?.split_once(' ')
}

#[cfg(test)]
mod tests {
    use super::super::exemplars::Exemplar;
    use super::*;

    const TEXT: &str = "# HELP seen_total Things seen.\n# TYPE seen_total counter\n\
        seen_total{kind=\"a\"} 3\n\n# TYPE took_seconds histogram\n\
        took_seconds_bucket{route=\"/{id}\",le=\"0.1\"} 1\n\
        took_seconds_bucket{route=\"/{id}\",le=\"+Inf\"} 2\ntook_seconds_sum{route=\"/{id}\"} 4\n\
        took_seconds_count{route=\"/{id}\"} 2\n\n";

    #[test]
    fn counters_are_named_without_total_and_a_bucket_has_its_trace() {
        let exemplar = Exemplar { trace_id: "0af7".into(), seconds: 0.07, at: 1_700_000_000.25 };
        let series = "took_seconds_bucket{route=\"/{id}\",le=\"0.1\"}".to_owned();
        let expected = "# HELP seen Things seen.\n# TYPE seen counter\nseen_total{kind=\"a\"} 3\n\
            # TYPE took_seconds histogram\n\
            took_seconds_bucket{route=\"/{id}\",le=\"0.1\"} 1 # {trace_id=\"0af7\"} 0.07 1700000000.250\n\
            took_seconds_bucket{route=\"/{id}\",le=\"+Inf\"} 2\ntook_seconds_sum{route=\"/{id}\"} 4\n\
            took_seconds_count{route=\"/{id}\"} 2\n# EOF\n";
        assert_eq!(of(TEXT, &Exemplars::from([(series, exemplar)])), expected);
    }

    #[test]
    fn nothing_measured_ends_too() {
        assert_eq!(of("", &Exemplars::new()), "# EOF\n");
    }
}
