//! What leads search engines and readers to the pages: the site map, titles, previous and next.

use plinth::{db::transaction::Transaction, model::page::public};

use crate::harness::{TestApp, TestUser};

async fn make(app: &TestApp, editor: &TestUser, above: &str, slug: &str, menu: &str) {
    let under = if above.is_empty() { String::new() } else { app.page_id(above).await.to_string() };
    let fields =
        [("title", slug), ("slug", slug), ("body", "x"), ("menu", menu), ("under", &*under), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(303);
}

/// The links of a page to previous and next.
async fn neighbours(visitor: &TestUser, path: &str) -> [String; 2] {
    let page = visitor.get(path).await.is(200).text;
    ["prev", "next"].map(|rel| {
        let link = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1);
        link.map_or(String::new(), |rest| rest.split('"').next().unwrap().to_owned())
    })
}

#[tokio::test]
async fn hidden_pages_are_not_offered_as_previous_or_next() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    make(&app, &editor, "", "book", "main").await;
    for (slug, menu) in [("h0", "hidden"), ("one", "main"), ("h1", "hidden"), ("two", "footer"), ("h2", "hidden")] {
        make(&app, &editor, "/book", slug, menu).await;
    }
    make(&app, &editor, "/book/h1", "inside", "main").await;
    make(&app, &editor, "/book/h1", "inside-too", "main").await;
    make(&app, &editor, "/book/one", "leaf", "main").await;
    make(&app, &editor, "/book/one", "h3", "hidden").await;
    make(&app, &editor, "/book/two", "last", "main").await;
    for (path, before, after) in [
        ("/book", "", "/book/one"),
        ("/book/one", "/book", "/book/one/leaf"),
        ("/book/one/leaf", "/book/one", "/book/two"),
        ("/book/two", "/book/one/leaf", "/book/two/last"),
        ("/book/two/last", "/book/two", ""),
        // What is hidden is no part of the order; what is below it has an order of its own.
        ("/book/h1", "", ""),
        ("/book/one/h3", "", ""),
        ("/book/h1/inside", "", "/book/h1/inside-too"),
        ("/book/h1/inside-too", "/book/h1/inside", ""),
    ] {
        assert_eq!(neighbours(&visitor, path).await, [before, after], "{path}");
    }
}

#[tokio::test]
async fn hidden_pages_are_public_for_those_who_look_for_them() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    make(&app, &editor, "", "quagga-facts", "hidden").await;
    visitor.get("/").await.is(200).does_not_say("quagga-facts");
    visitor.get("/quagga-facts").await.is(200).does_not_say("noindex");
    visitor.get("/sitemap.xml").await.is(200).says("/quagga-facts</loc>");
    visitor.get("/quaga-facts").await.is(404).says("href=\"/quagga-facts\"");
    // What is offered has its number, and where it is.
    let near = visitor.get("/standards/part-1/clause-8/8-5/8-5-9").await.is(404);
    near.says("<span class=\"number\">8.5.1</span>").says("<span dir=\"auto\">Part 1</span>");
}

#[tokio::test]
async fn every_public_page_has_a_title_of_its_own() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for above in ["/about", "/contact"] {
        make(&app, &editor, above, "overview", "main").await;
    }
    let mut known = std::collections::BTreeMap::new();
    let pages = public::list_all(app.app.read(), "", 1000).await.unwrap().into_iter().map(|page| page.path);
    for path in pages.chain(["/search".to_owned(), "/search?q=audit".to_owned(), "/nowhere".to_owned()]) {
        let page = visitor.get(&path).await.text;
        let title = page.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0.to_owned();
        assert!(title.contains("ISO 20000 Certification Portal"), "{path}: {title}");
        if let Some(other) = known.insert(title.clone(), path.clone()) {
            panic!("{path} and {other} are both titled {title}");
        }
    }
    // Those of a document begin with its designation.
    for (path, title) in [
        ("/part-1/clause-8/8-5/8-5-1", "ISO/IEC 20000-1:2018, 8.5.1 Change management – "),
        ("/part-1", "ISO/IEC 20000-1:2018, Service management system requirements – "),
        ("/amendment-2024", "ISO/IEC 20000-1:2018/Amd 1:2024, climate action changes – "),
    ] {
        let page = visitor.get(&format!("/standards{path}")).await;
        page.says(&format!("<title>{title}"))
            .says(&format!("<meta property=\"og:title\" content=\"{}", &title[..title.len() - 5]));
    }
}

/// This many more pages, without the screens: `/many-000001` and so on.
async fn many(app: &TestApp, count: i64) {
    let tx = Transaction::begin(&app.app.db).await.unwrap();
    let page = app.page_id("/about").await;
    tx.execute(
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < $1) \
         insert into document (id, kind, published_revision_id, latest_revision_id, created_at) \
         select 100000 + i, 'page', d.published_revision_id, d.latest_revision_id, 0 from n join document d on d.id = $2",
        (count, page),
    )
    .await
    .unwrap();
    tx.execute(
        "insert into page (document_id, slug, path, position) \
         select id, 'many', '/many-' || id, id from document where id > 100000",
        (),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_site_map_that_is_too_long_is_an_index_of_all_parts() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let few = visitor.get("/sitemap.xml").await.is(200).says("<urlset").text.matches("<loc>").count();
    visitor.get("/sitemap-2.xml").await.is(404);
    many(&app, 20_000 - i64::try_from(few).unwrap()).await;
    app.editor()
        .await
        .post("/admin/pages/new", &[("title", "x"), ("slug", "sitemap-guide"), ("body", "x"), ("do", "publish")])
        .await
        .is(303);
    let index = visitor.get("/sitemap.xml").await.is(200).says("<sitemapindex");
    assert!(index.header("content-type").starts_with("application/xml"));
    let parts: Vec<_> =
        index.text.split("<loc>http://127.0.0.1:3000").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(parts, ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]);
    let mut all = std::collections::BTreeSet::new();
    for (part, count) in parts.iter().zip([10_000, 10_000, 1]) {
        let text = visitor.get(part).await.is(200).says("<urlset").text;
        let found: Vec<_> =
            text.split("<loc>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
        assert_eq!(found.len(), count, "{part}");
        all.extend(found);
    }
    assert_eq!(all.len(), 20_001);
    for none in ["/sitemap-4.xml", "/sitemap-0.xml", "/sitemap-x.xml", "/sitemap-99999999.xml", "/sitemap-none"] {
        visitor.get(none).await.is(404);
    }
    visitor.get("/sitemap-guide").await.is(200).says("<h1");
    visitor.get("/robots.txt").await.is(200).says("Sitemap: http://127.0.0.1:3000/sitemap.xml");
}
