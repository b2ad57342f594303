//! The connections that read. One that is gone is replaced, and what was asked is asked again: reading changes nothing.

use std::time::Duration;

use sqlx::{
    Connection, PgConnection, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
};

use super::error::{breaks, is_gone, is_in_no_row};

/// How often a question is asked again.
const AGAIN: u32 = 2;
/// A connection that was not used for so long is tried first.
pub(super) const IDLE: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub(in crate::db) struct PostgresReaders {
    pub(super) pool: PgPool,
    pub(super) keeps_statements: bool,
}

impl PostgresReaders {
    pub(in crate::db) async fn all(&self, sql: &'static str, args: PgArguments) -> sqlx::Result<Vec<PgRow>> {
        let mut times = 0;
        loop {
            let mut connection = working(&self.pool, times > 0).await?;
            let result = self.ask(&mut connection, sql, args.clone()).await;
            let Err(error) = result else { return result };
            if is_in_no_row(&error) {
                return Ok(Vec::new());
            }
            if breaks(&error) {
                connection.close_on_drop();
            }
            if !is_gone(&error) || times == AGAIN {
                return Err(error);
            }
            times += 1;
        }
    }

    async fn ask(
        &self,
        connection: &mut PgConnection,
        sql: &'static str,
        args: PgArguments,
    ) -> sqlx::Result<Vec<PgRow>> {
        if self.keeps_statements {
            return sqlx::query_with::<Postgres, _>(sql, args).fetch_all(connection).await;
        }
        // A pooler would prepare the statement on one connection and run it on another.
        let mut transaction = connection.begin().await?;
        let query = sqlx::query_with::<Postgres, _>(sql, args).persistent(false);
        let rows = query.fetch_all(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(rows)
    }

    pub(in crate::db) async fn close(&self) {
        self.pool.close().await;
    }
}

/// A connection of the pool, one that was tried if `careful`.
pub(super) async fn working(pool: &PgPool, careful: bool) -> sqlx::Result<PoolConnection<Postgres>> {
    loop {
        let mut connection = pool.acquire().await?;
        if !careful || connection.ping().await.is_ok() {
            return Ok(connection);
        }
        connection.close_on_drop();
    }
}
