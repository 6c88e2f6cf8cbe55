use std::collections::BTreeMap;
use std::collections::HashMap;

use config::{Config, ConfigError, File, FileFormat, Value};
use serde::de::DeserializeOwned;

use super::error::{Invalid, SettingsError};

const PREFIX: &str = "VITRINA_";
const FILE_VARIABLE: &str = "VITRINA_CONFIG";

/// A service's settings: sections of documented keys.
pub trait Settings: DeserializeOwned {
    /// What serde cannot check, called before anything binds.
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}

/// Loads settings from the process's environment and the file that it names.
///
/// `defaults` are this service's own defaults for shared sections, as dotted name and text:
/// `&[("http.bind", "0.0.0.0:8081")]`.
pub fn load<T: Settings>(defaults: &[(&str, &str)]) -> Result<T, SettingsError> {
    // Variables that are not Unicode cannot be settings of ours: all our names and values are.
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    load_from(defaults, variables)
}

/// [`load`] from the variables given.
pub fn load_from<T: Settings>(
    defaults: &[(&str, &str)],
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<T, SettingsError> {
    let sources = Sources::new(defaults, variables)?;
    let settings: T = sources.read()?;
    settings.validate().map_err(|invalid| SettingsError::Refused {
        place: sources.place(&invalid.key),
        reason: invalid.reason,
    })?;
    Ok(settings)
}

struct Sources<'a> {
    defaults: &'a [(&'a str, &'a str)],
    file: Option<(String, Config)>,
    /// Dotted name → (variable, value).
    variables: BTreeMap<String, (String, String)>,
}

impl<'a> Sources<'a> {
    fn new(
        defaults: &'a [(&'a str, &'a str)],
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let mut path = None;
        let mut settings = BTreeMap::new();
        for (name, value) in variables {
            if name == FILE_VARIABLE {
                path = Some(value).filter(|path| !path.is_empty());
            } else if let Some(key) = dotted(&name) {
                settings.insert(key, (name, value));
            }
        }
        Ok(Self { defaults, file: path.map(read_file).transpose()?, variables: settings })
    }

    /// An absent section is an empty one: its keys may all have defaults, and if not, the key that
    /// is missing is named and not the section.
    fn read<T: DeserializeOwned>(&self) -> Result<T, SettingsError> {
        let mut empty_sections: Vec<String> = Vec::new();
        loop {
            let tree = self.tree(&empty_sections)?;
            match self.deserialize(tree) {
                Err(Failure::Missing(key))
                    if !key.contains('.') && !empty_sections.contains(&key) =>
                {
                    empty_sections.push(key);
                }
                Err(Failure::Missing(key)) => {
                    let variable = variable(&key);
                    return Err(SettingsError::Missing { variable, key });
                }
                Err(Failure::Error(error)) => return Err(error),
                Ok(settings) => return Ok(settings),
            }
        }
    }

    fn tree(&self, empty_sections: &[String]) -> Result<Config, SettingsError> {
        let merge = || {
            let mut builder = Config::builder();
            for section in empty_sections {
                builder = builder.set_default(section, HashMap::<String, Value>::new())?;
            }
            for (key, value) in self.defaults {
                builder = builder.set_default(key, *value)?;
            }
            if let Some((_, file)) = &self.file {
                builder = builder.add_source(file.clone());
            }
            for (key, (_, value)) in &self.variables {
                builder = builder.set_override(key, value.as_str())?;
            }
            builder.build()
        };
        merge().map_err(|error| SettingsError::Malformed {
            place: "the environment".to_owned(),
            reason: message(&error),
        })
    }

    fn deserialize<T: DeserializeOwned>(&self, tree: Config) -> Result<T, Failure> {
        let mut ignored = Vec::new();
        let mut note = |path: serde_ignored::Path<'_>| {
            ignored.push(path.to_string().replace(".?", "").replace("?.", ""));
        };
        let tree = serde_ignored::Deserializer::new(tree, &mut note);
        let settings = serde_path_to_error::deserialize(tree)
            .map_err(|error| self.explain(&error.path().to_string(), error.inner()))?;
        match ignored.iter().find(|key| self.is_ours(key)) {
            Some(key) => Err(Failure::Error(SettingsError::Unknown { place: self.place(key) })),
            None => Ok(settings),
        }
    }

    /// Whether an unknown key is this service's mistake: a whole section that only the environment
    /// has is another service's, where they share one.
    fn is_ours(&self, key: &str) -> bool {
        key.contains('.') || self.file_has(key)
    }

    fn file_has(&self, key: &str) -> bool {
        self.file.as_ref().is_some_and(|(_, file)| file.get::<Value>(key).is_ok())
    }

    fn explain(&self, path: &str, error: &ConfigError) -> Failure {
        if let Some(key) = missing(error) {
            return Failure::Missing(key.to_owned());
        }
        let reason = message(error);
        let place = self.place(path);
        Failure::Error(SettingsError::Malformed { place, reason })
    }

    /// Where the setting was given, as a reader would look for it.
    fn place(&self, key: &str) -> String {
        let below = format!("{key}.");
        let named =
            self.variables.iter().find(|(name, _)| *name == key || name.starts_with(&below));
        match (named, &self.file) {
            (Some((_, (variable, _))), _) => variable.clone(),
            (None, Some((path, _))) if self.file_has(key) => format!("{key} in {path}"),
            (None, _) => variable(key),
        }
    }
}

enum Failure {
    Missing(String),
    Error(SettingsError),
}

fn read_file(path: String) -> Result<(String, Config), SettingsError> {
    let text = std::fs::read_to_string(&path)
        .map_err(|error| SettingsError::File { path: path.clone(), reason: error.to_string() })?;
    let file = Config::builder()
        .add_source(File::from_str(&text, FileFormat::Toml))
        .build()
        .map_err(|error| SettingsError::Syntax { path: path.clone(), reason: message(&error) })?;
    Ok((path, file))
}

fn dotted(variable: &str) -> Option<String> {
    let key = variable.strip_prefix(PREFIX)?;
    key.contains("__").then(|| key.to_lowercase().replace("__", "."))
}

fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))
}

fn missing(error: &ConfigError) -> Option<&str> {
    match error {
        ConfigError::NotFound(key) => Some(key),
        ConfigError::At { error, .. } => missing(error),
        _ => None,
    }
}

/// What the error says without the value, which may be a secret, and without the place, which
/// [`Sources::place`] names.
fn message(error: &ConfigError) -> String {
    match error {
        ConfigError::Type { expected, .. } => format!("it must be {expected}"),
        ConfigError::At { error, .. } => message(error),
        ConfigError::FileParse { cause, .. } => cause.to_string().trim_end().to_owned(),
        other => other.to_string(),
    }
}
