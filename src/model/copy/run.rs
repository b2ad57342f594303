//! Copies and compares. All in one transaction of each database: nobody writes to either meanwhile, and a copy that does
//! not come to its end leaves nothing behind.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::tables::{TABLES, Table};
use crate::{
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::{Error, Result},
};

/// How far a copy is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// So many rows of a table are in the target, of so many.
    Copied { table: &'static str, rows: i64, of: i64 },
    /// All rows of a table are the same on both sides; with the hash of all of them.
    Compared { table: &'static str, rows: i64, hash: String },
}

/// The tables that are copied, each with its columns.
#[must_use]
pub fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
    TABLES.iter().map(|table| (table.name, table.columns.split_whitespace().collect())).collect()
}

/// Copies everything from one database into another, which must be empty; `progress` is told of each piece.
/// `Conflict` when the target is not empty, `Uncertain` when it does not say whether it has everything or nothing; otherwise
/// what failed. Nothing is in the target then.
pub async fn copy(from: &Db, to: &Db, mut progress: impl FnMut(Progress)) -> Result<()> {
    let source = Transaction::begin(from).await?;
    let target = Transaction::begin(to).await?;
    must_be_empty(&target).await?;
    for table in TABLES.iter().filter_map(|table| table.clear) {
        target.execute(table, ()).await?;
    }
    let sides = [from.is_server(), to.is_server()].map(usize::from);
    for table in &TABLES {
        fill((&source, &target), table, sides, &mut progress).await?;
        if let Some(sql) = table.numbers.filter(|_| to.is_server()) {
            let _next: i64 = target.value(sql, ()).await?;
        }
    }
    for table in &TABLES {
        progress(compare((&source, &target), table, sides).await?);
    }
    target.commit().await
}

/// Refuses a database in which anything was done already.
pub(crate) async fn must_be_empty(target: &Conn) -> Result<()> {
    for table in TABLES.iter().filter(|table| table.clear.is_none()) {
        let rows: i64 = target.value(table.count, ()).await?;
        if rows > 0 {
            return Err(Error::Conflict(format!("it is not empty: its table {} has rows ({rows})", table.name)));
        }
    }
    Ok(())
}

async fn fill(
    (source, target): (&Conn, &Transaction),
    table: &Table,
    [from, to]: [usize; 2],
    progress: &mut impl FnMut(Progress),
) -> Result<()> {
    let of = source.value(table.count, ()).await?;
    let statements = [Some(table.insert), table.complete];
    for statement in statements.into_iter().flatten() {
        let (mut after, mut rows) = (table.first.to_owned(), 0);
        loop {
            let piece = read(source, table, from, &after).await?;
            let Some(last) = piece.last() else { break };
            target.execute(statement[to], (format!("[{}]", piece.join(",")),)).await?;
            after = key(last, table)?;
            rows += i64::try_from(piece.len()).unwrap_or(i64::MAX);
            progress(Progress::Copied { table: table.name, rows, of });
        }
    }
    Ok(())
}

/// Compares each row, and their number: a piece of one side, then the same of the other, so that neither takes the other for
/// forgotten.
async fn compare((source, target): (&Conn, &Conn), table: &Table, [from, to]: [usize; 2]) -> Result<Progress> {
    let (mut hash, mut rows) = (Sha256::new(), 0);
    let (mut after, mut same) = (table.first.to_owned(), true);
    loop {
        let piece = read(source, table, from, &after).await?;
        let copied = read(target, table, to, &after).await?;
        same &= piece.len() == copied.len();
        for (row, copy) in piece.iter().zip(&copied) {
            let row = plain(row)?;
            same &= row == plain(copy)?;
            hash.update(row);
            hash.update(b"\n");
            rows += 1;
        }
        let Some(last) = piece.last().filter(|_| same) else { break };
        after = key(last, table)?;
    }
    for side in [source, target] {
        same &= rows == side.value::<i64>(table.count, ()).await?;
    }
    if !same {
        return Err(Error::Internal(format!("the rows of {} are not the same on both sides", table.name)));
    }
    Ok(Progress::Compared { table: table.name, rows, hash: HEXLOWER.encode(&hash.finalize()) })
}

/// The rows after a key.
async fn read(db: &Conn, table: &Table, side: usize, after: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = db.all(table.read[side], (after, table.piece)).await?;
    Ok(rows.into_iter().map(|(row,)| row).collect())
}

/// The key of a row, as a JSON object.
fn key(row: &str, table: &Table) -> Result<String> {
    let columns = columns(row)?;
    let key = table.key.iter().map(|name| (*name, columns.get(*name).cloned().unwrap_or_default()));
    serde_json::to_string(&key.collect::<BTreeMap<_, _>>()).map_err(|error| Error::internal("a key as JSON", error))
}

/// A row in the one form that both engines give: by the names of its columns, with numbers for yes and no.
fn plain(row: &str) -> Result<Vec<u8>> {
    let mut columns = columns(row)?;
    for value in columns.values_mut() {
        if let Value::Bool(yes) = value {
            *value = Value::from(i64::from(*yes));
        }
    }
    serde_json::to_vec(&columns).map_err(|error| Error::internal("a row as JSON", error))
}

fn columns(row: &str) -> Result<BTreeMap<String, Value>> {
    serde_json::from_str(row).map_err(|error| Error::internal("a row as JSON", error))
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
