//! The environment: reads the file `.env`, and looks for names that are nearly those of settings. A misspelt setting
//! must not be ignored: without the public address, the site would be less secure.

use std::env;

use crate::config;

const FILE: &str = ".env";
/// How similar a name must be to that of a setting to be a typing error; 1 is the same.
const SLIP: f64 = 0.7;
const PREFIX: &str = "PLINTH_";

/// Reads `.env`, if there is one; variables that are set already take precedence. Gives warnings.
/// Errors: a sentence when `.env` cannot be read, or a name is nearly that of a setting.
pub fn load() -> Result<Vec<String>, String> {
    let known = config::variables();
    let set = env::vars_os().map(|(name, _)| (name.to_string_lossy().into_owned(), "the environment"));
    let mut warnings = Vec::new();
    for (name, origin) in set.chain(in_file()?.into_iter().map(|name| (name, FILE))) {
        warnings.extend(look(&name, origin, &known)?);
    }
    match dotenvy::from_path(FILE) {
        Err(error) if !error.not_found() => Err(unreadable(&error)),
        _ => Ok(warnings),
    }
}

fn in_file() -> Result<Vec<String>, String> {
    match dotenvy::from_path_iter(FILE) {
        Ok(lines) => lines.map(|line| Ok(line.map_err(|error| unreadable(&error))?.0)).collect(),
        Err(error) if error.not_found() => Ok(Vec::new()),
        Err(error) => Err(unreadable(&error)),
    }
}

fn unreadable(error: &dotenvy::Error) -> String {
    format!("The file .env cannot be read: {error}")
}

/// A warning when a name looks like a setting and is not one.
fn look(name: &str, origin: &str, known: &[String]) -> Result<Option<String>, String> {
    let upper = name.to_uppercase();
    if !upper.starts_with(PREFIX) || known.iter().any(|setting| setting == name) {
        return Ok(None);
    }
    let bare = |name: &str| name.strip_prefix(PREFIX).unwrap_or(name).to_owned();
    let alike = |setting: &String| strsim::normalized_damerau_levenshtein(&bare(&upper), &bare(setting));
    let nearest = known.iter().max_by(|one, other| alike(one).total_cmp(&alike(other)));
    match nearest {
        Some(setting) if alike(setting) >= SLIP => {
            Err(format!("{name} in {origin} is not a setting. Did you mean {setting}? Rename it or take it away."))
        }
        _ => Ok(Some(format!(
            "warning: {name} in {origin} is not a setting and is ignored; .env.example names all of them."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_told_from_a_name_of_others() {
        let known = config::variables();
        for (slip, setting) in [
            ("PLINTH_LISTN", "PLINTH_LISTEN"),
            ("PLINTH_PUBLICURL", "PLINTH_PUBLIC_URL"),
            ("PLINTH_DATABASE_URL", "DATABASE_URL"),
            ("plinth_listen", "PLINTH_LISTEN"),
            ("PLINTH_TRUSTED_PROXY", "PLINTH_TRUSTED_PROXIES"),
        ] {
            assert!(look(slip, FILE, &known).unwrap_err().contains(setting), "{slip}");
        }
        for foreign in ["PLINTH_SERVICE_HOST", "PLINTH_PORT_3000_TCP_ADDR", "PLINTH_PICTURES", "PLINTH_VERSION"] {
            assert!(look(foreign, FILE, &known).unwrap().unwrap().contains("ignored"), "{foreign}");
        }
        for fine in ["PLINTH_LISTEN", "DATABASE_URL", "HOME", "PLINTHS"] {
            assert_eq!(look(fine, FILE, &known).unwrap(), None, "{fine}");
        }
    }
}
