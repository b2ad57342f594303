//! What visitors read.

use plinth::{
    model::{
        document::keys,
        page::public::{self, ListedPage},
        transfer::starter,
    },
    text::{link, markdown::contents},
};

use crate::harness::TestApp;

#[tokio::test]
async fn every_page_of_the_starter_site_is_whole() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let pages = public::list_all(app.app.read(), "", 1000).await.unwrap();
    assert!(pages.len() > 130, "{}", pages.len());
    for ListedPage { path, title, .. } in pages {
        let reply = visitor.get(&path).await.is(200);
        assert_eq!(reply.text.matches("<h1").count(), 1, "{path}");
        let canonical = format!("rel=\"canonical\" href=\"http://127.0.0.1:3000{path}\"");
        assert!(reply.text.contains(&canonical), "{path}");
        assert!(reply.text.contains("Document control"), "{path}");
        assert!(!title.is_empty());
    }
}

#[tokio::test]
async fn every_link_in_the_starter_site_leads_somewhere() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let site = starter::read().unwrap();
    let pages = site.pages.iter().map(|(path, page)| (path.clone(), page));
    let items =
        site.categories.values().flat_map(|c| c.items.iter().map(|(slug, item)| (format!("/faq#{slug}"), item)));
    for (place, document) in pages.chain(items) {
        for target in contents::targets(document.live.as_ref().unwrap().typed.get(keys::BODY)) {
            let link = target.url.split(['#', '?']).next().unwrap_or_default();
            if !link::is_local(link) {
                continue;
            }
            assert_eq!(visitor.get(link).await.status, 200, "{place} links to {link}");
        }
    }
}

#[tokio::test]
async fn the_sections_that_were_promised_are_there() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for (path, words) in [
        ("/", "What is new"),
        ("/", "Quick facts"),
        ("/standards", "Part 17"),
        ("/standards/part-6", "ISO/IEC 17021-1"),
        ("/standards/part-1", "8.2.4"),
        ("/standards/part-1/clause-8/8-5/8-5-1", "Change management"),
        ("/standards/amendment-2024", "climate"),
        ("/standards/editions-compared", "2011"),
        ("/scheme/levels", "Auditing"),
        ("/scheme/levels/foundation", "Prerequisites"),
        ("/scheme/then-and-now", "2008"),
        ("/scheme/frameworks", "COBIT"),
        ("/scheme/organisations", "Gap analysis"),
        ("/training/foundation-course", "hours"),
        ("/resources/glossary", "<dl class=\"terms\">"),
        ("/contact", "what not to send"),
        ("/privacy", "cookie"),
        ("/accessibility", "WCAG"),
        ("/imprint", "to be completed"),
    ] {
        let text = visitor.get(path).await.is(200).text;
        assert!(text.to_lowercase().contains(&words.to_lowercase()), "{path} says nothing of “{words}”");
    }
    let faq = visitor.get("/faq").await.is(200);
    let opens = |part: &&str| part.split('>').next().unwrap().contains("id=\"");
    assert_eq!(faq.text.split("<details").skip(1).filter(opens).count(), 80);
}

#[tokio::test]
async fn the_questions_are_filtered_without_a_script() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let all = visitor.get("/faq").await.is(200).text.len();
    let some = visitor.get("/faq?q=ITIL").await.is(200).says("value=\"ITIL\"").text.len();
    assert!(some < all);
    visitor.get("/faq?q=%3Cscript%3Ezz").await.is(200).does_not_say("<script>zz").says("&lt;script&gt;zz");
}

#[tokio::test]
async fn a_missing_page_offers_what_is_near() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    visitor.get("/standards/part-111").await.is(404).says("href=\"/standards/part-11\"");
    visitor.get("/foundation-cours").await.is(404).says("href=\"/training/foundation-course\"");
    visitor.get("/nothing-like-it").await.is(404).says("href=\"/scheme\"").says("noindex");
}

#[tokio::test]
async fn robots_and_site_map_name_what_is_public() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    visitor.get("/robots.txt").await.is(200).says("Disallow: /admin").says("/sitemap.xml");
    let map = visitor.get("/sitemap.xml").await.is(200);
    assert!(map.header("content-type").starts_with("application/xml"));
    map.says("<loc>http://127.0.0.1:3000/standards/part-1</loc>").does_not_say("/admin");
    visitor.get("/healthz").await.is(200).says("alive");
    visitor.get("/readyz").await.is(200).says("ready");
}

#[tokio::test]
async fn hostile_text_is_shown_harmless() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let body = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1))\n\n![y](https://evil.example/y.png)";
    let fields = [
        ("title", "<b>Hostile</b>"),
        ("slug", "hostile"),
        ("body", body),
        ("summary", "\"><script>"),
        ("do", "publish"),
    ];
    editor.post("/admin/pages/new", &fields).await.is(303);
    let reply = app.visitor().get("/hostile").await.is(200);
    reply
        .says("&lt;b&gt;Hostile&lt;/b&gt;")
        .says("&lt;script&gt;alert(1)")
        .does_not_say("<script>")
        .does_not_say("<img src=x")
        .does_not_say("href=\"javascript")
        .does_not_say("<img src=\"https://evil.example");
}
