//! Before a database is used: makes the file so that nobody else can read it, and refuses a file of another program.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions};
use tokio::time::{Instant, sleep};

use super::migrator;
use crate::error::storage::{is_damage, is_of_server, storage_fault};

/// `application_id` of our files; the first migration sets it.
const OURS: i32 = i32::from_be_bytes(*b"Plnt");
/// How it is seen that a database without our migrations belongs to another program, when nothing else is in it.
pub(super) const OTHERS_MIGRATIONS: &str = "it has the migrations of another program";
/// How long another process may keep the file to itself, such as one that makes it at the same time.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a database cannot be opened; a clause that follows the name of the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// It belongs to another program; the text says how that was seen.
    #[error("it belongs to another program: {0}. Nothing in it was changed")]
    Foreign(String),
    /// It cannot serve as ours; the text says why.
    #[error("{0}")]
    Unfit(String),
    /// The file cannot be made or looked at.
    #[error("{}", io_fault(.0))]
    File(#[from] io::Error),
    /// The database cannot be used.
    #[error("{}", explain(.0))]
    Database(#[from] sqlx::Error),
}

/// What went wrong with a file, without the system's numbers.
#[must_use]
pub(crate) fn io_fault(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "there is a file in its place".to_owned(),
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        io::ErrorKind::PermissionDenied => "access is denied".to_owned(),
        kind => kind.to_string(),
    }
}

/// What is wrong, with what a server says of it.
fn explain(error: &sqlx::Error) -> String {
    match (storage_fault(error), error) {
        (Some(fault), sqlx::Error::Database(said)) if is_of_server(&**said) => {
            format!("{fault} (“{}”)", said.message())
        }
        (Some(fault), sqlx::Error::Io(cause)) => format!("{fault} ({})", io_fault(cause)),
        (Some(fault), _) => fault.to_owned(),
        (None, error) => error.to_string(),
    }
}

/// Makes the file when it is missing. One that is there must be empty or ours.
pub(super) async fn prepare(file: &Path) -> Result<(), OpenError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(made) => return Ok(keep_name(&made, file)?),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.into()),
    }
    let metadata = fs::metadata(file)?;
    if !metadata.is_file() {
        return Err(OpenError::Foreign("it is not a file but a directory or a device".to_owned()));
    }
    if metadata.len() == 0 { Ok(()) } else { inspect(file).await }
}

/// The name of a new file survives a loss of power once its directory is written.
fn keep_name(made: &File, file: &Path) -> io::Result<()> {
    made.sync_all()?;
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

/// Looks at a file without changing anything in it or beside it. What is in a log beside it is not seen yet, and what
/// another process writes just now is seen in pieces, so a foreign file has to look foreign more than once.
pub(super) async fn inspect(file: &Path) -> Result<(), OpenError> {
    const TIMES: u32 = 5;
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let mut seen = None;
    for _ in 0..TIMES {
        // What cannot be read like this shows itself when the file is opened.
        let Ok(mut connection) = options.connect().await else { return Ok(()) };
        seen = foreign(&mut connection).await.unwrap_or(None);
        connection.close().await?;
        if seen.is_none() {
            return Ok(());
        }
        sleep(Duration::from_millis(20)).await;
    }
    seen.map_or(Ok(()), |how| Err(OpenError::Foreign(how)))
}

/// Refuses a database that is neither empty nor ours, as it is at one moment.
pub(super) async fn must_be_ours(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let mut moment = connection.begin().await?;
    let seen = foreign(&mut moment).await?;
    moment.commit().await?;
    seen.map_or(Ok(()), |how| Err(OpenError::Foreign(how)))
}

/// Whether what can be read is a sound database of ours.
pub(super) async fn is_sound(pool: &SqlitePool) -> sqlx::Result<bool> {
    let looked = async {
        let mut connection = pool.acquire().await?;
        if foreign(&mut connection).await?.is_some() {
            return Ok(false);
        }
        let (said,): (String,) = sqlx::query_as("pragma quick_check(1)").fetch_one(&mut *connection).await?;
        Ok(said == "ok")
    };
    match looked.await {
        Err(error) if is_damage(&error) => Ok(false),
        result => result,
    }
}

/// What the engine finds wrong in a whole file: damage, and rows that name others that are not there.
pub(super) async fn faults(connection: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    let said: sqlx::Result<Vec<(String,)>> =
        sqlx::query_as("pragma integrity_check(3)").fetch_all(&mut *connection).await;
    let mut faults: Vec<String> = match said {
        Err(error) if is_damage(&error) => vec!["the file is damaged".to_owned()],
        said => said?.into_iter().map(|(fault,)| fault).filter(|fault| fault != "ok").collect(),
    };
    if faults.is_empty() {
        let orphan: Option<(String, Option<i64>, String, i64)> =
            sqlx::query_as("pragma foreign_key_check").fetch_optional(connection).await?;
        faults.extend(
            orphan.map(|(table, _, parent, _)| format!("a row of {table} names one of {parent} that is missing")),
        );
    }
    Ok(faults)
}

/// `SQLITE_BUSY`, whatever it says besides.
fn is_busy(code: Option<&str>) -> bool {
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| code & 0xff == 5)
}

/// How it can be seen that a database belongs to another program.
async fn foreign(connection: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    let (id,): (i32,) = sqlx::query_as("pragma application_id").fetch_one(&mut *connection).await?;
    let applied = migrator::list_applied(connection).await?;
    if id == OURS || migrator::are_ours(&applied) {
        return Ok(None);
    }
    if id != 0 {
        return Ok(Some(format!("its application id is {id}")));
    }
    let other: Option<(String, String)> = sqlx::query_as(
        "select type, name from sqlite_master where name <> '_sqlx_migrations' and name not like 'sqlite~_%' escape '~' \
         order by type <> 'table', name limit 1",
    )
    .fetch_optional(connection)
    .await?;
    if let Some((kind, name)) = other {
        return Ok(Some(format!("it has a {kind} “{name}” and no migrations of Plinth")));
    }
    Ok((!applied.is_empty()).then(|| OTHERS_MIGRATIONS.to_owned()))
}

/// Opens a connection, waiting while another process keeps the file to itself: SQLite does not wait for the change to WAL.
pub(super) async fn connect(options: &SqliteConnectOptions) -> sqlx::Result<SqliteConnection> {
    let until = Instant::now() + PATIENCE;
    loop {
        match options.connect().await {
            Err(sqlx::Error::Database(error)) if Instant::now() < until && is_busy(error.code().as_deref()) => {
                sleep(Duration::from_millis(20)).await;
            }
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_another_process_keeps_is_told_from_one_that_cannot_be_opened() {
        for code in ["5", "261", "517"] {
            assert!(is_busy(Some(code)), "{code}");
        }
        for code in ["6", "8", "10", "14", "x", ""] {
            assert!(!is_busy(Some(code)), "{code}");
        }
        assert!(!is_busy(None));
    }
}
