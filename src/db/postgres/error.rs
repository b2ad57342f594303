//! What an error of PostgreSQL says of the connection it came from.
/// Whether the connection is gone, so that the same may be tried on another one.
pub(in crate::db) fn is_gone(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P"))
        }
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// Whether a text was given that no column can hold, as it has a zero byte in it. So no row has it.
pub(in crate::db) fn is_in_no_row(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "22021")
}

/// Whether the next user of the connection should have another one. A broken rule, a lock that was not had in time and a
/// statement that is not understood leave it as it is.
pub(in crate::db) fn breaks(error: &sqlx::Error) -> bool {
    const HARMLESS: [&str; 6] = ["22", "23", "40", "42", "54", "55"];
    match error {
        sqlx::Error::Database(error) => {
            error.code().is_none_or(|code| HARMLESS.iter().all(|class| !code.starts_with(class)))
        }
        other => is_gone(other),
    }
}
