//! A connection that stays open as long as the database does, so that the log beside the file (`-wal`) is never deleted
//! and made again while others read it, and that writes the log back into the file.

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::Mutex;

pub(super) struct CheckpointConnection {
    options: SqliteConnectOptions,
    slot: Mutex<Option<SqliteConnection>>,
}

impl CheckpointConnection {
    pub(super) async fn open(options: SqliteConnectOptions) -> sqlx::Result<Self> {
        let connection = connect(&options).await?;
        Ok(Self { options, slot: Mutex::new(Some(connection)) })
    }

    /// Writes the log back into the file and cuts it to nothing; whether nobody was in the way.
    pub(super) async fn checkpoint(&self) -> sqlx::Result<bool> {
        let mut slot = self.slot.lock().await;
        let Some(connection) = slot.as_mut() else { return Err(sqlx::Error::PoolClosed) };
        let result =
            sqlx::query_as::<_, (i64, i64, i64)>("pragma wal_checkpoint(truncate)").fetch_one(connection).await;
        if result.is_err() {
            // The new one is open before the old one closes: the log is never without anyone.
            let fresh = connect(&self.options).await?;
            if let Some(old) = slot.replace(fresh) {
                old.close().await?;
            }
        }
        result.map(|(busy, ..)| busy == 0)
    }

    /// Closes the connection. When it is the last one, SQLite writes the log back and deletes it.
    pub(super) async fn close(&self) {
        if let Some(connection) = self.slot.lock().await.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was not closed as it should be");
        }
    }
}

/// SQLite opens the log with the first reading.
async fn connect(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    let mut connection = options.connect().await?;
    sqlx::query("select count(*) from sqlite_master").execute(&mut connection).await?;
    Ok(connection)
}
