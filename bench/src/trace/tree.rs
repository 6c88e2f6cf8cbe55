//! A trace as text.

use std::fmt::Write as _;

use super::Span;

/// What is worth telling of a span.
const TOLD: [&str; 4] =
    ["http.response.status_code", "vitrina.entity", "vitrina.version", "vitrina.news"];

/// The spans as a tree, each with its beginning after that of the first and how long it took.
pub fn tree(spans: &[Span]) -> String {
    let mut spans: Vec<&Span> = spans.iter().collect();
    spans.sort_by_key(|span| span.begin);
    let origin = spans.first().map_or(0, |span| span.begin);
    let has_parent = |span: &Span| spans.iter().any(|other| other.id == span.parent);
    let mut text = String::from("   begins    takes\n");
    for root in spans.iter().filter(|span| !has_parent(span)) {
        write(&mut text, &spans, root, origin, "");
    }
    text
}

fn write(text: &mut String, all: &[&Span], span: &Span, origin: u64, indent: &str) {
    let (begins, takes) =
        (millis(span.begin - origin), millis(span.end.saturating_sub(span.begin)));
    let told: Vec<_> = TOLD
        .iter()
        .filter_map(|told| span.attributes.iter().find(|(key, _)| key == told))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let (name, process) = (&span.name, &span.process);
    let _ = writeln!(
        text,
        "{begins:6.1} ms {takes:5.1} ms  {indent}{name} · {process}  {}",
        told.join(" ")
    );
    let indent = format!("{indent}   ");
    for child in all.iter().filter(|other| other.parent == span.id) {
        write(text, all, child, origin, &indent);
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people to look at")]
fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(id: u8, parent: u8, name: &str, begin: u64, end: u64) -> Span {
        Span {
            trace: vec![9],
            id: vec![id],
            parent: vec![parent],
            name: name.to_owned(),
            process: "catalog-admin (admin)".to_owned(),
            begin: 1_000_000 * begin,
            end: 1_000_000 * end,
            attributes: vec![("vitrina.version".to_owned(), "3".to_owned())],
        }
    }

    #[test]
    fn what_is_a_part_of_another_stands_below_it_in_the_order_of_time() {
        let spans = [
            span(3, 2, "hear", 130, 131),
            span(1, 7, "PATCH", 100, 112),
            span(4, 2, "raise", 120, 125),
            span(2, 1, "publish", 115, 118),
        ];
        let expected = "   begins    takes
   0.0 ms  12.0 ms  PATCH · catalog-admin (admin)  vitrina.version=3
  15.0 ms   3.0 ms     publish · catalog-admin (admin)  vitrina.version=3
  20.0 ms   5.0 ms        raise · catalog-admin (admin)  vitrina.version=3
  30.0 ms   1.0 ms        hear · catalog-admin (admin)  vitrina.version=3
";
        assert_eq!(tree(&spans), expected);
    }
}
