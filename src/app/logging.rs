//! Where the log goes: to standard error, filtered as the maintainer set it, in colour on a terminal only.

use std::{
    env,
    io::{self, IsTerminal},
};

use tracing_subscriber::{
    EnvFilter,
    filter::{Directive, LevelFilter},
};

use super::log_targets;

/// These write a line for any cookie or passkey that a stranger sends, so they are quiet unless the filter names them.
const QUIET: [&str; 4] = ["tower_sessions", "tower_sessions_core", "webauthn_rs", "webauthn_rs_core"];

/// Begins logging.
/// Errors: a sentence when the filter cannot be understood.
pub fn begin(filter: &str) -> Result<(), String> {
    let filter = read(filter).map_err(|reason| {
        format!(
            "PLINTH_LOG is “{filter}”, and {reason}. Use error, warn, info, debug or trace, or a filter such as \
             info,plinth=debug."
        )
    })?;
    let colours = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // The library would report a closed log on the same closed stream, and panic.
    let log = tracing_subscriber::fmt().log_internal_errors(false);
    log.with_env_filter(filter).with_ansi(colours).with_writer(io::stderr).init();
    Ok(())
}

/// Logs whole addresses, with tokens and queries. What it refuses is in the security log.
const SILENT: &str = "tower_http::csrf=off";

/// The library takes a misspelt level for a target, and then logs nothing.
fn read(text: &str) -> Result<EnvFilter, String> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    for part in &parts {
        let (target, level) = part.rsplit_once('=').map_or((None, *part), |(target, level)| (Some(target), level));
        if level.parse::<LevelFilter>().is_err() {
            return Err(format!("“{level}” is no level"));
        }
        target.map_or(Ok(()), log_targets::check)?;
    }
    let mut filter = EnvFilter::try_new(parts.join(",")).map_err(|error| format!("that is no filter: {error}"))?;
    let quiet = QUIET.into_iter().filter(|target| !text.contains(target)).map(|target| format!("{target}=error"));
    for directive in quiet.chain([SILENT.to_owned()]) {
        let directive: Directive = directive.parse().map_err(|error| format!("{error}"))?;
        filter = filter.add_directive(directive);
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_understood_or_refused() {
        for good in ["info", "WARN", "off", "info,plinth=debug", "plinth::security=info", "warn, sqlx=trace", ""] {
            assert!(read(good).is_ok(), "{good}");
        }
        for bad in [
            "verbosee",
            "plinth",
            "plinth=loud",
            "plnith=debug",
            "plinth::acess=off",
            "info,debugg",
            "=info",
            "info;debug",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(read("debug").unwrap().to_string().contains("tower_sessions=error"));
        assert!(!read("tower_sessions=debug").unwrap().to_string().contains("tower_sessions=error"));
    }
}
