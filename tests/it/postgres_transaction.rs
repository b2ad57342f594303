//! The write transaction on PostgreSQL when its connection is lost, at its beginning and at its end, and which connection the
//! next one gets.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use plinth::{
    app::start,
    db::transaction::Transaction,
    error::{Error, Result},
    model::{actor::Actor, audit_log::AuditEntry},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use url::Url;

use crate::{
    harness::{TestApp, config},
    postgres,
};

/// What goes wrong between the program and the server.
#[derive(Clone, Copy)]
enum Failure {
    None,
    /// So many transactions lose their connection before they begin.
    Begin(usize),
    BeforeCommit,
    AfterCommit,
    /// The commit is delayed until it is asked for the second time what became of it.
    LateCommit,
    Asked,
    AskedAgain,
}

/// What becomes of a message from the program.
enum Outcome {
    Passed,
    Cut,
    /// Passed on, and its answer is lost.
    Unanswered,
    /// The program's side is cut, the server's is not yet.
    Delayed,
    /// Passed on after the one that was delayed.
    AfterDelayed,
}

/// A way to a database of its own on which connections can be lost.
struct Gate {
    database: String,
    url: String,
    state: Arc<State>,
}

struct State {
    server: String,
    failure: Mutex<Failure>,
    begun: AtomicUsize,
    delayed: Mutex<Option<(TcpStream, Vec<u8>)>>,
}

impl State {
    fn judge(&self, message: &[u8]) -> Outcome {
        let has = |part: &[u8]| message.windows(part.len()).any(|window| window == part);
        let begins = has(b"pg_advisory_xact_lock");
        self.begun.fetch_add(usize::from(begins), Ordering::Relaxed);
        let mut failure = self.failure.lock().unwrap();
        let (next, outcome) = match *failure {
            Failure::Begin(left) if left > 0 && begins => (Failure::Begin(left - 1), Outcome::Cut),
            Failure::BeforeCommit if has(b"commit\0") => (Failure::None, Outcome::Cut),
            Failure::AfterCommit if has(b"commit\0") => (Failure::None, Outcome::Unanswered),
            Failure::LateCommit if has(b"commit\0") => (Failure::Asked, Outcome::Delayed),
            Failure::Asked if has(b"pg_xact_status") => (Failure::AskedAgain, Outcome::Passed),
            Failure::AskedAgain if has(b"pg_xact_status") => (Failure::None, Outcome::AfterDelayed),
            _ => return Outcome::Passed,
        };
        *failure = next;
        outcome
    }

    async fn carry(&self, mut program: TcpStream) -> io::Result<()> {
        let mut server = TcpStream::connect(&self.server).await?;
        let (mut asked, mut answered) = (vec![0; 65536], vec![0; 65536]);
        loop {
            tokio::select! {
                read = program.read(&mut asked) => {
                    let message = &asked[..read?];
                    if message.is_empty() {
                        return Ok(());
                    }
                    match self.judge(message) {
                        Outcome::Passed => {}
                        Outcome::Cut => return Ok(()),
                        Outcome::Unanswered => {
                            server.write_all(message).await?;
                            server.readable().await?;
                            return Ok(());
                        }
                        Outcome::Delayed => {
                            *self.delayed.lock().unwrap() = Some((server, message.to_vec()));
                            return Ok(());
                        }
                        Outcome::AfterDelayed => {
                            let (mut other, commit) = self.delayed.lock().unwrap().take().expect("one was delayed");
                            other.write_all(&commit).await?;
                            other.readable().await?;
                        }
                    }
                    server.write_all(message).await?;
                }
                read = server.read(&mut answered) => {
                    let answer = &answered[..read?];
                    if answer.is_empty() {
                        return Ok(());
                    }
                    program.write_all(answer).await?;
                }
            }
        }
    }
}

impl Gate {
    async fn open() -> Option<Self> {
        postgres::server()?;
        let database = postgres::create("");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut url = Url::parse(&database).unwrap();
        let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let (failure, begun, delayed) = (Mutex::new(Failure::None), AtomicUsize::new(0), Mutex::new(None));
        let state = Arc::new(State { server, failure, begun, delayed });
        let kept = state.clone();
        tokio::spawn(async move {
            while let Ok((program, _)) = listener.accept().await {
                let state = state.clone();
                tokio::spawn(async move { state.carry(program).await });
            }
        });
        Some(Self { database, url: url.into(), state: kept })
    }

    fn set(&self, failure: Failure) {
        *self.state.failure.lock().unwrap() = failure;
    }

    /// Changes the database from elsewhere.
    fn run(&self, sql: &str) {
        postgres::run(&self.database, sql.to_owned());
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        postgres::drop_database(&self.database);
    }
}

#[tokio::test]
async fn a_transaction_begins_on_another_connection_when_one_is_lost_but_not_for_ever() {
    let Some(gate) = Gate::open().await else { return };
    let data = TempDir::new().unwrap();
    let db = start::open(&config(data.path(), &["--database-url", &gate.url])).await.unwrap();
    // And how often that was tried.
    let begin = async || {
        gate.state.begun.store(0, Ordering::Relaxed);
        let begun = timeout(Duration::from_mins(1), Transaction::begin(&db)).await.expect("it ends");
        (begun, gate.state.begun.load(Ordering::Relaxed))
    };
    gate.set(Failure::Begin(2));
    assert!(matches!(begin().await, (Ok(_), 3)), "the third connection works");
    gate.set(Failure::Begin(20));
    assert!(matches!(begin().await, (Err(Error::Storage(_)), 3)));
    gate.set(Failure::None);
    // Any other error would be the same on another connection.
    gate.run("alter table _sqlx_migrations rename to elsewhere");
    assert!(matches!(begin().await, (Err(_), 1)));
    gate.run("alter table elsewhere rename to _sqlx_migrations");
    drop(begin().await.0.unwrap());
    db.close().await;
}

#[tokio::test]
async fn a_commit_that_gets_no_answer_is_asked_after() {
    let Some(gate) = Gate::open().await else { return };
    let options = ["--starter", "none", "--database-url", &gate.url];
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &options).await;
    let change = async || -> Result<()> {
        let write = app.app.write(Actor::system("test")).await?;
        write.record(AuditEntry::new("test.lost", "test", None, "test"));
        write.commit().await
    };
    let kept = async || {
        let sql = "select count(*) from audit_log where action = 'test.lost'";
        app.app.read().value::<i64>(sql, ()).await.unwrap()
    };
    gate.set(Failure::AfterCommit);
    change().await.expect("it was committed");
    assert_eq!(kept().await, 1);
    gate.set(Failure::LateCommit);
    change().await.expect("it was committed in the end");
    assert_eq!(kept().await, 2);
    gate.set(Failure::BeforeCommit);
    assert!(matches!(change().await, Err(Error::Storage(_))), "it was not");
    assert_eq!(kept().await, 2);
    change().await.unwrap();
    assert_eq!(kept().await, 3);
    app.app.db.close().await;
}

#[tokio::test]
async fn the_next_transaction_gets_the_same_connection_unless_that_may_be_broken() {
    let Some(gate) = Gate::open().await else { return };
    let data = TempDir::new().unwrap();
    let db = start::open(&config(data.path(), &["--database-url", &gate.url])).await.unwrap();
    let begin = async || {
        let write = Transaction::begin(&db).await.unwrap();
        let id = write.value::<i32>("select pg_backend_pid()", ()).await.unwrap();
        (write, id)
    };
    let (write, first) = begin().await;
    write.execute("create table mark (id bigint primary key)", ()).await.unwrap();
    write.commit().await.unwrap();
    let (write, id) = begin().await;
    assert_eq!(id, first, "after a commit");
    write.execute("insert into mark values (1)", ()).await.unwrap();
    drop(write);
    let (write, id) = begin().await;
    assert_eq!(id, first, "after a rollback");
    assert_eq!(write.execute("update mark set id = 2", ()).await.unwrap(), 0, "it was rolled back");
    assert!(write.execute("insert into mark values (3), (3)", ()).await.is_err());
    assert!(matches!(write.commit().await, Err(Error::Internal(_))), "the server keeps nothing of it");
    let (write, id) = begin().await;
    assert_eq!(id, first, "after a broken rule");
    assert!(write.execute("select pg_cancel_backend(pg_backend_pid()), pg_sleep(60)", ()).await.is_err());
    drop(write);
    let (write, id) = begin().await;
    assert_ne!(id, first, "after a cancelled statement");
    for _ in 0..2 {
        assert!(write.execute("select nothing", ()).await.is_err());
    }
    assert!(matches!(write.commit().await, Err(Error::Internal(_))), "two that failed are no success");
    db.close().await;
}

#[tokio::test]
async fn a_transaction_finds_out_that_a_newer_program_has_the_database() {
    let Some(gate) = Gate::open().await else { return };
    let data = TempDir::new().unwrap();
    let db = start::open(&config(data.path(), &["--database-url", &gate.url])).await.unwrap();
    // One whose number is older than those that the program knows, as a newer one would be.
    gate.run(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (20000101000001, 'from elsewhere', true, '', 0)",
    );
    assert!(matches!(Transaction::begin(&db).await, Err(Error::Lost(_))));
    // It could not know what else was changed meanwhile.
    gate.run("delete from _sqlx_migrations where version = 20000101000001");
    assert!(matches!(Transaction::begin(&db).await, Err(Error::Lost(_))));
    db.close().await;
}
