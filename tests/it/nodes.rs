//! Several nodes over one PostgreSQL database: what one changes the others show, one does the background work, and ended
//! connections are no reason for an error.

use std::{sync::Arc, time::Duration};

use plinth::{
    app::watching,
    model::{audit_log_check, document::record::Document, page::tree},
};
use sqlx::{Connection, Executor, PgConnection};
use tempfile::TempDir;
use tokio::{
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    contact,
    harness::{TestApp, TestUser, publish_version, save_content},
    postgres,
};

/// The database of some nodes, dropped in the end.
pub struct Site {
    pub url: String,
}

impl Site {
    pub fn new() -> Option<Self> {
        postgres::server()?;
        Some(Self { url: postgres::create("") })
    }

    pub async fn node(&self) -> TestApp {
        TestApp::over(Arc::new(TempDir::new().unwrap()), &["--starter", "none", "--database-url", &self.url]).await
    }

    /// A node that has the pages of the starter.
    pub async fn portal(&self) -> TestApp {
        TestApp::over(Arc::new(TempDir::new().unwrap()), &["--database-url", &self.url]).await
    }

    fn end_connections(&self) {
        postgres::end_connections(&self.url);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        postgres::drop_database(&self.url);
    }
}

/// The background tasks of a node that have to do with others.
pub struct Tasks(CancellationToken, Vec<JoinHandle<()>>);

pub fn start(app: &TestApp, hears: bool) -> Tasks {
    let stop = CancellationToken::new();
    app.app.db.join_nodes();
    let mut tasks = vec![tokio::spawn(watching::watch(app.app.clone(), stop.clone()))];
    if hears {
        tasks.push(tokio::spawn(watching::keep_contact(app.app.clone(), stop.clone())));
    }
    Tasks(stop, tasks)
}

impl Tasks {
    pub async fn end(self) {
        self.0.cancel();
        for task in self.1 {
            task.await.unwrap();
        }
    }
}

pub async fn until(limit: Duration, what: &str, mut happened: impl AsyncFnMut() -> bool) -> Duration {
    let since = Instant::now();
    let happens = async {
        while !happened().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(limit, happens).await.unwrap_or_else(|_| panic!("{what}: not within {limit:?}"));
    since.elapsed()
}

pub async fn publish(app: &TestApp, id: i64, body: &str) {
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
    let version = save_content(&write, id, |content| plinth::model::document::content::Content {
        body: body.to_owned(),
        ..content
    })
    .await;
    publish_version(&write, id, version).await.unwrap();
    write.commit().await.unwrap();
}

pub async fn shows(visitor: &TestUser, text: &str) -> bool {
    visitor.get("/").await.text.contains(text)
}

#[tokio::test]
async fn a_change_is_seen_on_every_node_even_when_no_notification_arrives() {
    let Some(site) = Site::new() else { return };
    let (one, two) = (site.node().await, site.node().await);
    for hears in [true, false] {
        let tasks = [start(&one, hears), start(&two, hears)];
        let (here, there) = (one.visitor(), two.visitor());
        let home = one.page_id("/").await;
        for n in 0..3 {
            let text = format!("Change {n} {hears}.");
            there.get("/").await.is(200);
            publish(&one, home, &text).await;
            here.get("/").await.is(200).says(&text);
            until(Duration::from_secs(1), "the other node shows it", async || shows(&there, &text).await).await;
        }
        for tasks in tasks {
            tasks.end().await;
        }
    }
    one.app.db.close().await;
    two.app.db.close().await;
}

#[tokio::test]
async fn a_notification_is_a_hint_only_whichever_role_sends_it() {
    let Some(site) = Site::new() else { return };
    let (one, two) = (site.node().await, site.node().await);
    let tasks = [start(&one, true), start(&two, true)];
    let home = one.page_id("/").await;
    let mut stranger = PgConnection::connect(&site.url).await.unwrap();
    for (n, payload) in ["", "9000000000000000000", "1000000", "no number"].iter().enumerate() {
        stranger.execute(sqlx::AssertSqlSafe(format!("notify plinth_commit, '{payload}'"))).await.unwrap();
        for turn in 0..2 {
            let text = format!("Change {turn} after {n}.");
            publish(&one, home, &text).await;
            one.visitor().get("/").await.is(200).says(&text);
            let there = two.visitor();
            until(Duration::from_secs(1), "the other node shows it", async || shows(&there, &text).await).await;
        }
    }
    for tasks in tasks {
        tasks.end().await;
    }
    one.app.db.close().await;
    two.app.db.close().await;
}

#[tokio::test]
async fn sessions_and_keys_are_those_of_all_nodes() {
    let Some(site) = Site::new() else { return };
    let (one, two) = (site.node().await, site.node().await);
    let mut editor = one.editor().await;
    editor.get("/admin").await.is(200);
    editor.listener = two.listener.clone();
    editor.get("/admin").await.is(200);
    let fields = [("base", "0"), ("title", "There"), ("slug", "there"), ("body", "x"), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    assert!(tree::id_at(one.app.read(), "/there").await.unwrap().is_some());
    assert_eq!(one.app.signing_key, two.app.signing_key);
    one.app.db.close().await;
    two.app.db.close().await;
}

#[tokio::test]
async fn one_node_does_the_background_work_and_another_takes_over() {
    let Some(site) = Site::new() else { return };
    let (one, two) = (site.node().await, site.node().await);
    let first = start(&one, true);
    until(Duration::from_secs(5), "one leads", async || one.app.db.leads()).await;
    let second = start(&two, true);
    until(Duration::from_secs(5), "both are counted", async || one.app.db.nodes() == 2 && two.app.db.nodes() == 2)
        .await;
    assert!(one.app.db.leads() && !two.app.db.leads());
    first.end().await;
    until(Duration::from_secs(10), "the other leads", async || two.app.db.leads()).await;
    // A leader whose connections are ended leads again, or another does.
    site.end_connections();
    until(Duration::from_secs(10), "it is not lost", async || two.app.db.leads() && two.app.db.nodes() == 1).await;
    second.end().await;
    one.app.db.close().await;
    two.app.db.close().await;
}

/// Saves of several editors on two nodes while connections are ended: what was acknowledged is there, in one chain.
#[tokio::test]
async fn no_acknowledged_save_is_lost_when_connections_end() {
    const SAVES: usize = 10;
    let Some(site) = Site::new() else { return };
    let nodes = [site.node().await, site.node().await];
    let mut editors = JoinSet::new();
    for number in 0..6 {
        let editor = nodes[number % 2].editor().await;
        editors.spawn(async move {
            let mut kept = Vec::new();
            for save in 0..SAVES {
                let slug = format!("page-{number}-{save}");
                let fields = [("base", "0"), ("title", &*slug), ("slug", &*slug), ("body", "x"), ("do", "publish")];
                let reply = editor.post("/admin/pages/new", &fields).await;
                assert!(reply.status == 303 || reply.status == 503, "{}", reply.text);
                if reply.status == 303 {
                    kept.push(format!("/{slug}"));
                }
            }
            kept
        });
    }
    let mut kept = Vec::new();
    while !editors.is_empty() {
        tokio::select! {
            Some(done) = editors.join_next() => kept.extend(done.unwrap()),
            () = sleep(Duration::from_millis(700)) => site.end_connections(),
        }
    }
    assert!(kept.len() > 10, "only {} of 60 were kept", kept.len());
    for path in &kept {
        let id = tree::id_at(nodes[0].app.read(), path).await.unwrap().unwrap_or_else(|| panic!("{path} is lost"));
        assert!(Document::get(nodes[1].app.read(), id).await.unwrap().is_live(), "{path}");
    }
    let report = audit_log_check::check(nodes[0].app.read(), None, |_| {}).await.unwrap();
    assert!(report.is_good(), "{:?}", report.sentences());
    for node in nodes {
        node.app.db.close().await;
    }
}

/// A double click whose requests go to two nodes.
#[tokio::test]
async fn a_form_that_is_sent_to_two_nodes_is_handled_once() {
    let Some(site) = Site::new() else { return };
    let (one, two) = (site.node().await, site.node().await);
    let tasks = [start(&one, true), start(&two, true)];
    until(Duration::from_secs(5), "both are counted", async || one.app.db.nodes() == 2 && two.app.db.nodes() == 2)
        .await;
    let here = one.editor().await;
    let mut there = two.visitor();
    there.cookies = std::sync::Mutex::new(here.cookies.lock().unwrap().clone());
    for (number, together) in [(1, true), (2, false)] {
        let title = format!("Twice {number}");
        let form = [("base", "0"), ("title", &*title), ("body", "x"), ("do", ""), ("submission", &*title)];
        let (first, second) = if together {
            tokio::join!(here.post("/admin/pages/new", &form), there.post("/admin/pages/new", &form))
        } else {
            (here.post("/admin/pages/new", &form).await, there.post("/admin/pages/new", &form).await)
        };
        assert_eq!(first.is(303).location(), second.is(303).location());
        here.get(&format!("/admin/pages?q=Twice+{number}")).await.is(200).says(&format!("“{title}”"));
    }
    // A link that is shown once is given to both, and nobody who reads the database finds it there.
    let here = one.admin().await;
    let mut there = two.visitor();
    there.cookies = std::sync::Mutex::new(here.cookies.lock().unwrap().clone());
    let form = [("name", "Invited"), ("email", "i@portal.example"), ("role", "editor"), ("submission", "link")];
    let links = [here.post("/admin/users", &form).await, there.post("/admin/users", &form).await];
    let [link, same] = links.map(|reply| {
        let reply = reply.is(200);
        let (_, link) = reply.text.split_once("/admin/invitations/").expect("a link");
        link.split(['"', '<']).next().unwrap().to_owned()
    });
    assert_eq!(link, same);
    let mut connection = PgConnection::connect(&site.url).await.unwrap();
    let kept: Vec<(Option<String>,)> =
        sqlx::query_as("select response from submission").fetch_all(&mut connection).await.unwrap();
    assert!(kept.iter().any(|(kept,)| kept.is_some()));
    assert!(kept.iter().flat_map(|(kept,)| kept).all(|kept| !kept.contains(&link) && !kept.contains("status")));
    connection.close().await.unwrap();
    // What was refused is tried again.
    let refused = [("base", "0"), ("title", ""), ("body", "x"), ("do", ""), ("submission", "refused")];
    here.post("/admin/pages/new", &refused).await.is(422);
    there.post("/admin/pages/new", &refused).await.is(422);
    for tasks in tasks {
        tasks.end().await;
    }
    one.app.db.close().await;
    two.app.db.close().await;
}

/// A reader whose connection was ended gets another one, and nobody notices.
#[tokio::test]
async fn visitors_do_not_notice_that_connections_end() {
    let Some(site) = Site::new() else { return };
    let app = TestApp::over(
        Arc::new(TempDir::new().unwrap()),
        &["--starter", "none", "--page-cache", "0", "--database-url", &site.url],
    )
    .await;
    let visitor = app.visitor();
    let home = app.page_id("/").await;
    for n in 0..5 {
        visitor.get("/").await.is(200);
        site.end_connections();
        visitor.get("/").await.is(200);
        site.end_connections();
        publish(&app, home, &format!("Change {n}.")).await;
    }
    app.app.db.close().await;
}

/// Finished pages go on, writes are refused with what was typed, and nothing has to be restarted.
#[tokio::test]
async fn a_server_that_goes_away_is_missed_and_comes_back() {
    let Some(site) = Site::new() else { return };
    let app = site.portal().await;
    let (visitor, editor) = (app.visitor(), app.editor().await);
    let token = contact::form_token(&visitor).await;
    visitor.get("/about").await.is(200);
    visitor.get("/readyz").await.is(200).says("search index");
    let accepts = |yes: bool| {
        let sql = format!("alter database {} with allow_connections {yes}", postgres::name(&site.url));
        postgres::run(&postgres::server().unwrap(), sql);
    };
    accepts(false);
    site.end_connections();
    visitor.get("/about").await.is(200);
    let mut fields = contact::contact_form(&[("body", "Written while the server was away.")]);
    fields.push(("form_token", &token));
    let refused = visitor.post("/contact", &fields).await.is(503);
    refused.says("nothing was changed").says("Written while the server was away.");
    let page = [("base", "0"), ("title", "Kept title"), ("slug", "kept"), ("body", "Kept text."), ("do", "")];
    editor.post("/admin/pages/new", &page).await.is(503).says("nothing was changed").says("Kept text.");
    let not_ready = async || visitor.get("/readyz").await.status == 503;
    until(Duration::from_secs(5), "it is not ready", not_ready).await;
    accepts(true);
    let ready = async || visitor.get("/readyz").await.status == 200;
    until(Duration::from_secs(10), "it is ready again", ready).await;
    visitor.post("/contact", &fields).await.is(303);
    editor.post("/admin/pages/new", &page).await.is(303);
    app.app.db.close().await;
}

/// A newer program beside an old one that is still running.
#[tokio::test]
async fn a_node_whose_database_was_brought_up_to_date_writes_nothing_any_more() {
    let Some(_) = postgres::server() else { return };
    // Its number may be older than ours: it was begun before and released after.
    for number in [29_991_231_000_001_i64, 20_000_101_000_001] {
        notices_migration(number).await;
    }
}

async fn notices_migration(number: i64) {
    let Some(site) = Site::new() else { return };
    let app = site.node().await;
    let tasks = start(&app, true);
    let visitor = app.visitor();
    visitor.get("/readyz").await.is(200);
    let mut connection = PgConnection::connect(&site.url).await.unwrap();
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 values ($1, 'from elsewhere', true, '', 0)";
    sqlx::query(newer).bind(number).execute(&mut connection).await.unwrap();
    let told = async || visitor.get("/readyz").await.text.contains("nothing is written");
    until(Duration::from_secs(5), "it is noticed", told).await;
    visitor.get("/").await.is(200);
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await;
    assert!(
        matches!(write.err(), Some(plinth::error::Error::Lost(sentence)) if sentence.contains("newer program here"))
    );
    connection.close().await.unwrap();
    tasks.end().await;
    app.app.db.close().await;
}

/// An older state of the database in its place: what is in memory is not that of the database any more.
#[tokio::test]
async fn a_database_that_lacks_what_was_read_is_noticed() {
    let Some(site) = Site::new() else { return };
    let app = site.node().await;
    publish(&app, app.page_id("/").await, "Read before.").await;
    let stop = CancellationToken::new();
    let watch = tokio::spawn(watching::watch_files(app.app.clone(), stop.clone()));
    let mut connection = PgConnection::connect(&site.url).await.unwrap();
    connection.execute("alter table audit_log disable trigger all").await.unwrap();
    let visitor = app.visitor();
    let lost = async || {
        let sql = "delete from audit_log where id = (select max(id) from audit_log)";
        connection.execute(sql).await.unwrap();
        visitor.get("/readyz").await.text.contains("not the one that was opened")
    };
    until(Duration::from_secs(10), "it is noticed", lost).await;
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await;
    assert!(
        matches!(write.err(), Some(plinth::error::Error::Lost(sentence)) if sentence.contains("start Plinth again"))
    );
    stop.cancel();
    watch.await.unwrap();
    connection.close().await.unwrap();
    app.app.db.close().await;
}
