//! What is wrong with the storage, when that is why the database failed; by the numbers that the engines give.

use sqlx::{error::DatabaseError, postgres::PgDatabaseError};

/// A clause without the driver's words; none when the storage is not to blame.
#[must_use]
pub(crate) fn storage_fault(error: &sqlx::Error) -> Option<&'static str> {
    match error {
        error if is_outdated_plan(error) => Some("the tables of the database were changed meanwhile"),
        sqlx::Error::Database(error) => {
            let code = error.code()?;
            if is_of_server(&**error) { of_sqlstate(&code) } else { of_sqlite(code.parse().ok()?) }
        }
        sqlx::Error::PoolTimedOut => Some("no connection became free in time"),
        sqlx::Error::Io(_) => Some("the database cannot be reached"),
        sqlx::Error::Tls(_) => Some("the encryption of the connection to the database fails"),
        sqlx::Error::Protocol(_) => Some("the connection to the database is lost"),
        sqlx::Error::WorkerCrashed | sqlx::Error::PoolClosed => Some("the connection is closed"),
        _ => None,
    }
}

/// What else the database says, without the driver's words for a value of the wrong kind.
pub(super) fn database_fault(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::ColumnDecode { index, .. } => {
            format!("a value in the column {} is of another kind than is stored there", index.trim_matches('"'))
        }
        other => other.to_string(),
    }
}

/// Whether a database server says so, not SQLite.
#[must_use]
pub(crate) fn is_of_server(error: &dyn DatabaseError) -> bool {
    error.try_downcast_ref::<PgDatabaseError>().is_some()
}

/// Whether SQLite found the file or its log damaged.
#[must_use]
pub(crate) fn is_damage(error: &sqlx::Error) -> bool {
    let error = error.as_database_error().filter(|error| !is_of_server(*error));
    let code = error.and_then(DatabaseError::code).and_then(|code| code.parse().ok());
    code.is_some_and(is_damage_code)
}

/// `SQLITE_CORRUPT`, `SQLITE_NOTADB`, and `SQLITE_IOERR_SHORT_READ`, which comes from a log that was cut.
const fn is_damage_code(code: i32) -> bool {
    const SHORT_READ: i32 = 522;
    matches!(code & 0xff, 11 | 26) || code == SHORT_READ
}

/// Whether a statement that PostgreSQL keeps does not fit the tables any more, as they were changed after it was prepared.
#[must_use]
pub(crate) fn is_outdated_plan(error: &sqlx::Error) -> bool {
    // The message is in the language of the server.
    let error = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    error.is_some_and(|error| error.code() == "0A000" && error.routine() == Some("RevalidateCachedQuery"))
}

/// Whether PostgreSQL cannot store a text because of a zero byte in it.
pub(super) fn is_unstorable(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(DatabaseError::code).is_some_and(|code| code == "22021")
}

/// Whether a rule between two changes was broken: a name that is taken, or an order that cannot be.
pub(super) fn is_conflict(error: &sqlx::Error) -> bool {
    const ORDER: [&str; 2] = ["40001", "40P01"];
    error.as_database_error().is_some_and(|error| {
        error.is_unique_violation()
            || error.try_downcast_ref::<PgDatabaseError>().is_some_and(|error| ORDER.contains(&error.code()))
    })
}

/// The engine's number for the log.
pub(super) fn number(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    let code = error.code()?;
    let engine = if error.try_downcast_ref::<PgDatabaseError>().is_some() { "SQLSTATE" } else { "SQLite result" };
    Some(format!("{engine} {code}"))
}

/// A fault without the [`number`] at its end.
pub(super) fn without_number(fault: &str) -> &str {
    let cut = [" (SQLite result ", " (SQLSTATE "].into_iter().find_map(|begin| fault.split_once(begin));
    cut.map_or(fault, |(fault, _)| fault)
}

/// By SQLite's result code.
fn of_sqlite(code: i32) -> Option<&'static str> {
    /// `SQLITE_FULL`.
    const FULL: i32 = 13;
    /// `SQLITE_IOERR_SHMSIZE`: the shared-memory file is grown by writing to it, and SQLite does not say why that fails.
    const SHM_SIZE: i32 = 4874;
    let code = if code == SHM_SIZE { FULL } else { code & 0xff };
    Some(match code {
        3 => "access to the file is denied",
        5 | 6 => "another program keeps the database locked",
        7 => "there is not enough memory",
        8 => "the file or its directory is read-only",
        10 => "reading or writing the file fails",
        11 => "the file is damaged",
        FULL => "the disk is full",
        14 => "the file cannot be opened",
        15 => "the lock on the file cannot be had",
        26 => "the file is not a database",
        _ => return None,
    })
}

/// By the code of the SQL standard and PostgreSQL.
fn of_sqlstate(code: &str) -> Option<&'static str> {
    Some(match code {
        "25006" => "the database can only be read",
        "28000" | "28P01" => "the database server refuses the user or the password",
        "3D000" => "the database server has no database of that name",
        "42501" => "the user has no right to that in the database",
        "53100" => "the disk of the database server is full",
        "53200" => "the database server has not enough memory",
        // As poolers cause it, whose next transaction is on another connection.
        "26000" | "42P05" => {
            "there is a pooler before the database server: set PLINTH_STATEMENT_CACHE to off, and \
             PLINTH_DATABASE_DIRECT_URL to the address of the server itself"
        }
        "53300" => {
            "the database server has no connection left: raise its max_connections or the limit of the user, or start fewer \
             nodes"
        }
        "55000" => "the database is in no state for that; it may be a standby, which can only be read",
        "55P03" => "another change takes too long",
        "57014" => "the database server cancelled the statement",
        "57P01" | "57P02" | "57P03" => "the database server is shutting down or starting",
        "57P04" => "the database was dropped",
        "57P05" | "25P03" => "the database server closed the connection because it was idle",
        "XX001" | "XX002" => "the database is damaged",
        _ if code.starts_with("08") => "the connection to the database server is lost",
        _ if code.starts_with("58") => "the database server cannot read or write its files",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_told_from_one_that_cannot_be_read_now() {
        for code in [11, 26, 267, 522, 779] {
            assert!(is_damage_code(code), "{code}");
        }
        for code in [5, 10, 14, 266, 1034] {
            assert!(!is_damage_code(code), "{code}");
        }
    }
}
