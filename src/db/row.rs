//! What a row can be made into, whichever engine it comes from.

use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};

/// A struct or tuple that a row can be made into.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> Row for T {}
