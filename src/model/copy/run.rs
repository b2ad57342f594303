//! Copies and compares. All in one transaction of each database: nobody writes to either meanwhile, and a copy that does
//! not come to its end leaves nothing behind.

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::tables::{PAGES, TABLES, Table};
use crate::{
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    pub table: &'static str,
    pub rows: u64,
    /// The hash of all of them, the same on both sides.
    pub hash: String,
}

/// The tables that are copied, each with its columns.
#[must_use]
pub fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
    TABLES.iter().map(|table| (table.name, table.columns.split_whitespace().collect())).collect()
}

/// Copies everything from one database into another, which must be empty; `progress` is told of each table.
/// `Conflict` when the target is not empty; otherwise what failed. Nothing is in the target then.
pub async fn copy(from: &Db, to: &Db, progress: impl Fn(&Copied)) -> Result<()> {
    let source = Transaction::begin(from).await?;
    let target = Transaction::begin(to).await?;
    must_be_empty(&target).await?;
    for table in TABLES.iter().filter_map(|table| table.clear) {
        target.execute(table, ()).await?;
    }
    let sides = [from.is_server(), to.is_server()].map(usize::from);
    for table in &TABLES {
        fill((&source, &target), table, sides).await?;
        if let Some(sql) = table.numbers.filter(|_| to.is_server()) {
            let _next: i64 = target.value(sql, ()).await?;
        }
    }
    for table in &TABLES {
        let (read, copied) = (sum(&source, table, sides[0]).await?, sum(&target, table, sides[1]).await?);
        if read != copied {
            let Table { name, .. } = table;
            return Err(Error::Internal(format!("the rows of {name} are not the same on both sides")));
        }
        progress(&copied);
    }
    target.commit().await
}

/// Refuses a database in which anything was done already.
async fn must_be_empty(target: &Conn) -> Result<()> {
    for table in TABLES.iter().filter(|table| table.clear.is_none()) {
        let rows: i64 = target.value(table.count, ()).await?;
        if rows > 0 {
            return Err(Error::Conflict(format!("it is not empty: its table {} has rows ({rows})", table.name)));
        }
    }
    Ok(())
}

async fn fill((source, target): (&Conn, &Transaction), table: &Table, [from, to]: [usize; 2]) -> Result<()> {
    let read = if table.name == "page" { PAGES[from] } else { table.read[from] };
    let mut done = 0;
    loop {
        let rows: Vec<(String,)> = source.all(read, (done, table.piece)).await?;
        for (row,) in &rows {
            target.execute(table.insert[to], (row.as_str(),)).await?;
        }
        done += table.piece;
        if i64::try_from(rows.len()).is_ok_and(|rows| rows < table.piece) {
            return Ok(());
        }
    }
}

/// The number of rows and their hash.
async fn sum(db: &Conn, table: &Table, side: usize) -> Result<Copied> {
    let (mut hash, mut rows) = (Sha256::new(), 0);
    let mut done = 0;
    loop {
        let piece: Vec<(String,)> = db.all(table.read[side], (done, table.piece)).await?;
        for (row,) in &piece {
            hash.update(plain(row)?);
            hash.update(b"\n");
            rows += 1;
        }
        done += table.piece;
        if i64::try_from(piece.len()).is_ok_and(|rows| rows < table.piece) {
            break;
        }
    }
    Ok(Copied { table: table.name, rows, hash: HEXLOWER.encode(&hash.finalize()) })
}

/// A row in the one form that both engines give: by the names of its columns, with numbers for yes and no.
fn plain(row: &str) -> Result<Vec<u8>> {
    let value: Value = serde_json::from_str(row).map_err(|error| Error::internal("a row as JSON", error))?;
    let Value::Object(columns) = value else { return Err(Error::Internal("a row is no JSON object".to_owned())) };
    let mut columns: Vec<_> = columns.into_iter().collect();
    columns.sort_by(|one, other| one.0.cmp(&other.0));
    for (_, value) in &mut columns {
        if let Value::Bool(yes) = value {
            *value = Value::from(i64::from(*yes));
        }
    }
    serde_json::to_vec(&columns).map_err(|error| Error::internal("a row as JSON", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_looks_the_same_from_both_engines() {
        assert_eq!(plain(r#"{"b":true,"a":"x\u00e4"}"#).unwrap(), plain(r#"{"a":"xä","b":1}"#).unwrap());
        assert_ne!(plain(r#"{"a":"1"}"#).unwrap(), plain(r#"{"a":1}"#).unwrap());
        assert!(plain("1").is_err());
    }
}
