//! The portal under test: the real listener over a real database, users with roles, and verbs that say what they do.

use std::sync::{Arc, Mutex};

use crate::{
    forms::hidden,
    listener::{Connection, LazyListener},
    media_s3, postgres,
    stale_forms::send_seen,
};

pub use crate::reply::Reply;
use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, StatusCode, header},
};
use clap::Parser;
use http_body_util::BodyExt;
use plinth::{
    admin::shared::routes::Route,
    app::{first_run, router, rules::Rules, start},
    clock::{Clock, DAY},
    config::Config,
    db::transaction::Transaction,
    model::{
        actor::{Actor, Role},
        document::{content::Content, record::Document, revision, saving},
        faq::category::{self, Category},
        page::tree,
        password::Cost,
        publishing, running_time, session, user,
        write::Write,
    },
    state::app_state::App,
    web::cache::cached_router::CachedRouter,
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A database with the starter site, made once per run and copied for each test.
static STARTER: OnceCell<TempDir> = OnceCell::const_new();

/// The password of everyone whom the harness makes.
pub const PASSWORD: &str = "velvet anchor orbit mango";

pub struct TestApp {
    pub app: App,
    pub routes: Vec<Route>,
    pub router: CachedRouter,
    pub listener: Arc<LazyListener>,
    pub data: Arc<TempDir>,
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

/// A directory in memory where the system has that, so that nobody waits for a disk.
fn directory() -> TempDir {
    tempfile::Builder::new().tempdir_in("/dev/shm").or_else(|_| TempDir::new()).expect("a directory")
}

/// Gives a data directory a copy of the database of another, which nobody has open.
pub fn copy_database(from: &std::path::Path, to: &std::path::Path) {
    if postgres::is_engine() {
        postgres::copy(from, to);
    } else {
        std::fs::copy(from.join("plinth.db"), to.join("plinth.db")).expect("a copy");
    }
}

/// The configuration that an empty environment gives, but for these options.
pub fn config(data: &std::path::Path, options: &[&str]) -> Config {
    let database = postgres::of(data);
    let data_path = data;
    let data = data.to_string_lossy().into_owned();
    let mut line = vec!["plinth", "--data", &data];
    if let Some(url) = database.as_deref().filter(|_| !options.contains(&"--database-url")) {
        line.extend(["--database-url", url]);
    }
    let places = media_s3::options(data_path);
    if !options.contains(&"--media-s3") {
        line.extend(places.iter().map(String::as_str));
    }
    line.extend(options);
    Line::try_parse_from(line).expect("the options are good").config
}

impl TestApp {
    /// The portal with the starter site.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with command-line options.
    pub async fn with(options: &[&str]) -> Self {
        let starter = STARTER
            .get_or_init(|| async {
                let directory = directory();
                let config = config(directory.path(), &[]);
                let db = start::open(&config).await.expect("a database");
                let app = start::state(config, db, Clock::default(), Cost::ForTests).await.expect("a state");
                first_run::prepare(&app).await.expect("the starter site");
                app.db.close().await;
                directory
            })
            .await;
        let data = directory();
        copy_database(starter.path(), data.path());
        Self::over(Arc::new(data), options).await
    }

    /// The portal over a data directory, as a restart finds it.
    pub async fn over(data: Arc<TempDir>, options: &[&str]) -> Self {
        Self::with_cost(data, options, Cost::ForTests).await
    }

    /// The same with passwords that take as long as real ones, or not.
    pub async fn with_cost(data: Arc<TempDir>, options: &[&str], cost: Cost) -> Self {
        Self::with_rules(data, options, cost, Rules::default()).await
    }

    /// The same by these rules.
    pub async fn with_rules(data: Arc<TempDir>, options: &[&str], cost: Cost, rules: Rules) -> Self {
        let config = config(data.path(), options);
        let db = start::open(&config).await.expect("a database");
        let app = start::state_with_rules(config, db, Clock::default(), cost, rules).await.expect("a state");
        first_run::prepare(&app).await.expect("a first run");
        let (table, router) = router::build(&app).expect("a router");
        let listener = LazyListener::new(router.clone());
        Self { app, routes: table, router, listener, data }
    }

    /// The same with requests that are handled in the thread of the test, whose log can be seen.
    pub fn in_this_thread(self) -> Self {
        let listener = LazyListener::on_this_runtime(self.router.clone());
        Self { listener, ..self }
    }

    /// Answers a request that has left its connection: for tests that have to see how far the reading of a body has come,
    /// and for clients with other addresses than this machine has.
    pub async fn respond(&self, request: Request<Body>) -> Reply {
        let (parts, body) = self.router.clone().respond(request).await.into_parts();
        Reply::new(parts, &body.collect().await.unwrap().to_bytes())
    }

    /// Someone who is not signed in.
    pub fn visitor(&self) -> TestUser {
        TestUser {
            listener: self.listener.clone(),
            connection: Connection::default(),
            cookies: Mutex::default(),
            host: "127.0.0.1:3000".to_owned(),
            actor: Actor::visitor(),
            email: String::new(),
        }
    }

    /// A signed-in editor, a new one each time.
    pub async fn editor(&self) -> TestUser {
        self.user(Role::Editor, "Edith Editor").await
    }

    /// A signed-in administrator, a new one each time.
    pub async fn admin(&self) -> TestUser {
        self.user(Role::Administrator, "Ada Admin").await
    }

    /// The category that was made last.
    pub async fn newest_category(&self) -> Category {
        let all = category::all(self.app.read()).await.expect("the categories");
        all.into_iter().max_by_key(|one| one.id).expect("a category")
    }

    /// A new user with a session.
    pub async fn user(&self, role: Role, name: &str) -> TestUser {
        let write = self.app.write(Actor::system("test")).await.expect("a change");
        let email = format!("{}@portal.example", tower_sessions::session::Id::default().to_string().to_lowercase());
        let details = user::UserInput { email: email.clone(), name: name.to_owned(), role };
        let password = self.app.hasher.hash_new(PASSWORD, &[]).await.expect("a hash");
        let id = user::create(&write, &details, Some(&password)).await.expect("a user");
        write.commit().await.expect("a commit");
        let session_id = tower_sessions::session::Id::default().to_string();
        let now = self.app.steady();
        let data = serde_json::json!({
            "user": id, "version": 1, "since": now.0, "expected_version": now.0, "confirmed": now.0
        });
        let stored = session::SessionRow {
            user_id: Some(id),
            device: "Firefox on Linux".to_owned(),
            data: data.to_string(),
            created_at: now,
            seen_at: now,
            expires_at: now.plus(7_200_000),
        };
        session::create(&self.app.db, &session_id, &stored).await.expect("a session");
        let user = TestUser { actor: Actor { id: Some(id), name: name.to_owned(), role }, email, ..self.visitor() };
        user.cookies.lock().unwrap().push(("plinth".to_owned(), session_id));
        user
    }

    /// Lets the program run on, by the machine's clock and by the steady one.
    pub async fn run_days(&self, days: i64) {
        let mut left = days;
        while left > 0 {
            let step = left.min(6);
            self.app.clock.advance(step * DAY);
            running_time::observe(&self.app.db, self.app.now()).await.unwrap();
            left -= step;
        }
        running_time::add(&self.app.db, days * DAY).await.unwrap();
    }

    /// Id of the page at an address.
    pub async fn page_id(&self, path: &str) -> i64 {
        tree::id_at(self.app.read(), path).await.unwrap().unwrap_or_else(|| panic!("no page at {path}"))
    }

    /// Makes the storage refuse the next write; the connection that failed is then replaced by one that works.
    pub async fn fail_next_write(&self) {
        let tx = Transaction::begin(&self.app.db).await.unwrap();
        let sql = if postgres::is_engine() {
            "set session characteristics as transaction read only"
        } else {
            "pragma query_only = 1"
        };
        tx.execute(sql, ()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Makes the database refuse each new and changed row of a table, or lets it take them again.
    pub async fn refuse_rows(&self, table: &str, refuses: bool) {
        let statements = match (postgres::is_engine(), refuses) {
            (true, true) => vec![format!(
                "create trigger is_full before insert or update on {table} for each row \
                 execute function refuse_change('disk is full')"
            )],
            (true, false) => vec![format!("drop trigger is_full on {table}")],
            (false, true) => ["insert", "update"]
                .map(|verb| {
                    format!(
                        "create trigger is_full_{verb} before {verb} on {table} begin \
                         select raise(abort, 'disk is full'); end"
                    )
                })
                .into(),
            (false, false) => ["insert", "update"].map(|verb| format!("drop trigger is_full_{verb}")).into(),
        };
        let tx = Transaction::begin(&self.app.db).await.unwrap();
        for statement in statements {
            tx.execute(String::leak(statement), ()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Publishes the newest version of a document, without the screens.
    pub async fn publish(&self, id: i64) {
        let version = revision::latest(self.app.read(), id).await.unwrap().version;
        let write = self.app.write(Actor::system("test")).await.unwrap();
        publish_version(&write, id, version).await.unwrap();
        write.commit().await.unwrap();
    }
}

/// Saves what `change` makes of the newest version of a document, without the screens; gives the new version.
pub async fn save_content(write: &Write, id: i64, change: impl FnOnce(Content) -> Content) -> i64 {
    let mut document = Document::get(write, id).await.unwrap();
    let newest = revision::latest(write, id).await.unwrap();
    let content = change(newest.content.clone());
    saving::store(write, &mut document, &newest, content).await.unwrap().version
}

/// Publishes a version of a document, without the screens.
pub async fn publish_version(write: &Write, id: i64, version: i64) -> plinth::error::Result<()> {
    let newest = revision::latest(write, id).await?;
    publishing::publish_version(write, &mut Document::get(write, id).await?, &newest, version).await
}

/// Someone with a browser.
pub struct TestUser {
    pub listener: Arc<LazyListener>,
    connection: Connection,
    pub cookies: Mutex<Vec<(String, String)>>,
    pub host: String,
    pub actor: Actor,
    /// What they sign in with.
    pub email: String,
}

impl TestUser {
    /// The same browser before another portal, most often the same one after a restart.
    pub fn at(self, app: &TestApp) -> Self {
        Self { listener: app.listener.clone(), connection: Connection::default(), ..self }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Sends a form, as a browser does from a page of the portal.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = serde_html_form::to_string(fields).unwrap();
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Sends a form and follows the redirect that must come.
    pub async fn post_and_follow(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let reply = self.post(path, fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text);
        self.get(&reply.location()).await
    }

    /// Opens a screen that asks, and presses its button.
    pub async fn confirm(&self, path: &str) -> Reply {
        self.press(path, path).await
    }

    /// Opens a screen, and presses the button of its form that is sent to `action`.
    pub async fn press(&self, screen: &str, action: &str) -> Reply {
        let opened = hidden(&self.get(screen).await.is(200), action);
        send_seen(self, action, &opened, &[]).await
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, &self.host);
        let cookies = self.cookies.lock().unwrap();
        if !cookies.is_empty() {
            let line: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, line.join("; "));
        }
        request
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (parts, bytes) = self.connection.send(&self.listener, request).await;
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie);
        }
        Reply::new(parts, &bytes)
    }

    fn keep(&self, cookie: &HeaderValue) {
        let cookie = cookie.to_str().unwrap();
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        let mut cookies = self.cookies.lock().unwrap();
        cookies.retain(|(known, _)| known != name);
        if !value.is_empty() && !cookie.contains("Max-Age=0") {
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}
