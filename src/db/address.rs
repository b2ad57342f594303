//! Where a database is: a file, or a database of a PostgreSQL server.

use std::{fmt, path::PathBuf, str::FromStr};

use sqlx::sqlite::SqliteConnectOptions;

use super::postgres::address::ServerAddress;

#[derive(Clone)]
pub(crate) enum DatabaseAddress {
    File(PathBuf),
    Server(Box<ServerAddress>),
}

impl DatabaseAddress {
    /// Reads an address, such as `sqlite:data/plinth.db` or `postgres://plinth@db.example/plinth`.
    /// Errors: what is wrong with it, as the rest of a sentence.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            return file_in(url, rest).map(Self::File);
        }
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return ServerAddress::parse(url).map(|server| Self::Server(Box::new(server)));
        }
        Err("must begin with sqlite: or postgres:, as in sqlite:data/plinth.db or postgres://plinth@db.example/plinth"
            .to_owned())
    }
}

/// The file that a database address names. Everything else that such an address may say is decided by the program.
fn file_in(url: &str, rest: &str) -> Result<PathBuf, String> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !matches!(query, "" | "mode=rw" | "mode=rwc") || path.is_empty() || path == ":memory:" {
        return Err("must name a file, without parameters other than mode=rwc, as in sqlite:data/plinth.db".to_owned());
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|error| format!("cannot be understood: {error}"))?;
    Ok(options.get_filename().to_owned())
}

impl fmt::Display for DatabaseAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Server(server) => write!(f, "{server}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (typed, shown) in [
            ("sqlite:data/plinth.db", "data/plinth.db"),
            ("sqlite://a.db?mode=rwc", "a.db"),
            ("postgres://plinth:secret@db.example/site?sslmode=require", "postgres://plinth@db.example:5432/site"),
            ("postgresql://plinth:secret@[::1]:6432/site", "postgres://plinth@[::1]:6432/site"),
            ("postgres://plinth:secret@%2Frun%2Fpostgresql/site", "postgres://plinth@/run/postgresql/site"),
        ] {
            assert_eq!(
                DatabaseAddress::parse(typed).map(|address| address.to_string()).as_deref(),
                Ok(shown),
                "{typed}"
            );
        }
        for bad in
            ["mysql://a/b", "postgres://secret@a", "postgres://u:secret@", "sqlite:", "sqlite::memory:", "plinth.db"]
        {
            let fault = DatabaseAddress::parse(bad).err().unwrap_or_default();
            assert!(!fault.is_empty() && !fault.contains("secret"), "{bad}: {fault}");
        }
    }
}
