//! Markdown on the public pages: links, words, headings, footnotes, code.

use plinth::search::indexer;
use tokio_util::sync::CancellationToken;

use crate::harness::{Reply, TestApp};

/// Publishes a page with this text; gives what a visitor gets.
async fn published(app: &TestApp, body: &str) -> Reply {
    let editor = app.editor().await;
    let fields = [("title", "Sample"), ("slug", "sample"), ("body", body), ("layout", "article"), ("menu", "hidden")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    app.publish(app.page_id("/sample").await).await;
    app.visitor().get("/sample").await.is(200)
}

/// The part of a page that its text makes.
fn body(page: &Reply) -> &str {
    page.text
        .split("<div class=\"body\"")
        .nth(1)
        .and_then(|rest| rest.split("<section class=\"control\"").next())
        .unwrap()
}

#[tokio::test]
async fn links_lead_only_where_links_may_lead() {
    let app = TestApp::new().await;
    let text = "[a](ms-msdt:/id) <feed:https://x.example> [b](blob:https://x.example/1) [c](intent://x#Intent;end) \
                [d](&#106;avascript&colon;x) [e](java&NewLine;script:x) [f](\u{1}javascript:x) [g](DATA:text/html,x) \
                ![h](data:image/png;base64,AA) [i][z] text[^1]\n\n[z]: vbscript:x\n\n[^1]: [j](ms-word:x)\n\n\
                [k](https://x.example) [l](http://x.example) [m](mailto:a@x.example) [n](tel:+441) [o](/about) [p](#q) \
                [r](about) <https://y.example> www.z.example a@z.example\n";
    let page = published(&app, text).await;
    let links: Vec<_> = body(&page).split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(
        links,
        [
            "#fn-1",
            "https://x.example",
            "http://x.example",
            "mailto:a@x.example",
            "tel:+441",
            "/about",
            "#q",
            "/about",
            "https://y.example",
            "http://www.z.example",
            "mailto:a@z.example",
            "#fnref-1",
        ]
    );
    assert!(!body(&page).contains("<img"), "{}", body(&page));
    for word in ["feed:https://x.example", "a ", "h ", "j "] {
        assert!(body(&page).contains(word), "“{word}” is lost: {}", body(&page));
    }
}

#[tokio::test]
async fn what_visitors_see_is_what_counts() {
    let app = TestApp::new().await;
    let index = app.app.clone();
    tokio::spawn(async move { indexer::run(&index.search, &index.db, CancellationToken::new()).await });
    let text = "Set <retentionPeriod> to `24`[^1]\nmonths &amp; *more*.\n\n## Using <title> well\n\n## `code` first\n\n\
                ## Third\n\n[^1]: Only then.";
    let page = published(&app, text).await;
    let page = page.says("content=\"Set &lt;retentionPeriod&gt; to 24 months &amp; more. Using &lt;title&gt; well");
    let page = page.says("dir=\"auto\">Using &lt;title&gt; well</a>").says("dir=\"auto\">code first</a>");
    page.says("<h2 id=\"using-title-well\">Using &lt;title&gt; well</h2>");
    let newest = plinth::model::searchable::newest(app.app.read()).await.unwrap();
    app.app.search.wait_for(newest.id).await;
    let found = app.visitor().get("/search?q=retentionPeriod").await.is(200).says("/sample");
    found.says("&lt;<mark>retentionPeriod</mark>&gt; to 24 months &amp; more.");
}

#[tokio::test]
async fn code_at_the_beginning_keeps_its_indentation() {
    let app = TestApp::new().await;
    let page = published(&app, "\n    indented\n\ttoo\n\nText\n\n").await;
    page.says("<pre><code>indented\ntoo\n</code></pre>");
    let editor = app.editor().await;
    let id = app.page_id("/sample").await;
    editor.get(&format!("/admin/pages/{id}")).await.says(">\n    indented\n\ttoo\n\nText</textarea>");
}

#[tokio::test]
async fn headings_of_one_level_stay_on_one_level() {
    let app = TestApp::new().await;
    for (path, headings) in [
        ("/standards/part-1/clause-8/8-3/8-3-4", ["8.3.4.1", "8.3.4.2"]),
        ("/standards/part-1/clause-8/8-5/8-5-1", ["8.5.1.1", "8.5.1.2"]),
        ("/standards/part-1/clause-8/8-5/8-5-2", ["8.5.2.1", "8.5.2.2"]),
        ("/standards/part-1/clause-8/8-7/8-7-3", ["8.7.3.1", "8.7.3.2"]),
    ] {
        let page = app.visitor().get(path).await.is(200);
        let levels = headings.map(|heading| {
            let place = page.text.find(&format!("\">{heading}")).unwrap_or_else(|| panic!("{heading} on {path}"));
            page.text[..place].rsplit("<h").next().unwrap()[..1].to_owned()
        });
        assert_eq!(levels[0], levels[1], "{path}");
    }
}

#[tokio::test]
async fn an_answer_has_footnotes_of_its_own_and_cells_have_lines() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for slug in ["one", "two"] {
        let body = "Text[^1].\n\n|a<br>b|\n|-|\n|c|\n\n[^1]: The note.";
        let fields =
            [("title", slug), ("slug", slug), ("body", body), ("category", "1"), ("base", "0"), ("do", "publish")];
        editor.post("/admin/faq/new", &fields).await.is(303);
    }
    let page = app.visitor().get("/faq").await.is(200).says("<th>a<br>b</th>");
    for slug in ["one", "two"] {
        for part in [format!("href=\"#fn-{slug}-1\""), format!("id=\"fn-{slug}-1\""), format!("id=\"fnref-{slug}-1\"")]
        {
            assert_eq!(page.text.matches(&part).count(), 1, "{part}");
        }
    }
}
