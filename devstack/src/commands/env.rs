//! `devstack env`.

use std::path::Path;
use std::process::ExitCode;

use devstack::{Component, Stack};

/// Prints what a shell can evaluate. No value holds a quote: they are addresses, paths of this
/// project and generated letters.
pub(super) fn run(directory: &Path, component: Component) -> anyhow::Result<ExitCode> {
    for (name, value) in Stack::attach(directory)?.service_environment(component) {
        println!("export {name}='{value}'");
    }
    Ok(ExitCode::SUCCESS)
}
