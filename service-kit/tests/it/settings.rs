use std::io::Write as _;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use service_kit::settings::{
    EXIT_CODE, HttpSettings, Invalid, KafkaSettings, LogFormat, LogSettings, PostgresSettings,
    RedisSettings, ReplicaSettings, Settings, load_from,
};

#[derive(Debug, Deserialize)]
struct Example {
    #[serde(default)]
    http: HttpSettings,
    #[serde(default)]
    log: LogSettings,
    primary: PostgresSettings,
    cursor: Cursor,
    kafka: Option<KafkaSettings>,
    replica: Option<ReplicaSettings>,
    redis: Option<RedisSettings>,
}

#[derive(Debug, Deserialize)]
struct Cursor {
    key: SecretString,
}

impl Settings for Example {
    fn validate(&self) -> Result<(), Invalid> {
        self.http.validate("http")?;
        self.log.validate("log")?;
        self.primary.validate("primary")?;
        if let Some(replica) = &self.replica {
            replica.validate("replica")?;
        }
        if self.cursor.key.expose_secret().len() < 4 {
            return Err(Invalid::new("cursor.key", "is shorter than 4 characters"));
        }
        Ok(())
    }
}

const NEEDED: [(&str, &str); 2] = [
    ("VITRINA_PRIMARY__URL", "postgresql://u:hunter2@db/vitrina"),
    ("VITRINA_CURSOR__KEY", "007007"),
];

fn load(more: &[(&str, &str)]) -> Result<Example, String> {
    let variables = NEEDED.iter().chain(more);
    let variables = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load_from(&[("http.bind", "127.0.0.1:8081")], variables).map_err(|error| error.to_string())
}

fn load_file(toml: &str, more: &[(&str, &str)]) -> (Result<Example, String>, String) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(toml.as_bytes()).expect("written");
    let path = file.path().to_str().expect("a path of text").to_owned();
    let mut variables = vec![("VITRINA_CONFIG", path.as_str())];
    variables.extend_from_slice(more);
    (load(&variables), path)
}

fn refusal(more: &[(&str, &str)]) -> String {
    load(more).expect_err("must be refused")
}

#[test]
fn the_environment_goes_over_the_file_and_the_file_over_the_defaults() {
    let toml = r#"
        [http]
        request_timeout = "3s"
        max_connections = 7
        [log]
        format = "text"
    "#;
    let (settings, _) = load_file(toml, &[("VITRINA_HTTP__MAX_CONNECTIONS", "9")]);
    let settings = settings.expect("good settings");
    assert_eq!(settings.http.max_connections, 9);
    assert_eq!(settings.http.request_timeout, Duration::from_secs(3));
    assert_eq!(settings.http.bind.to_string(), "127.0.0.1:8081");
    assert_eq!(settings.http.header_read_timeout, HttpSettings::default().header_read_timeout);
    assert_eq!(settings.log.format, LogFormat::Text);
}

#[test]
fn lists_are_comma_separated_in_the_environment_and_lists_in_the_file() {
    let urls = ("VITRINA_REPLICA__URLS", "postgresql://a/v, postgresql://b/v,");
    let (settings, _) = load_file(
        "[kafka]\nbrokers = [\"a:1\", \"b:2\"]",
        &[urls, ("VITRINA_REDIS__URL", "redis://r")],
    );
    let settings = settings.expect("good settings");
    let kafka = settings.kafka.expect("given");
    assert_eq!(kafka.bootstrap_servers(), "a:1,b:2");
    assert_eq!(kafka.topic("t.v1"), "t.v1");
    let replicas: Vec<_> = settings.replica.expect("given").each().collect();
    assert_eq!(replicas[1].url.expose_secret(), "postgresql://b/v");
    assert_eq!(replicas.len(), 2);
    assert_eq!(settings.redis.expect("given").key_prefix, "vitrina");
}

#[test]
fn secrets_are_kept_to_the_letter_and_not_shown() {
    let settings = load(&[]).expect("good settings");
    assert_eq!(settings.cursor.key.expose_secret(), "007007");
    let shown = format!("{settings:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("007007"), "{shown}");
}

#[test]
fn a_missing_setting_is_named_even_when_its_whole_section_is_missing() {
    let only_cursor = [("VITRINA_CURSOR__KEY".to_owned(), "0123".to_owned())];
    let error = load_from::<Example>(&[], only_cursor).expect_err("no address");
    assert_eq!(
        error.to_string(),
        "VITRINA_PRIMARY__URL is not set: set it, or primary.url in the file that VITRINA_CONFIG names"
    );
    assert_eq!(
        format!("{:?}", error.exit_code()),
        format!("{:?}", std::process::ExitCode::from(EXIT_CODE))
    );
}

#[test]
fn a_misspelt_setting_is_named_wherever_it_stands() {
    assert_eq!(
        refusal(&[("VITRINA_HTTP__BNID", "x")]),
        "VITRINA_HTTP__BNID is not a setting of this service: correct its spelling or remove it"
    );
    let (refused, path) = load_file("[http]\nbnid = 1", &[]);
    assert_eq!(
        refused.expect_err("misspelt"),
        format!(
            "http.bnid in {path} is not a setting of this service: correct its spelling or remove it"
        )
    );
    let (refused, _) = load_file("[htpp]\nbind = 1", &[]);
    assert!(refused.expect_err("misspelt").starts_with("htpp in /"));
    let nested = refusal(&[("VITRINA_KAFKA__BROKERS", "a:1"), ("VITRINA_KAFKA__GRUOP", "g")]);
    assert!(nested.starts_with("VITRINA_KAFKA__GRUOP is not"), "{nested}");
}

#[test]
fn what_belongs_to_others_is_let_be() {
    load(&[
        ("VITRINA_QUERY_PORT", "tcp://10.0.0.1:8080"),
        ("VITRINA_BEAT__INTERVAL", "250ms"),
        ("PATH", "/bin"),
    ])
    .expect("another service's section, and Kubernetes's variables");
}

#[test]
fn a_value_of_the_wrong_form_is_told_with_its_place_and_without_its_text() {
    for (variable, value, expected) in [
        ("VITRINA_HTTP__BIND", "s3cret", "socket address"),
        ("VITRINA_HTTP__MAX_CONNECTIONS", "s3cret", "integer"),
        ("VITRINA_HTTP__REQUEST_TIMEOUT", "-", "duration"),
        ("VITRINA_LOG__FORMAT", "xml", "json or text"),
    ] {
        let sentence = refusal(&[(variable, value)]);
        assert!(sentence.starts_with(&format!("{variable} cannot be used: ")), "{sentence}");
        assert!(sentence.contains(expected), "{sentence}");
        assert!(!sentence.contains("s3cret"), "{sentence}");
    }
    let (refused, path) = load_file("[http]\nbind = 5", &[]);
    let sentence = refused.expect_err("not an address");
    assert!(sentence.starts_with(&format!("http.bind in {path} cannot be used: ")), "{sentence}");
}

#[test]
fn the_services_own_checks_name_the_setting_too() {
    assert_eq!(
        refusal(&[("VITRINA_CURSOR__KEY", "abc")]),
        "VITRINA_CURSOR__KEY is shorter than 4 characters"
    );
    assert_eq!(
        refusal(&[("VITRINA_HTTP__MAX_CONNECTIONS", "0")]),
        "VITRINA_HTTP__MAX_CONNECTIONS is 0: set it to at least 1"
    );
    let sentence = refusal(&[("VITRINA_PRIMARY__URL", "postgresql://u:hunter2@h:x/")]);
    assert!(sentence.starts_with("VITRINA_PRIMARY__URL is not an address"), "{sentence}");
    assert!(!sentence.contains("hunter2"), "{sentence}");
    assert!(refusal(&[("VITRINA_LOG__FILTER", "a=b=c")]).starts_with("VITRINA_LOG__FILTER is not"));
}

#[test]
fn a_file_that_is_absent_or_not_toml_is_named() {
    let absent = refusal(&[("VITRINA_CONFIG", "/nowhere/v.toml")]);
    assert!(
        absent.starts_with(
            "the settings file /nowhere/v.toml that VITRINA_CONFIG names cannot be read"
        ),
        "{absent}"
    );
    let (refused, path) = load_file("[http\nbind", &[]);
    let sentence = refused.expect_err("not TOML");
    assert!(sentence.starts_with(&format!("the settings file {path} is not TOML")), "{sentence}");
    assert!(sentence.contains("line 1"), "{sentence}");
}
