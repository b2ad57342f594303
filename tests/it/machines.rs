//! What machines read of the public site: JSON-LD, what is said where a page is shared, feeds, and what browsers look for at
//! paths of their own.

use axum::{body::Body, http::Method};
use plinth::{
    db::transaction::Transaction,
    model::page::public::{self, ListedPage},
};
use serde_json::Value;

use crate::{
    admin_settings,
    harness::{Reply, TestApp, TestUser, publish_version, save_content},
};

const ORIGIN: &str = "http://127.0.0.1:3000";
/// What could break out of HTML, XML, JSON, or turn the direction around.
pub const HOSTILE: &str = "A </script><script>alert(1)</script> ]]> \"&amp; <!-- [x](javascript:y) `*_ \u{202e}\u{200f}\u{2028}\u{b}\u{1b}\u{ffff}B";

/// The data block of a page.
pub fn data(page: &Reply) -> Value {
    let (_, rest) = page.isolated.split_once("<script type=\"application/ld+json\">").expect("a data block");
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// The node of this type.
fn node<'a>(data: &'a Value, kind: &str) -> &'a Value {
    let graph = data["@graph"].as_array().unwrap();
    graph.iter().find(|node| node["@type"] == kind).unwrap_or_else(|| panic!("no {kind} in {data:#}"))
}

pub fn meta<'a>(page: &'a Reply, name: &str) -> Option<&'a str> {
    let (_, rest) = page.text.split_once(&format!("\"{name}\" content=\""))?;
    Some(rest.split('"').next().unwrap())
}

pub async fn publish(app: &TestApp, editor: &TestUser, above: &str, fields: &[(&str, &str)]) {
    let under = if above.is_empty() { String::new() } else { app.page_id(above).await.to_string() };
    let fields: Vec<_> = fields.iter().copied().chain([("under", &*under), ("do", "publish")]).collect();
    editor.post("/admin/pages/new", &fields).await.is(303);
}

/// Puts into the database what no form lets through.
pub async fn overwrite(app: &TestApp, statements: &[String]) {
    let tx = Transaction::begin(&app.app.db).await.unwrap();
    for statement in statements {
        tx.execute(String::leak(statement.clone()), ()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn every_page_says_what_it_is() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for ListedPage { path, title, .. } in public::list_all(app.app.read(), "", 1000).await.unwrap() {
        let page = visitor.get(&path).await.is(200);
        let data = data(&page);
        assert_eq!(data["@context"], "https://schema.org", "{path}");
        let own = data["@graph"][0].clone();
        let address = format!("{ORIGIN}{path}");
        assert_eq!((own["@id"].as_str(), own["url"].as_str()), (Some(&*address), Some(&*address)));
        assert!(own["name"].as_str().unwrap().ends_with(&title), "{path}: {own:#}");
        assert_eq!(own["inLanguage"], "en-GB");
        let day = own["dateModified"].as_str().unwrap();
        assert!(day.ends_with('Z') && own["datePublished"].as_str().unwrap() <= day, "{path}: {own:#}");
        assert_eq!(meta(&page, "og:url"), Some(&*address));
        assert_eq!(meta(&page, "og:site_name"), Some("ISO 20000 Certification Portal"));
        assert_eq!(meta(&page, "og:locale"), Some("en_GB"));
        assert_eq!(meta(&page, "twitter:card"), Some("summary_large_image"));
        let card = format!("{}/card.png?v=", address.trim_end_matches('/'));
        assert!(meta(&page, "og:image").is_some_and(|image| image.starts_with(&card)), "{path}");
        assert_eq!(meta(&page, "og:type"), Some(if path == "/" { "website" } else { "article" }));
        if path != "/" {
            let trail = node(&data, "BreadcrumbList")["itemListElement"].as_array().unwrap();
            assert_eq!(trail.len(), path.matches('/').count() + 1, "{path}");
            assert_eq!(trail.last().unwrap()["item"].as_str(), Some(&*address));
            assert_eq!(trail[0]["item"], format!("{ORIGIN}/"));
            for (index, item) in trail.iter().enumerate() {
                assert_eq!(item["position"], index + 1);
            }
        }
    }
}

#[tokio::test]
async fn the_front_page_questions_and_glossary_say_more() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let front = data(&visitor.get("/").await);
    let search = &node(&front, "WebSite")["potentialAction"]["target"]["urlTemplate"];
    assert_eq!(search, &format!("{ORIGIN}/search?q={{words}}"));
    assert_eq!(node(&front, "Organization")["name"], "ISO 20000 Certification Portal");
    let page = visitor.get("/faq").await;
    let faq = data(&page);
    let questions = node(&faq, "FAQPage")["mainEntity"].as_array().unwrap();
    assert_eq!(questions.len(), 80);
    for question in questions {
        let (_, slug) = question["@id"].as_str().unwrap().split_once('#').unwrap();
        page.text.split_once(&format!("id=\"{slug}\"")).expect("it leads to the question");
        assert!(question["acceptedAnswer"]["text"].as_str().unwrap().len() > 20);
    }
    let page = visitor.get("/resources/glossary").await;
    let glossary = data(&page);
    let terms = node(&glossary, "DefinedTermSet")["hasDefinedTerm"].as_array().unwrap();
    assert!(terms.len() > 20);
    for term in terms {
        let (_, id) = term["@id"].as_str().unwrap().split_once('#').unwrap();
        page.text.split_once(&format!("id=\"{id}\"")).expect("it leads to the term");
    }
    let clause = data(&visitor.get("/standards/part-1/clause-8/8-5/8-5-1").await);
    assert_eq!(node(&clause, "Article")["headline"], "8.5.1 Change management");
}

#[tokio::test]
async fn what_is_no_page_at_its_own_address_says_nothing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let id = app.page_id("/about").await;
    for path in [format!("/versions/{id}/1"), format!("/versions/{id}"), "/search?q=audit".into(), "/nowhere".into()] {
        visitor.get(&path).await.does_not_say("ld+json").does_not_say("og:title");
    }
    editor.get(&format!("/admin/pages/{id}/preview")).await.does_not_say("ld+json").does_not_say("feed.xml");
    // One question less is no page of questions.
    visitor.get("/faq?q=nothing-has-this").await.is(200).does_not_say("mainEntity\"");
}

#[tokio::test]
async fn hostile_words_are_inert_for_machines() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let fields = [("title", HOSTILE), ("slug", "hostile"), ("body", HOSTILE), ("summary", HOSTILE)];
    publish(&app, &editor, "", &fields).await;
    publish(&app, &editor, "/hostile", &[("title", "Below"), ("slug", "below"), ("body", "x")]).await;
    // What no form lets through, as a program that writes into the database by itself would.
    let quoted = HOSTILE.replace('\'', "''");
    overwrite(&app, &[
        format!("update setting set value = '{quoted}' where name = 'tagline'"),
        format!("insert into setting (name, value) values ('site_name', '{quoted}') on conflict (name) do update set value = excluded.value"),
    ])
    .await;
    publish(&app, &editor, "", &[("title", "Another"), ("slug", "another"), ("body", "x")]).await;
    for path in ["/hostile", "/hostile/below", "/"] {
        let page = visitor.get(path).await.is(200).does_not_say("<script>").does_not_say("</script><script>a");
        let data = data(&page);
        assert!(data.to_string().contains("alert(1)"), "{path}");
        let (_, rest) = page.isolated.split_once("ld+json\">").unwrap();
        let block = rest.split_once('<').unwrap().0;
        assert!(
            !block.contains(['>', '&', '\u{202e}', '\u{200f}', '\u{2028}', '\u{1b}', '\u{ffff}']),
            "{path}: {block}"
        );
    }
    for path in ["/feed.xml", "/hostile/feed.xml", "/opensearch.xml"] {
        let file = visitor.get(path).await.is(200);
        well_formed(&file.isolated);
        assert!(file.text.contains("alert(1)"), "{path}");
    }
    let manifest: Value = serde_json::from_str(&visitor.get("/site.webmanifest").await.is(200).isolated).unwrap();
    assert_eq!(manifest["name"], HOSTILE);
}

/// Asserts what XML asks of a document without a type: elements that nest, entities that it knows, characters that it has.
pub fn well_formed(xml: &str) {
    let mut open = Vec::new();
    let mut parts = xml.split('<');
    assert_eq!(parts.next(), Some(""), "nothing comes before the document");
    for part in parts {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("<{part}"));
        assert!(!text.contains('>'), "{text}");
        for reference in part.split('&').skip(1) {
            let name = reference.split(';').next().unwrap();
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "&{reference}");
        }
        let name = tag.split([' ', '/']).find(|word| !word.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{xml}");
        } else if !tag.starts_with('?') && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let bad = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!xml.contains(bad), "{xml:?}");
}

/// The values of an element in a feed.
fn all<'a>(xml: &'a str, element: &str) -> Vec<&'a str> {
    let begin = format!("<{element}>");
    xml.split(&begin).skip(1).map(|rest| rest.split('<').next().unwrap()).collect()
}

#[tokio::test]
async fn a_feed_has_what_was_published_last() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    app.app.clock.advance(60_000);
    publish(&app, &editor, "/about", &[("title", "Team"), ("slug", "team"), ("body", "Who we are."), ("summary", "")])
        .await;
    let feed = visitor.get("/feed.xml").await.is(200);
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    well_formed(&feed.text);
    let ids = all(&feed.text, "id");
    assert_eq!(ids.len(), 51, "the feed and its entries");
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 51, "each once");
    assert_eq!((ids[0], all(&feed.text, "title")[1]), ("http://127.0.0.1:3000/feed.xml", "Team"));
    assert!(ids[1].starts_with("tag:127.0.0.1,20"), "{}", ids[1]);
    let updated = all(&feed.text, "updated");
    assert!(updated.windows(2).skip(1).all(|pair| pair[0] >= pair[1]), "the newest first");
    assert_eq!(updated[0], updated[1]);
    assert_eq!(all(&feed.text, "summary")[0], "Who we are.");

    // Below a page, there is what is below it.
    let about = visitor.get("/about/feed.xml").await.is(200).text;
    assert_eq!(all(&about, "title"), ["About – ISO 20000 Certification Portal", "Team", "About this portal"]);
    assert!(all(&about, "id")[0].ends_with("/feed"));
    let standards = visitor.get("/standards/feed.xml").await.is(200).text;
    assert!(all(&standards, "id")[0].starts_with("tag:127.0.0.1,20"), "also when others changed later");
    let faq = visitor.get("/faq/feed.xml").await.is(200).says("/faq#").text;
    assert_eq!(all(&faq, "id").len(), 51);
    visitor.get("/about/team").await.says("type=\"application/atom+xml\" title=\"About\" href=\"/about/feed.xml\"");
    visitor.get("/nowhere/feed.xml").await.is(404);
    visitor.get("/about/feed.xml/").await.is(404);

    // An entry keeps its id when its page moves, and so does the feed; subscribers are led on.
    let id = app.page_id("/about").await;
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    let version = save_content(&write, id, |content| content.with("slug", "about-us")).await;
    publish_version(&write, id, version).await.unwrap();
    write.commit().await.unwrap();
    let after = visitor.get("/about-us/feed.xml").await.is(200).text;
    let sorted =
        |xml: &str| all(xml, "id").into_iter().map(ToOwned::to_owned).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(sorted(&after), sorted(&about));
    assert_eq!(visitor.get("/about/feed.xml").await.is(308).location(), "/about-us/feed.xml");

    // What is not public is in no feed.
    let team = app.page_id("/about-us/team").await;
    editor.post(&format!("/admin/pages/{team}/unpublish"), &[]).await.is(303);
    visitor.get("/feed.xml").await.is(200).does_not_say("Team");
    visitor.get("/about-us/team/feed.xml").await.is(404);
    let put = visitor.request(Method::PUT, "/about-us/feed.xml").body(Body::empty()).unwrap();
    assert_eq!(visitor.send(put).await.is(405).header("allow"), "GET, HEAD");
}

#[tokio::test]
async fn browsers_find_what_they_look_for() {
    let app = TestApp::new().await;
    let (visitor, admin) = (app.visitor(), app.admin().await);
    for (path, kind, begins) in [
        ("/favicon.ico", "image/", &b"\0\0\x01\0"[..]),
        ("/apple-touch-icon.png", "image/png", b"\x89PNG"),
        ("/site.webmanifest", "application/manifest+json", b"{"),
        ("/opensearch.xml", "application/opensearchdescription+xml", b"<?xml"),
    ] {
        let reply = visitor.get(path).await.is(200);
        assert!(reply.header("content-type").starts_with(kind), "{path}: {}", reply.header("content-type"));
        assert!(!reply.header("etag").is_empty(), "{path} is kept");
        let lossy = String::from_utf8_lossy(begins).into_owned();
        assert!(reply.isolated.starts_with(&lossy), "{path}");
    }
    let page = visitor.get("/search").await.is(200);
    for link in ["rel=\"manifest\" href=\"/site.webmanifest\"", "rel=\"apple-touch-icon\"", "rel=\"search\""] {
        page.text.split_once(link).unwrap_or_else(|| panic!("no {link}"));
    }
    assert!(page.header("content-security-policy").contains("manifest-src 'self'"));
    let search = visitor.get("/opensearch.xml").await.text;
    well_formed(&search);
    assert!(search.contains("template=\"http://127.0.0.1:3000/search?q={searchTerms}\""), "{search}");
    assert!(all(&search, "ShortName")[0].chars().count() <= 16);

    let away = visitor.get("/.well-known/change-password").await.is(303);
    assert_eq!(away.location(), "/admin/account/password");
    admin.get("/admin/account/password").await.is(200);

    admin_settings::save(&admin, &[("contact_address", "")]).await.is(303);
    visitor.get("/.well-known/security.txt").await.is(404);
    admin_settings::save(&admin, &[("contact_address", "secure@portal.example")]).await.is(303);
    let text = visitor.get("/.well-known/security.txt").await.is(200);
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
    let (before, after) = text.text.split_once("Expires: ").unwrap();
    assert_eq!(before, "Contact: mailto:secure@portal.example\n");
    let now = app.app.now().date(&jiff::tz::TimeZone::UTC).to_string();
    assert!(after[..10] > *now && after.ends_with("Z\nPreferred-Languages: en-GB\n"), "{after}");
}
