//! Where the log goes: to standard error, filtered as the maintainer set it.

use tracing_subscriber::EnvFilter;

/// Begins logging.
///
/// # Errors
/// A sentence when the filter cannot be read.
pub fn begin(filter: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter)
        .map_err(|error| format!("PLINTH_LOG is “{filter}”, which is no log filter: {error}"))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(())
}
