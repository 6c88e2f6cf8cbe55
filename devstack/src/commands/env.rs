//! `devstack env`.

use std::path::Path;
use std::process::ExitCode;

use devstack::{Component, Stack};

use super::output;

/// Prints what a shell can evaluate. No value holds a quote: they are addresses, paths of this
/// project and generated letters.
pub(super) fn run(directory: &Path, component: Component) -> anyhow::Result<ExitCode> {
    let lines: Vec<String> = Stack::attach(directory)?
        .service_environment(component)
        .into_iter()
        .map(|(name, value)| format!("export {name}='{value}'\n"))
        .collect();
    output::show(&lines.concat())?;
    Ok(ExitCode::SUCCESS)
}
