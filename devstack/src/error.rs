//! What can go wrong, each said in one sentence that tells what to do.

use std::io;
use std::path::PathBuf;

/// Short for a result with devstack's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure to start, stop or reach a part of a stack.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program listens on a port that a component needs.
    #[error(
        "port {port}, which {owner} needs, is taken by another program; stop that program or \
         choose another port with {variable}=<port>"
    )]
    PortTaken {
        /// The port.
        port: u16,
        /// The component that wanted it.
        owner: &'static str,
        /// The environment variable that chooses another.
        variable: &'static str,
    },

    /// No free port was found.
    #[error("no free port was found on 127.0.0.1 after many tries; end programs that listen there")]
    NoFreePort,

    /// Too little space for the data directories.
    #[error(
        "only {free_mb} MB are free on the disk of {}, and {needed_mb} MB are needed; free some \
         space there, or have the stack on another disk: with --directory, or a test's with TMPDIR",
        path.display()
    )]
    DiskFull {
        /// A path on that disk.
        path: PathBuf,
        /// Megabytes that are free.
        free_mb: u64,
        /// Megabytes that are needed.
        needed_mb: u64,
    },

    /// A program that must be installed is not.
    #[error("{program} was not found; run `make packages`, or install the package {package}")]
    Missing {
        /// The program, with the least version that is needed.
        program: &'static str,
        /// The Debian package that has it.
        package: &'static str,
    },

    /// A binary of this workspace has not been built.
    #[error("{} has not been built; run `cargo build --workspace --bins` first", .0.display())]
    NotBuilt(PathBuf),

    /// A component ended while it was waited for.
    #[error("{what} ended while starting; its log {} ends with: {tail}", log.display())]
    Died {
        /// The component.
        what: String,
        /// Its log.
        log: PathBuf,
        /// The log's last lines.
        tail: String,
    },

    /// A component did not become ready in time.
    #[error("{what} was not ready after {seconds} s; see its log {}", log.display())]
    NotReady {
        /// The component.
        what: String,
        /// How long it was given.
        seconds: u64,
        /// Its log.
        log: PathBuf,
    },

    /// A condition did not come true in time.
    #[error("{what} did not happen within {seconds} s; see the logs with `make logs`")]
    TimedOut {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },

    /// A helper program failed.
    #[error("{what} failed: {detail}")]
    Command {
        /// What it was to do.
        what: String,
        /// Its last words.
        detail: String,
    },

    /// A disk has no room left.
    #[error("cannot {doing}: the disk is full; free some space there and try again")]
    StorageFull {
        /// What was tried, and where.
        doing: String,
    },

    /// The operating system refused something.
    #[error("cannot {doing}: {source}")]
    Io {
        /// What was tried.
        doing: String,
        /// Why not.
        source: io::Error,
    },

    /// PostgreSQL refused something.
    #[error("cannot {doing}: {}", postgres_words(source))]
    Postgres {
        /// What was tried.
        doing: String,
        /// Why not.
        source: tokio_postgres::Error,
    },

    /// The migrations stopped.
    #[error("cannot migrate the database {database}: {source}")]
    Migration {
        /// The database.
        database: String,
        /// Why not.
        source: schema::MigrateError,
    },

    /// Kafka refused something.
    #[error("cannot {doing} in Kafka: {detail}")]
    Kafka {
        /// What was tried.
        doing: String,
        /// Why not.
        detail: String,
    },

    /// There is no stack where one was looked for.
    #[error("no stack runs in {}; start one with `make up`", .0.display())]
    NoStack(PathBuf),

    /// The description of a stack cannot be read.
    #[error("{} is not a stack's description ({detail}); remove it with `make reset`", path.display())]
    BadState {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },

    /// The tests' shared stack is not there.
    #[error(
        "VITRINA_TEST_STACK is not set, so there is no stack for this test; run `make test`, or \
         `target/debug/devstack test -- cargo test` with the tests that you want"
    )]
    NoTestStack,

    /// A developer's stack was named for tests, which clear what they take.
    #[error(
        "{} holds a stack of `make up`, whose data the tests would remove; name another folder, or \
         remove it with `make reset`", .0.display()
    )]
    NotForTests(PathBuf),

    /// A variable names a port that cannot be one.
    #[error(
        "{variable} is {value:?}, which is no port: give it a number from 1 to 65535, or unset it"
    )]
    WrongPort {
        /// The variable.
        variable: &'static str,
        /// Its value.
        value: String,
    },

    /// The component has never been started in this stack.
    #[error("{0} has not been started in this stack; start it first")]
    NotStarted(&'static str),
}

impl Error {
    /// Wraps an error of the operating system; a full disk is told as such.
    pub(crate) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        let doing = doing.into();
        match source.kind() {
            io::ErrorKind::StorageFull => Self::StorageFull { doing },
            _ => Self::Io { doing, source },
        }
    }

    pub(crate) fn postgres(doing: impl Into<String>, source: tokio_postgres::Error) -> Self {
        Self::Postgres { doing: doing.into(), source }
    }
}

/// The server's own sentence: `tokio_postgres::Error` alone says only "db error".
fn postgres_words(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned())
}
