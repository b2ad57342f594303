//! What visitors find comes from what is public alone: no draft, no message and nothing deleted counts, neither in results
//! nor in their order nor in suggested words.

use std::{collections::BTreeMap, fs, path::Path};

use plinth::{search::indexer, web::client::Client};
use tokio_util::sync::CancellationToken;

use crate::{
    contact,
    harness::{TestApp, TestUser},
    log::Log,
    search::{index, page, portal, wait_for_index},
};

/// Pages with words of all frequencies; several fit alike.
const PAGES: [(&str, &str); 5] = [
    ("Wombat zebra", "A wombat audits the zebra. Common plant, common plant, rare zebru."),
    ("Quoll plant", "A quoll audits the plant; a certificate for a wombat."),
    ("Plant wombat", "Plants and wombats, common and rare."),
    ("Rare plant", "Wombats are rare. The quokka is not. Audit of a common plant."),
    ("Common quoll", "The common quoll audits nobody. Certificate."),
];

const QUERIES: [&str; 19] = [
    "wombat",
    "plant",
    "common+plant",
    "common+rare+plant",
    "audit",
    "audits+certificate",
    "quoll+wombat",
    "the+rare",
    "zebro",
    "wombt",
    "quol",
    "quokak",
    "certficate",
    "8.2.4",
    "clause+8",
    "standard",
    "management+system",
    "requirements+audit",
    "plant+xylophone",
];

/// Everything that the index tells visitors.
async fn found(app: &TestApp) -> BTreeMap<String, String> {
    wait_for_index(app).await;
    let visitor = app.visitor();
    let mut found = BTreeMap::new();
    for q in QUERIES {
        let first = q.split('+').next().unwrap();
        for path in [
            format!("/search?q={q}"),
            format!("/search?q={q}&after=20"),
            format!("/search/suggest?q={q}"),
            format!("/search/suggest?q={}", &first[..first.len().min(3)]),
            format!("/nowhere/{}", q.replace('+', "-")),
        ] {
            let text = visitor.get(&path).await.text;
            let text = text.split("the reference of the request: <strong>").next().unwrap().to_owned();
            found.insert(path, text);
        }
    }
    found
}

/// The files of the index for visitors, with what is in them.
fn files(app: &TestApp) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(app.data.path().join("search/public")).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let files = entries.map(|path| (name(&path), fs::read(&path).unwrap()));
    // Without how far the audit log was read, and without what the engine keeps to tidy up and to lock.
    files.filter(|(name, _)| name != "position.json" && !name.starts_with('.')).collect()
}

async fn draft(editor: &TestUser, id: i64, base: i64, title: &str, body: &str) {
    let base = base.to_string();
    let slug = plinth::text::slug::from_title(title);
    let fields = [("base", base.as_str()), ("title", title), ("slug", &slug), ("body", body), ("menu", "main")];
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
}

#[tokio::test]
async fn a_search_that_is_too_long_is_kept_and_says_what_counts() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for (path, most, says) in [
        ("/search", 200, "Only the first 200 characters were looked for."),
        ("/faq", 100, "Only the first 100 characters of what you typed count."),
    ] {
        let (fits, long) = ("a".repeat(most), "a".repeat(most + 1));
        visitor.get(&format!("{path}?q={fits}")).await.is(200).does_not_say("Only the first");
        visitor.get(&format!("{path}?q={long}")).await.is(200).says(says).says(&format!("value=\"{long}\""));
    }
}

#[tokio::test]
async fn a_search_of_too_many_words_says_how_many_count() {
    let app = portal().await;
    page(&app, "Little quokkas", "One two three four five six seven eight nine ten eleven twelve.", true).await;
    wait_for_index(&app).await;
    let words = "one+two+three+four+five+six+seven+eight+nine+ten+eleven+twelve";
    let says = "Only the first 12 words were looked for.";
    let (visitor, editor) = (app.visitor(), app.editor().await);
    for (who, path) in [(&visitor, "/search"), (&editor, "/admin/search")] {
        who.get(&format!("{path}?q={words}")).await.is(200).says("quokkas").does_not_say(says);
        who.get(&format!("{path}?q={words}+thirteen")).await.is(200).says("quokkas").says(says);
    }
}

#[tokio::test]
async fn drafts_messages_and_what_is_deleted_change_nothing_for_visitors() {
    let app = portal().await;
    let mut ids = Vec::new();
    for (title, body) in PAGES {
        ids.push(page(&app, title, body, true).await);
    }
    let (before, index) = (found(&app).await, files(&app));
    let editor = app.editor().await;
    for (round, (id, (title, _))) in ids.iter().zip(PAGES).enumerate() {
        let body =
            format!("{} zebru zebru wombt certifcate. {}", "common ".repeat(round * 9), "audit plant ".repeat(4));
        draft(&editor, *id, 1, title, &body).await;
        draft(&editor, *id, 2, title, &format!("{body} rare quokak")).await;
        let new = page(&app, &format!("Zebru wombt {round}"), &"common zebru xylophone ".repeat(9), false).await;
        if round % 2 == 0 {
            editor.post(&format!("/admin/pages/{new}/delete"), &[]).await.is(303);
        }
    }
    let question = [("title", "Is a zebru common?"), ("slug", "zebru"), ("body", "Rare wombt."), ("category", "1")];
    editor.post("/admin/faq/new", &question).await.is(303);
    contact::send(&app, &[("body", "zebru zebru wombt xylophone common plant rare quoll")]).await;
    let (after, now) = (found(&app).await, files(&app));
    for (path, text) in &before {
        assert_eq!(Some(text), after.get(path), "{path}");
    }
    let written: Vec<_> = now.iter().filter(|(name, bytes)| index.get(*name) != Some(bytes)).map(|(n, _)| n).collect();
    assert!(index.len() == now.len() && written.is_empty(), "the index for visitors was written: {written:?}");
    let admin = app.admin().await;
    admin.get("/admin/search?q=xylophone").await.is(200).says("Zebru wombt").says("Zoë Öztürk");
    admin.get("/admin/search?q=quokak").await.is(200).says("Rare plant").does_not_say("Did you mean");
}

#[tokio::test]
async fn no_word_is_suggested_to_visitors_that_is_not_public() {
    let app = portal().await;
    page(&app, "Numbats", "A numbat eats termites.", true).await;
    let (visitor, editor) = (app.visitor(), app.editor().await);
    // More words than are looked at, all of them more like what is typed than the one that visitors could find.
    let near: Vec<String> = ('a'..='n').map(|c| format!("termitex{c}")).collect();
    let text = near.join(" ");
    page(&app, "Secret", &format!("{text} {text}"), false).await;
    contact::send(&app, &[("body", &format!("termitexo {text}"))]).await;
    wait_for_index(&app).await;
    let meant = visitor.get("/search?q=termitexz").await.is(200).says("?q=termites\"");
    for word in near.iter().map(String::as_str).chain(["termitexo"]) {
        assert!(!meant.text.contains(&format!("q={word}\"")), "{word}");
        let typed = format!("{word}z");
        let found = visitor.get(&format!("/search?q={typed}")).await.is(200);
        assert!(!found.text.contains(&format!("q={word}\"")), "{word}");
        visitor.get(&format!("/search/suggest?q={word}")).await.is(200).does_not_say(word);
        visitor.get(&format!("/nowhere/{word}")).await.is(404).does_not_say("Secret");
    }
    editor.get("/admin/search?q=termitexo").await.is(200).says("Zoë Öztürk");
}

#[tokio::test]
async fn damage_of_one_index_leaves_the_other_one_alone() {
    for (damaged, whole, kind) in [("/admin/search", "/search", "admin"), ("/search", "/admin/search", "public")] {
        let app = TestApp::new().await;
        let (stop, state) = (CancellationToken::new(), app.app.clone());
        let first = tokio::spawn({
            let stop = stop.clone();
            async move { indexer::run(&state.search, &state.db, stop).await }
        });
        page(&app, "Numbats", "A numbat eats termites.", true).await;
        let editor = app.editor().await;
        wait_for_index(&app).await;
        for entry in fs::read_dir(app.data.path().join("search").join(kind)).unwrap() {
            let file = fs::OpenOptions::new().write(true).open(entry.unwrap().path()).unwrap();
            file.set_len(0).unwrap();
        }
        editor.get(&format!("{damaged}?q=numbat")).await.is(200);
        editor.get(&format!("{whole}?q=numbat")).await.is(200).says("1 result for");
        wait_for_index(&app).await;
        stop.cancel();
        first.await.unwrap();
        index(&app).await;
        for path in [damaged, whole] {
            editor.get(&format!("{path}?q=numbat")).await.is(200).says("1 result for");
        }
    }
}

#[tokio::test]
async fn questions_follow_their_page_that_moved_while_nobody_indexed() {
    let app = TestApp::new().await;
    let (stop, state) = (CancellationToken::new(), app.app.clone());
    let first = tokio::spawn({
        let stop = stop.clone();
        async move { indexer::run(&state.search, &state.db, stop).await }
    });
    wait_for_index(&app).await;
    let (visitor, admin) = (app.visitor(), app.admin().await);
    visitor.get("/search?q=accredited").await.says("\"/faq#");
    stop.cancel();
    first.await.unwrap();
    let faq = app.page_id("/faq").await;
    admin.post(&format!("/admin/pages/{faq}/move"), &[("parent", "/resources")]).await.is(303);
    index(&app).await;
    visitor.get("/search?q=accredited").await.says("\"/resources/faq#").does_not_say("\"/faq#");
    admin.get("/admin/search?q=accredited").await.is(200).says("Question");
}

#[tokio::test]
async fn one_network_leaves_searches_to_others_and_to_editors() {
    let app = TestApp::new().await.in_this_thread();
    let (log, _guard) = Log::begin();
    let (visitor, editor) = (app.visitor(), app.editor().await);
    let here = Client::at([127, 0, 0, 1].into());
    let taken: Vec<_> = std::iter::from_fn(|| app.app.searching.take(here)).collect();
    assert!(taken.len() < 40, "{}", taken.len());
    for path in ["/search?q=audit", "/search/suggest?q=audit"] {
        let refused = visitor.get(path).await.is(503);
        assert_ne!(refused.header("retry-after"), "");
    }
    assert!(app.app.searching.take(Client::at([192, 0, 2, 1].into())).is_some());
    editor.get("/admin/search?q=audit").await.is(200);
    drop(taken);
    visitor.get("/search?q=audit").await.is(200);
    assert_eq!(log.of("busy").len(), 2);
    assert!(!log.text().contains("a request failed"));
}
