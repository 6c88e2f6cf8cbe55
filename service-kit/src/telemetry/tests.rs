use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;

use super::*;
use crate::settings::LogFormat;

#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written when `log` runs, on this thread.
pub(crate) fn logged(format: LogFormat, filter: &str, log: impl FnOnce()) -> String {
    let lines = Lines::default();
    let settings = LogSettings { format, filter: filter.to_owned() };
    let writer = lines.clone();
    let lines_of = logs::layer(&settings, move || writer.clone()).expect("a good filter");
    tracing::subscriber::with_default(tracing_subscriber::registry().with(lines_of), log);
    let bytes = lines.0.lock().clone();
    String::from_utf8(bytes).expect("text")
}

#[test]
fn json_has_an_object_a_line_with_dotted_fields_and_the_span() {
    let text = logged(LogFormat::Json, "info", || {
        let span = tracing::info_span!("http", http.route = "/things/{id}");
        span.in_scope(|| tracing::warn!(http.status = 503, "answered"));
    });
    let line: Value = serde_json::from_str(&text).expect("one object");
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["message"], "answered");
    assert_eq!(line["http.status"], 503);
    assert_eq!(line["span"]["http.route"], "/things/{id}");
    assert!(line["timestamp"].is_string());
}

#[test]
fn the_filter_says_what_is_written() {
    let log = || {
        tracing::debug!("quiet");
        tracing::info!("loud");
    };
    let text = logged(LogFormat::Text, "info", log);
    assert!(text.contains("loud") && !text.contains("quiet"), "{text}");
    assert!(logged(LogFormat::Text, "debug", log).contains("quiet"));
    assert_eq!(logged(LogFormat::Text, "off", log), "");
}
