use std::process::ExitCode;

/// The exit code of a process that was given bad settings (`EX_USAGE` of sysexits.h).
pub const EXIT_CODE: u8 = 64;

/// A setting that was read well but cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    pub(super) key: String,
    pub(super) reason: String,
}

impl Invalid {
    /// `key` is the setting's dotted name, `reason` the rest of a sentence that begins with the
    /// name and says what to do: `Invalid::new("cursor.key", "is shorter than 32 characters")`.
    pub fn new(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { key: key.into(), reason: reason.into() }
    }
}

/// Why the settings cannot be used: one sentence naming the variable or the file.
/// It never quotes a value, which may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The file could not be read.
    #[error("the settings file {path} that VITRINA_CONFIG names cannot be read: {reason}")]
    File {
        /// The file's path.
        path: String,
        /// What the operating system said.
        reason: String,
    },
    /// The file is not TOML.
    #[error("the settings file {path} is not TOML: {reason}")]
    Syntax {
        /// The file's path.
        path: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// A setting without a default is not given.
    #[error("{variable} is not set: set it, or {key} in the file that VITRINA_CONFIG names")]
    Missing {
        /// The environment variable.
        variable: String,
        /// The dotted name.
        key: String,
    },
    /// A setting that does not exist.
    #[error("{place} is not a setting of this service: correct its spelling or remove it")]
    Unknown {
        /// The environment variable, or the key and its file.
        place: String,
    },
    /// A value of the wrong type or form.
    #[error("{place} cannot be used: {reason}")]
    Malformed {
        /// The environment variable, or the key and its file.
        place: String,
        /// What was expected.
        reason: String,
    },
    /// A value that the service's own check refused.
    #[error("{place} {reason}")]
    Refused {
        /// The environment variable, or the key and its file.
        place: String,
        /// The rest of the sentence.
        reason: String,
    },
}

impl SettingsError {
    /// The exit code for `main`: [`EXIT_CODE`].
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(EXIT_CODE)
    }
}
