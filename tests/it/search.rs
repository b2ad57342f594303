//! Search over HTTP: it finds what was just published, tolerates typing errors, and never finds what is not public.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use plinth::{model::searchable, search::indexer};
use tokio_util::sync::CancellationToken;

use crate::harness::TestApp;

/// The portal with its index at work and true to the database.
pub async fn portal() -> TestApp {
    let app = TestApp::new().await;
    index(&app).await;
    app
}

/// Sets the index of a portal to work, and waits until it is true to the database.
pub async fn index(app: &TestApp) {
    start(app);
    wait_for_index(app).await;
}

fn start(app: &TestApp) {
    let app = app.app.clone();
    tokio::spawn(async move { indexer::run(&app.search, &app.db, CancellationToken::new()).await });
}

pub async fn wait_for_index(app: &TestApp) {
    let newest = searchable::newest(app.app.read()).await.unwrap();
    app.app.search.wait_for(newest.id).await;
}

/// Writes a page, published or not; gives its id.
pub async fn page(app: &TestApp, title: &str, body: &str, publish: bool) -> i64 {
    let slug = plinth::text::slug::from_title(title);
    let editor = app.editor().await;
    let fields = [("title", title), ("slug", slug.as_str()), ("body", body), ("layout", "article"), ("menu", "main")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    let id = app.page_id(&format!("/{slug}")).await;
    if publish {
        app.publish(id).await;
    }
    wait_for_index(app).await;
    id
}

#[tokio::test]
async fn finds_what_was_just_published_and_nothing_that_is_not_public() {
    let app = portal().await;
    let visitor = app.visitor();
    visitor.get("/search?q=quokkas").await.is(200).says("Nothing was found");
    let id = page(&app, "Little quokkas", "They smile.", false).await;
    for path in ["/search?q=quokkas", "/search?q=quokka+smile", "/search?q=quokak"] {
        visitor.get(path).await.is(200).does_not_say("Little").does_not_say("Did you mean");
    }
    visitor.get("/search/suggest?q=quok").await.is(200).does_not_say("quokkas");
    visitor.get("/little-quokka").await.is(404).does_not_say("Little");
    app.publish(id).await;
    wait_for_index(&app).await;
    visitor
        .get("/search?q=quokka")
        .await
        .is(200)
        .says("1 result for")
        .says("/little-quokkas")
        .says("<mark>quokkas</mark>");
    visitor.get("/search/suggest?q=quok").await.says("\"path\":\"/little-quokkas\"");
    visitor.get("/nowhere/quokkas").await.is(404).says("/little-quokkas");
    let editor = app.editor().await;
    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    // At once, not only when the index has followed.
    visitor.get("/search?q=quokkas").await.is(200).does_not_say("/little-quokkas");
    visitor.get("/search/suggest?q=quok").await.does_not_say("quokkas");
    wait_for_index(&app).await;
    visitor.get("/search?q=quokkas").await.is(200).says("Nothing was found");
    editor.post(&format!("/admin/pages/{id}/delete"), &[]).await.is(303);
    wait_for_index(&app).await;
    visitor.get("/search?q=quokkas").await.says("Nothing was found");
}

#[tokio::test]
async fn accents_endings_errors_and_beginnings_are_forgiven() {
    let app = portal().await;
    page(&app, "Crème brûlée", "A Überprüfung of desserts, e.g. with zabaglione.", true).await;
    let visitor = app.visitor();
    for q in ["creme", "BRULEE", "cre%CC%80me", "uberprufung", "dessert", "zabagl", "zabaglioen", "the+zabaglione"] {
        visitor.get(&format!("/search?q={q}")).await.is(200).says("/creme-brulee");
    }
    visitor.get("/search?q=zabalgione").await.says("Did you mean").says("?q=zabaglione");
    visitor.get("/search?q=zabaglione+xylophones").await.says("Nothing has all of these words").says("/creme-brulee");
    visitor.get("/search/suggest?q=br").await.says("Crème brûlée");
}

#[tokio::test]
async fn what_is_only_similar_is_called_so() {
    let app = portal().await;
    page(&app, "Numbats", "A numbat eats termites.", true).await;
    let (visitor, editor) = (app.visitor(), app.editor().await);
    for path in ["/search", "/admin/search"] {
        let found = editor.get(&format!("{path}?q=nubmat")).await.is(200).says("Numbats");
        let found = found.says("Nothing was found for “<bdi>nubmat</bdi>”. Similar").does_not_say("1 result for");
        found.says("Did you mean");
        for q in ["numbats", "NUMBAT", "numba"] {
            let found = editor.get(&format!("{path}?q={q}")).await.is(200).says("1 result for");
            found.does_not_say("Nothing was found").does_not_say("Similar");
        }
    }
    visitor.get("/search/suggest?q=nubmat").await.says("\"kind\":\"Similar page\"");
    visitor.get("/search/suggest?q=numba").await.says("\"kind\":\"Page\"");
    visitor.get("/search?q=nubmat").await.is(200);
    plinth::app::background::tick(&app.app).await.unwrap();
    let screen = editor.get("/admin").await.is(200).text;
    let (_, in_vain) = screen.split_once("Searches without results").expect("a list of what found nothing");
    assert!(in_vain.contains("nubmat</bdi>"), "{in_vain}");
}

#[tokio::test]
async fn words_are_cut_by_the_rules_of_the_sites_language() {
    let app = portal().await;
    page(&app, "Prüfungen", "Wir prüfen die Häuser der Quokkas.", true).await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    let found = async |q: &str| {
        let text = visitor.get(&format!("/search?q={q}")).await.is(200).text;
        text.contains("result for") || text.contains("results for")
    };
    for (language, finds) in [("en-US", false), ("de", true), ("he", false), ("de-CH", true), ("en-GB", false)] {
        crate::language::save(&admin, language).await.is(303);
        wait_for_index(&app).await;
        assert!(found("pr%C3%BCfung").await, "{language}");
        assert_eq!(found("hausern").await, finds, "{language}");
        assert_eq!(found("quokkaed").await, language.starts_with("en"), "{language}");
    }
}

#[tokio::test]
async fn an_index_in_another_language_is_made_again_at_the_start() {
    let app = TestApp::new().await;
    let stop = CancellationToken::new();
    let first = tokio::spawn({
        let (app, stop) = (app.app.clone(), stop.clone());
        async move { indexer::run(&app.search, &app.db, stop).await }
    });
    page(&app, "Numbats", "Zwei Häuser.", true).await;
    stop.cancel();
    first.await.unwrap();
    crate::language::save(&app.admin().await, "de").await.is(303);
    index(&app).await;
    app.visitor().get("/search?q=hausern").await.is(200).says("1 result for").says("Numbats");
}

#[tokio::test]
async fn clause_numbers_come_first() {
    let app = portal().await;
    let visitor = app.visitor();
    for (q, path) in [
        ("8.2.4", "/standards/part-1/clause-8/8-2/8-2-4"),
        ("clause+8.2.4", "/standards/part-1/clause-8/8-2/8-2-4"),
        ("10", "/standards/part-1/clause-10"),
        ("part+6", "/standards/part-6"),
        ("20000-6", "/standards/part-6"),
        ("glossary", "/resources/glossary"),
    ] {
        let reply = visitor.get(&format!("/search?q={q}")).await.is(200);
        let first = reply.text.split("<h3><a href=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert_eq!(first, Some(path), "{q}");
    }
    visitor.get("/search?q=8.2.4").await.says("<span class=\"kind\">Clause</span>");
    visitor.get("/search?q=accredited").await.says("<span class=\"kind\">Question</span>").says("/faq#");
}

#[tokio::test]
async fn what_is_found_is_escaped() {
    let app = portal().await;
    let body = "Before `<script>alert('wombat')</script>` after `<mark>wombat</mark>` & \"so\".";
    page(&app, "<b>Wombats</b> & <script>", body, true).await;
    let reply = app.visitor().get("/search?q=wombat").await.is(200);
    let reply = reply.says("&lt;b&gt;<mark>Wombats</mark>&lt;/b&gt;").does_not_say("<script>alert").does_not_say("<b>");
    reply.says("&lt;script&gt;alert(").says("&lt;mark&gt;<mark>wombat</mark>&lt;/mark&gt;");
    let echo = app.visitor().get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.is(200);
    echo.does_not_say("<script>alert").does_not_say("\"><script");
}

#[tokio::test]
async fn no_query_is_too_strange() {
    let app = portal().await;
    let visitor = app.visitor();
    let long = "a".repeat(10_000);
    let words = "word+".repeat(2_000);
    for q in [
        "",
        "+",
        "%00",
        "%ff%fe",
        "%22",
        "%22%22%22",
        "%22AND+OR+NOT%22",
        "*",
        "a*",
        "*:*",
        "title:x",
        "visibility:draft",
        "key:1",
        "+-%26%26%7C%7C!()%7B%7D%5B%5D%5E~*?:%5C/",
        "(((",
        "%5B*+TO+*%5D",
        "%E2%80%AE%E2%80%8F%D7%90%D7%91",
        "%F0%9F%99%82%F0%9F%91%A9%E2%80%8D%F0%9F%94%A7",
        "e%CC%81%CC%81%CC%81",
        "%EF%BF%BD",
        "the",
        "of+the",
        "'",
        "--",
        "8.",
        ".8",
        long.as_str(),
        words.as_str(),
    ] {
        for path in ["/search", "/search/suggest"] {
            visitor.get(&format!("{path}?q={q}")).await.is(200);
        }
    }
    for path in [
        "/search?q=a&q=b",
        "/search?q=standard&after=x",
        "/search?q=standard&after=99999999999999999999",
        "/search?after=-1",
    ] {
        visitor.get(path).await.is(200);
    }
}

#[tokio::test]
async fn the_admin_area_finds_drafts_and_messages_and_visitors_do_not() {
    let app = portal().await;
    let id = page(&app, "Secret axolotl plans", "An axolotl.", false).await;
    let fields = [
        ("topic", "general"),
        ("name", "Vera Visitor"),
        ("email", "vera@example.org"),
        ("body", "I lost my pangolin, please help."),
        ("consent", "yes"),
    ];
    let visitor = app.visitor();
    let contact = visitor.get("/contact").await.is(200).text;
    let form_token =
        contact.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    app.app.clock.advance(60_000);
    let topic = contact.split("<option value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let mut fields = fields.to_vec();
    fields[0].1 = &topic;
    fields.push(("form_token", &form_token));
    visitor.post("/contact", &fields).await.is(303);
    let editor = app.editor().await;
    let question = [("title", "Where do echidnas live?"), ("slug", "echidnas"), ("body", "Text."), ("category", "1")];
    let item = editor.post("/admin/faq/new", &question).await.is(303).location();
    wait_for_index(&app).await;
    editor.get("/admin/search?q=echidnas").await.is(200).says(&format!("\"{}\"", item.split('?').next().unwrap()));
    editor.get("/admin/search?q=axolotl").await.is(200).says(&format!("/admin/pages/{id}")).says("Not published");
    editor.get("/admin/search?q=pangolin").await.is(200).says("Vera Visitor").says("/admin/messages/1");
    editor.get("/admin/search?q=glossary").await.is(200).says("<span class=\"tag live\">Live</span>");
    for q in ["axolotl", "pangolin", "vera", "axolot", "pangolim", "vera@example.org"] {
        let reply = visitor.get(&format!("/search?q={q}")).await.is(200);
        reply.does_not_say("Secret").does_not_say("Vera Visitor").does_not_say("href=\"/search?q=axolotl");
        visitor.get(&format!("/search/suggest?q={q}")).await.is(200).does_not_say("Secret").does_not_say("Vera");
        visitor.get(&format!("/{q}")).await.is(404).does_not_say("Secret").does_not_say("Vera");
    }
}

#[tokio::test]
async fn what_is_below_follows_what_is_above() {
    let app = portal().await;
    let visitor = app.visitor();
    let found = visitor.get("/search?q=8.2.4").await.says("/standards/part-1/clause-8/8-2/8-2-4");
    found.says("<span class=\"kind\">Clause</span><span dir=\"auto\">The Standards</span>");
    let clause = app.page_id("/standards/part-1/clause-8/8-2").await;
    let admin = app.admin().await;
    admin.post(&format!("/admin/pages/{clause}/move"), &[("parent", "/standards")]).await.is(303);
    wait_for_index(&app).await;
    visitor.get("/search?q=8.2.4").await.says("\"/standards/8-2/8-2-4\"").does_not_say("/clause-8/8-2/");
    let faq = app.page_id("/faq").await;
    visitor.get("/search?q=accredited").await.says("/faq#");
    admin.post(&format!("/admin/pages/{faq}/unpublish"), &[]).await.is(303);
    wait_for_index(&app).await;
    visitor.get("/search?q=accredited").await.does_not_say("/faq#");
}

/// The files of an index that are checked at the start, with what is in them.
fn files(index: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = std::fs::read_dir(index).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|file| !file.ends_with("position.json") && !file.to_string_lossy().ends_with(".lock"));
    files.map(|file| (file.clone(), std::fs::read(file).unwrap())).collect()
}

#[tokio::test]
async fn a_damaged_index_is_rebuilt() {
    let app = portal().await;
    page(&app, "Numbats", "A numbat eats termites.", true).await;
    let data = app.data.clone();
    let indexes = ["public", "admin"].map(|kind| files(&data.path().join("search").join(kind)));
    drop(app);
    for files in &indexes {
        // Of each kind of file one is damaged.
        let kind =
            |file: &Path| file.extension().filter(|kind| *kind != "json").or(file.file_name()).unwrap().to_owned();
        let damage: BTreeMap<_, _> = files.keys().map(|file| (kind(file), file)).collect();
        assert!(damage.len() > 5, "{damage:?}");
        for damaged in damage.values() {
            std::fs::remove_dir_all(data.path().join("search")).unwrap();
            for (file, content) in indexes.iter().flatten() {
                std::fs::create_dir_all(file.parent().unwrap()).unwrap();
                let half = if file == *damaged { content.len() / 2 } else { content.len() };
                std::fs::write(file, &content[..half]).unwrap();
            }
            let app = TestApp::over(data.clone(), &[]).await;
            let (visitor, editor) = (app.visitor(), app.editor().await);
            visitor.get("/search?q=numbat").await.is(200).says("being prepared");
            visitor.get("/search/suggest?q=numbat").await.is(200).says("[]");
            start(&app);
            wait_for_index(&app).await;
            visitor.get("/search?q=numbat").await.is(200).says("<mark>Numbats</mark>");
            editor.get("/admin/search?q=numbat").await.is(200).says("<mark>Numbats</mark>");
        }
    }
}

/// Cuts every file of the index in half. It may be gone for a moment: a late report of damage has it made once more.
fn cut_in_half(index: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(index)? {
        // One that the index has just taken away needs no cutting.
        let Ok(content) = std::fs::OpenOptions::new().write(true).open(entry?.path()) else { continue };
        content.set_len(content.metadata()?.len() / 2)?;
    }
    Ok(())
}

#[tokio::test]
async fn an_index_cut_in_half_while_it_is_read_is_no_fault() {
    let app = portal().await;
    page(&app, "Numbats", "A numbat eats termites.", true).await;
    let visitor = app.visitor();
    for round in 0..3 {
        for kind in ["public", "admin"] {
            while let Err(error) = cut_in_half(&app.data.path().join("search").join(kind)) {
                assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{error}");
                tokio::task::yield_now().await;
            }
        }
        for q in ["numbat", "numbta", "certificate", "8.2.4", "a", "term"] {
            visitor.get(&format!("/search?q={q}")).await.is(200);
            visitor.get(&format!("/search/suggest?q={q}")).await.is(200);
            visitor.get(&format!("/nowhere/{q}")).await.is(404);
        }
        visitor.get("/about").await.is(200);
        page(&app, &format!("Quolls {round}"), "A quoll eats numbats.", true).await;
        let found = loop {
            wait_for_index(&app).await;
            let reply = visitor.get("/search?q=quoll").await.is(200);
            if !reply.text.contains("being prepared") {
                break reply;
            }
            tokio::task::yield_now().await;
        };
        found.says(&format!("/quolls-{round}"));
    }
}

#[tokio::test]
async fn searches_are_counted_without_users() {
    let app = portal().await;
    let visitor = app.visitor();
    for q in ["Glossary", "glossary", "unobtainium", "ada@example.org", "0171+2345678", "glossary&after=20"] {
        visitor.get(&format!("/search?q={q}")).await.is(200);
    }
    for q in ["%C4%B0T%C4%B0L", "itil", "ITIL"] {
        visitor.get(&format!("/search?q={q}")).await.is(200);
    }
    visitor.get("/search/suggest?q=recognition").await.is(200);
    plinth::app::background::tick(&app.app).await.unwrap();
    let screen = app.editor().await.get("/admin").await.is(200);
    let screen = screen
        .says("Glossary</bdi></a> <span class=\"meta\">2 times")
        .says("İTİL</bdi></a> <span class=\"meta\">3 times")
        .says("unobtainium</bdi></a> <span class=\"meta\">1 time<");
    screen.does_not_say("ada@example").does_not_say("2345678").does_not_say("recognition</bdi>");
    app.run_days(400).await;
    plinth::app::background::tick(&app.app).await.unwrap();
    let count: i64 = app.app.read().value("select count(*) from search_term", ()).await.unwrap();
    assert_eq!(count, 0);
}
