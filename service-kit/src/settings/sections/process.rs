use std::time::Duration;

use serde::Deserialize;

use crate::settings::Invalid;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum LogFormat {
    /// One JSON object a line.
    #[default]
    Json,
    /// For a person at a terminal.
    Text,
}

impl TryFrom<String> for LogFormat {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err("it must be json or text"),
        }
    }
}

/// `log`: what is logged to standard output, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct LogSettings {
    /// `json` or `text`.
    pub format: LogFormat,
    /// A filter as tracing-subscriber's `EnvFilter` reads it: `info,catalog_query=debug`.
    pub filter: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Json, filter: "info".to_owned() }
    }
}

impl LogSettings {
    /// Refuses a filter that cannot be read.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        match tracing_subscriber::EnvFilter::try_new(&self.filter) {
            Ok(_) => Ok(()),
            Err(error) => Err(Invalid::new(
                format!("{section}.filter"),
                format!("is not a log filter such as \"info,hyper=warn\": {error}"),
            )),
        }
    }
}

/// `shutdown`: the pace at which a process ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct ShutdownSettings {
    /// How long the process goes on serving after it has said that it is not ready, so that load
    /// balancers notice before the listener closes.
    #[serde(with = "humantime_serde")]
    pub wait: Duration,
    /// How long all of the shutdown may take, `wait` included.
    #[serde(with = "humantime_serde")]
    pub deadline: Duration,
}

impl Default for ShutdownSettings {
    fn default() -> Self {
        Self { wait: Duration::from_secs(5), deadline: Duration::from_secs(28) }
    }
}

impl ShutdownSettings {
    /// Refuses a wait that the deadline would cut.
    pub fn validate(&self, section: &str) -> Result<(), Invalid> {
        if self.wait < self.deadline {
            return Ok(());
        }
        Err(Invalid::new(
            format!("{section}.wait"),
            format!("is not shorter than {section}.deadline: shorten it"),
        ))
    }
}
