//! The servers that an address names, as the replication client wants them.

use tokio_postgres::config::{Config, Host};

/// One server, and who we are there.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) database: String,
}

impl Target {
    /// Every server of the address; one of them is the primary. None when it names none.
    pub(super) fn all(config: &Config) -> Vec<Self> {
        let user = config.get_user().unwrap_or("postgres").to_owned();
        let password = config.get_password().unwrap_or_default();
        let password = String::from_utf8_lossy(password).into_owned();
        let database = config.get_dbname().unwrap_or(&user).to_owned();
        let port = |place: usize| {
            let ports = config.get_ports();
            // One port stands for all hosts.
            ports.get(place).or(ports.first()).copied().unwrap_or(5432)
        };
        let mut hosts: Vec<String> = config.get_hosts().iter().map(name).collect();
        if hosts.is_empty() {
            // `hostaddr` may stand alone.
            hosts = config.get_hostaddrs().iter().map(ToString::to_string).collect();
        }
        let target = |(place, host): (usize, String)| Self {
            host,
            port: port(place),
            user: user.clone(),
            password: password.clone(),
            database: database.clone(),
        };
        hosts.into_iter().enumerate().map(target).collect()
    }
}

fn name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.to_string_lossy().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(url: &str) -> Vec<(String, u16)> {
        let targets = Target::all(&url.parse().unwrap());
        targets.into_iter().map(|target| (target.host, target.port)).collect()
    }

    #[test]
    fn every_host_has_its_port() {
        let named = |places: &[(&str, u16)]| -> Vec<(String, u16)> {
            places.iter().map(|&(host, port)| (host.to_owned(), port)).collect()
        };
        assert_eq!(places("postgresql://u@a:1,b:2/d"), named(&[("a", 1), ("b", 2)]));
        assert_eq!(places("host=a,b port=7 user=u"), named(&[("a", 7), ("b", 7)]));
        assert_eq!(places("postgresql://u@a/d"), named(&[("a", 5432)]));
        assert_eq!(
            places("hostaddr=::1,127.0.0.1 port=1,2"),
            named(&[("::1", 1), ("127.0.0.1", 2)])
        );
        assert_eq!(places("user=u"), []);
    }

    #[test]
    fn a_database_is_named_after_its_user() {
        let target = &Target::all(&"postgresql://u:p%40@a".parse().unwrap())[0];
        assert_eq!((&*target.database, &*target.password), ("u", "p@"));
    }
}
