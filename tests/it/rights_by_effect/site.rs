//! A small site with something for every form, made once and copied for each test, and what visitors see of it.

use std::{collections::BTreeMap, sync::Arc};

use plinth::{
    app::rules::Rules,
    model::{
        actor::{Actor, Role},
        faq::category,
        invitation,
        password::Cost,
        policy::{self, Policy},
        preview_link, schedule,
        settings::Settings,
        user,
    },
    search::indexer,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::{
    admin_messages::spam,
    contact,
    forms::hidden,
    harness::{PASSWORD, TestApp, TestUser, copy_database},
    media,
    search::wait_for_index,
};

const OPTIONS: [&str; 6] = ["--starter", "none", "--contact-limit", "1000", "--login-limit", "1000"];
const HOST: &str = "http://127.0.0.1:3000";

/// Asked for besides what the sitemap lists: what is computed, what leads elsewhere, what is not there.
const ADDRESSES: [&str; 17] = [
    "/sitemap.xml",
    "/robots.txt",
    "/faq",
    "/search?q=rights",
    "/search?q=about",
    "/search?q=first",
    "/search?q=why",
    "/search?q=renamed",
    "/search?q=changde",
    "/search/suggest?q=ri",
    "/search/suggest?q=fir",
    "/old",
    "/trashed",
    "/unpublished",
    "/nowhere/first",
    "/nowhere/rights",
    "/nowhere/changed",
];

/// The site, and what forms can name of it.
pub struct Site {
    directory: TempDir,
    names: BTreeMap<String, String>,
}

impl Site {
    pub async fn make() -> Self {
        let directory = TempDir::new().unwrap();
        let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &OPTIONS).await;
        let mut names = BTreeMap::new();
        make_pages(&app, &mut names).await;
        make_questions(&app, &mut names).await;
        make_media(&app, &mut names).await;
        make_messages_and_users(&app, &mut names).await;
        make_types(&app, &mut names).await;
        app.app.db.close().await;
        copy_database(app.data.path(), directory.path());
        Self { directory, names }
    }

    /// A copy that runs, with its index at work.
    pub async fn copy(&self) -> TestApp {
        self.copy_with(policy::allows).await
    }

    /// A copy where users may only do this.
    pub async fn copy_with(&self, policy: Policy) -> TestApp {
        let data = tempfile::Builder::new().tempdir_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        copy_database(self.directory.path(), data.path());
        let rules = Rules { policy, ..Rules::default() };
        let app = TestApp::with_rules(Arc::new(data), &OPTIONS, Cost::ForTests, rules).await;
        // So that the form of the contact page was not filled in too fast.
        app.app.clock.advance(120_000);
        let state = app.app.clone();
        tokio::spawn(async move { indexer::run(&state.search, &state.db, CancellationToken::new()).await });
        app
    }

    /// The text with what the site has under each `<name>`.
    pub fn fill(&self, text: &str) -> String {
        let filled =
            self.names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value));
        assert!(!filled.contains('<'), "the site knows nothing of {filled}");
        filled
    }
}

type Names = BTreeMap<String, String>;

/// Sends the form of a new document; gives its id.
async fn make(editor: &TestUser, list: &str, fields: &str) -> String {
    let fields: Vec<_> = fields.split('&').map(|field| field.split_once('=').unwrap()).collect();
    let to = editor.post(&format!("/admin/{list}/new"), &fields).await.is(303).location();
    to.rsplit('/').next().unwrap().to_owned()
}

async fn make_pages(app: &TestApp, names: &mut Names) {
    let editor = app.editor().await;
    let page = async |name: &str, rest: &str| {
        let fields = format!("title=Rights {name}&slug={name}&body=About rights&menu=main&do=publish&{rest}");
        (name.to_owned(), make(&editor, "pages", &fields).await)
    };
    names.extend([page("guide", "layout=section").await]);
    let below = format!("layout=article&under={}", names["guide"]);
    for name in ["first", "second"] {
        names.extend([page(name, &below).await]);
    }
    for (name, layout) in [("faq", "faq"), ("contact", "contact"), ("sitemap-contact", "contact")] {
        page(name, &format!("layout={layout}")).await;
    }
    names.extend([page("more", "layout=faq").await]);
    for name in ["old", "discarded", "unpublished", "trashed"] {
        names.extend([page(name, "layout=article").await]);
    }
    let draft = make(&editor, "pages", "title=Rights draft&slug=draft&body=x&do=save").await;
    names.insert("draft".to_owned(), draft);
    let change = async |name: &str, slug: &str, intent: &str| {
        let fields = [
            ("base", "1"),
            ("title", "Rights changed"),
            ("slug", slug),
            ("body", "Changed"),
            ("menu", "main"),
            ("layout", "article"),
            ("do", intent),
        ];
        editor.post(&format!("/admin/pages/{}", names[name]), &fields).await.is(303);
    };
    change("old", "new", "publish").await;
    change("second", "second", "save").await;
    change("discarded", "discarded", "save").await;
    let discarded = format!("/admin/documents/{}/discard", names["discarded"]);
    editor.post(&discarded, &[("version", "2")]).await.is(303);
    editor.post(&format!("/admin/pages/{}/unpublish", names["unpublished"]), &[]).await.is(303);
    let scheduled = format!("/admin/documents/{}/schedules", names["old"]);
    editor.post(&scheduled, &[("what", "unpublish"), ("date", "2099-01-01"), ("time", "08:00")]).await.is(303);
    editor.post(&scheduled, &[("what", "1"), ("date", "2099-01-02"), ("time", "08:00")]).await.is(303);
    let upcoming = schedule::upcoming(app.app.read(), names["old"].parse().unwrap()).await.unwrap();
    names.insert("scheduled".to_owned(), upcoming[1].id.to_string());
    let links = format!("/admin/documents/{}/preview-links", names["second"]);
    editor.post(&links, &[("version", "1"), ("days", "30")]).await.is(200);
    let found = preview_link::list(app.app.read(), names["second"].parse().unwrap(), app.app.steady()).await.unwrap();
    names.insert("link".to_owned(), found[0].id.to_string());
    let comments = format!("/admin/documents/{}/comments", names["first"]);
    for name in ["thread", "resolved"] {
        let to = editor.post(&comments, &[("comment", "Really?")]).await.is(303).location();
        names.insert(name.to_owned(), to.rsplit('-').next().unwrap().to_owned());
    }
    let seen_comment = [("seen", names["resolved"].as_str())];
    editor.post(&format!("{comments}/{}/resolve", names["resolved"]), &seen_comment).await.is(303);
    let redirects = editor.get("/admin/redirects?q=/old").await.is(200).text;
    let redirect =
        redirects.split("href=\"/admin/redirects/").find_map(|rest| rest.split('"').next()?.parse::<i64>().ok());
    names.insert("redirect".to_owned(), redirect.expect("the one that the page left behind").to_string());
    let undo = trash(&editor, "pages", &names["trashed"]).await;
    names.insert("undo-trash".to_owned(), undo);
    let unpublish = format!("/admin/pages/bulk?do=unpublish&document={}", names["first"]);
    names.insert("bulk-seen".to_owned(), seen(&editor, &unpublish).await);
}

/// Moves a document to the trash; gives the number under which that is undone.
async fn trash(editor: &TestUser, list: &str, id: &str) -> String {
    let screen = editor.post_and_follow(&format!("/admin/{list}/{id}/delete"), &[]).await.is(200).text;
    undo_in(&screen)
}

fn undo_in(screen: &str) -> String {
    let undo = screen.split("action=\"/admin/undo/").nth(1).expect("an undo in the notice");
    undo.split('"').next().unwrap().to_owned()
}

/// What the screen before a change of several documents showed.
async fn seen(editor: &TestUser, question: &str) -> String {
    let screen = editor.get(question).await.is(200).text;
    let value = screen.split("name=\"seen\" value=\"").nth(1).expect("what it showed");
    value.split('"').next().unwrap().to_owned()
}

async fn make_questions(app: &TestApp, names: &mut Names) {
    let editor = app.editor().await;
    let write = app.app.write(Actor::system("test")).await.unwrap();
    let page = app.page_id("/faq").await;
    for (name, title, slug) in [("category", "One", "one"), ("other", "Two", "two"), ("empty", "Empty", "empty")] {
        let id = category::create(&write, page, title, slug).await.unwrap();
        names.insert(name.to_owned(), id.to_string());
    }
    write.commit().await.unwrap();
    for (name, category) in
        [("why", "category"), ("how", "category"), ("who", "other"), ("trashed-question", "category")]
    {
        let category = &names[category];
        let fields = format!("title=Rights {name}?&slug={name}&body=About rights&category={category}&do=publish");
        let id = make(&editor, "faq", &fields).await;
        names.insert(name.to_owned(), id);
    }
    let undo = trash(&editor, "faq", &names["trashed-question"]).await;
    names.insert("undo-trash-question".to_owned(), undo);
    let unpublish = format!("/admin/faq/bulk?do=unpublish&document={}", names["why"]);
    names.insert("bulk-questions-seen".to_owned(), seen(&editor, &unpublish).await);
}

async fn make_media(app: &TestApp, names: &mut Names) {
    let editor = app.editor().await;
    for (name, file) in [("shown", "shown.pdf"), ("unused", "unused.pdf"), ("replaced", "replaced.pdf")] {
        let to = media::upload(&editor, &[(file, &media::pdf(name))]).await.is(303).location();
        names.insert(name.to_owned(), to.rsplit('/').next().unwrap().to_owned());
    }
    make(&editor, "pages", "title=Rights shown&slug=shown&body=[File](/media/shown.pdf)&layout=article&do=publish")
        .await;
    make(&editor, "pages", "title=Rights two&slug=two&body=[File](/media/replaced.pdf)&layout=article&do=publish")
        .await;
    for name in ["shown", "unused", "replaced"] {
        let question = format!("/admin/media/{}/delete", names[name]);
        let fields = hidden(&editor.get(&question).await.is(200), &question);
        let (_, uses) = fields.into_iter().find(|(field, _)| field == "seen_uses").expect("what it is used for");
        names.insert(format!("{name}-uses"), uses);
    }
    let thing = format!("/admin/media/{}", names["replaced"]);
    let fields: [(&str, &str); 1] = [("seen_uses", &names["replaced-uses"])];
    media::send_files(&editor, &format!("{thing}/replace"), &fields, &[("b.pdf", &media::pdf("b"))]).await.is(303);
    let previous = hidden(&editor.get(&thing).await, &format!("{thing}/previous"));
    let (_, hash) = previous.into_iter().find(|(field, _)| field == "seen").expect("the previous file");
    names.insert("previous".to_owned(), hash);
}

async fn make_types(app: &TestApp, names: &mut Names) {
    let admin = app.admin().await;
    admin.post("/admin/types/new", &[("label", "Course"), ("for_pages", "yes")]).await.is(303);
    for (label, base) in [("Price", "1"), ("Days", "2")] {
        let field = [("label", label), ("control", "number"), ("base", base)];
        admin.post("/admin/types/course/fields/new", &field).await.is(303);
    }
    names.insert("course-version".to_owned(), "3".to_owned());
}

async fn make_messages_and_users(app: &TestApp, names: &mut Names) {
    let message = contact::message(app, &contact::send(app, &[]).await).await;
    let other = contact::message(app, &contact::send(app, &[("body", "Another one")]).await).await;
    let archive = [("do", "archived"), ("expected_version", "1")];
    let archived = app.editor().await.post_and_follow(&format!("/admin/messages/{}", other.id), &archive).await;
    names.insert("undo-sorting".to_owned(), undo_in(&archived.is(200).text));
    spam(app, "Robot").await;
    let template = [("name", "Thanks"), ("body", "Thank you.")];
    app.editor().await.post("/admin/messages/templates/new", &template).await.is(303);
    let pat = app.user(Role::Editor, "Pat").await;
    let id = pat.actor.id.unwrap();
    let write = app.app.write(Actor::system("test")).await.unwrap();
    let invited = invitation::for_user(&write, &user::get(&write, id).await.unwrap()).await.unwrap();
    let setup = invitation::for_first_administrator(&write).await.unwrap();
    write.commit().await.unwrap();
    let now = Settings::load(app.app.read()).await.unwrap();
    let settings = format!(
        "tagline={0}&was_tagline={0}&contact_address={1}&was_contact_address={1}&footer={2}&was_footer={2}\
         &language={3}&was_language={3}&time_zone={4}&was_time_zone={4}&retention_months={5}&was_retention_months={5}",
        now.tagline, now.contact_address, now.footer, now.language, now.time_zone, now.retention_months
    );
    let known = [
        ("message", message.id.to_string()),
        ("message-version", message.version.to_string()),
        ("token", contact::form_token(&app.visitor()).await),
        ("pat", id.to_string()),
        ("email", pat.email.clone()),
        ("password", PASSWORD.to_owned()),
        ("invitation", invited.token),
        ("setup", setup.token),
        ("settings", settings),
    ];
    names.extend(known.map(|(name, value)| (name.to_owned(), value)));
}

/// Everything that visitors see: by address, the status, where it leads, and the text.
pub async fn public_site(app: &TestApp) -> BTreeMap<String, String> {
    wait_for_index(app).await;
    let visitor = app.visitor();
    let mut seen = BTreeMap::new();
    let mut left: Vec<String> = ADDRESSES.map(str::to_owned).to_vec();
    while let Some(path) = left.pop() {
        let reply = visitor.get(&path).await;
        let found = reply.text.split("<loc>").skip(1).filter_map(|rest| rest.split('<').next()?.strip_prefix(HOST));
        left.extend(found.filter(|path| !seen.contains_key(*path)).map(str::to_owned));
        let text = without(&reply.text, "name=\"form_token\" value=\"", "\"");
        let text = without(&text, "the reference of the request: <strong>", "<");
        seen.insert(path, format!("{} {}\n{text}", reply.status, reply.location()));
    }
    seen
}

/// The text without what is between `mark` and `end`, which is another each time.
fn without(text: &str, mark: &str, end: &str) -> String {
    let mut parts = text.split(mark);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(end).expect("the value ends").1)
}
