//! Where a database of a server is, and how it is talked to.

use std::{fmt, str::FromStr};

use sqlx::postgres::PgConnectOptions;

/// More than the program has, so that each statement is planned once for each connection.
const STATEMENTS: usize = 1000;

#[derive(Clone)]
pub(crate) struct ServerAddress {
    /// For everything that is asked and written; a pooler may be between.
    pub(in crate::db) usual: PgConnectOptions,
    /// For migrations, and for what needs a connection of its own.
    pub(in crate::db) direct: PgConnectOptions,
    /// Whether `direct` was set apart.
    pub(in crate::db) has_two_ways: bool,
    /// Whether statements stay prepared.
    pub(in crate::db) keeps_statements: bool,
}

impl ServerAddress {
    /// Reads an address, such as `postgres://plinth@db.example/plinth`.
    /// Errors: what is wrong with it, as the rest of a sentence; never with the password.
    pub(in crate::db) fn parse(url: &str) -> Result<Self, String> {
        let usual = options(url)?;
        Ok(Self { direct: usual.clone(), usual, has_two_ways: false, keeps_statements: true })
    }

    /// Sets the address for what cannot go through a pooler.
    /// Errors: see [`Self::parse`].
    pub(crate) fn set_direct(&mut self, url: &str) -> Result<(), String> {
        if !is_postgres(url) {
            return Err("must begin with postgres:, as in postgres://plinth@db.example/plinth".to_owned());
        }
        self.direct = options(url)?;
        self.has_two_ways = true;
        Ok(())
    }

    /// Prepares each statement again whenever it is used, for a pooler that gives every transaction another connection.
    pub(crate) fn forget_statements(&mut self) {
        self.keeps_statements = false;
        self.usual = self.usual.clone().statement_cache_capacity(0);
    }
}

/// Whether this looks like the address of a PostgreSQL server.
fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

fn options(url: &str) -> Result<PgConnectOptions, String> {
    let options = PgConnectOptions::from_str(url).map_err(|error| format!("cannot be understood: {error}"))?;
    if options.get_database().is_none_or(str::is_empty) {
        return Err("must name a database, as in postgres://plinth@db.example/plinth".to_owned());
    }
    // A pooler refuses a connection that asks for more than it knows, and no number here has a fraction.
    Ok(options.application_name("plinth").extra_float_digits(None).statement_cache_capacity(STATEMENTS))
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (user, database) = (self.usual.get_username(), self.usual.get_database().unwrap_or_default());
        match self.usual.get_socket() {
            Some(socket) => write!(f, "postgres://{user}@{}/{database}", socket.display()),
            None => write!(f, "postgres://{user}@{}:{}/{database}", self.usual.get_host(), self.usual.get_port()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direct_address_is_apart_from_the_usual_one() {
        let mut address = ServerAddress::parse("postgres://plinth@pooler.example/plinth").unwrap();
        address.set_direct("postgres://plinth@db.example/plinth").unwrap();
        assert_eq!((address.usual.get_host(), address.direct.get_host()), ("pooler.example", "db.example"));
        assert!(address.set_direct("mysql://plinth@db.example/plinth").is_err());
        assert!(address.set_direct("postgres://db.example").is_err());
    }
}
