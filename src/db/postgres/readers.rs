//! The connections that read. One that is gone is replaced, and what was asked is asked again: reading changes nothing.

use std::time::Duration;

use sqlx::{
    Connection, PgConnection, Postgres,
    postgres::{PgArguments, PgRow},
};

use super::{
    answer::{is_no_answer, while_there},
    connections::Connections,
    error::{is_gone, is_in_no_row},
};
use crate::error::storage::is_outdated_plan;

/// How often a question is asked again.
const AGAIN: u32 = 2;
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(20);

#[derive(Clone)]
pub(in crate::db) struct PostgresReaders {
    pub(super) connections: Connections,
    pub(super) keeps_statements: bool,
}

#[derive(Clone, Copy)]
enum Prepared {
    Kept,
    Once,
    /// A pooler would prepare the statement on one connection and run it on another.
    InTransaction,
}

impl PostgresReaders {
    pub(in crate::db) async fn all(&self, sql: &'static str, args: PgArguments) -> sqlx::Result<Vec<PgRow>> {
        let mut times = 0;
        let mut prepared = if self.keeps_statements { Prepared::Kept } else { Prepared::InTransaction };
        loop {
            let mut lent = self.connections.lend(times > 0).await?;
            let options = lent.options();
            let asked = ask(lent.connection()?, sql, args.clone(), prepared);
            let answer = while_there(&options, ANSWER, asked).await.flatten();
            let error = match lent.inspect(answer) {
                Ok(rows) => return Ok(rows),
                Err(error) => error,
            };
            if is_in_no_row(&error) {
                return Ok(Vec::new());
            }
            // Another program changed a table after the statement was prepared on this connection.
            if is_outdated_plan(&error) {
                prepared = Prepared::Once;
            } else if !is_gone(&error) || is_no_answer(&error) {
                return Err(error);
            }
            if times == AGAIN {
                return Err(error);
            }
            times += 1;
        }
    }

    pub(in crate::db) async fn close(&self) {
        self.connections.close().await;
    }
}

async fn ask(
    connection: &mut PgConnection,
    sql: &'static str,
    args: PgArguments,
    prepared: Prepared,
) -> sqlx::Result<Vec<PgRow>> {
    let query = sqlx::query_with::<Postgres, _>(sql, args);
    match prepared {
        Prepared::Kept => query.fetch_all(connection).await,
        Prepared::Once => query.persistent(false).fetch_all(connection).await,
        Prepared::InTransaction => {
            let mut transaction = connection.begin_with("begin read only").await?;
            let rows = query.persistent(false).fetch_all(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(rows)
        }
    }
}
