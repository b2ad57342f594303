//! Links that lead nowhere and pictures that are missing are told to the person who publishes, and hold nothing up.

use crate::harness::TestApp;

const TEXT: &str = "[good](/about) [moved](/old) [own](/a-page#part) [relative](a-page) [search](/search?q=x) \
    [ready](/readyz) [map](/sitemap-1.xml) [desk](/admin) [form](/admin/pages/new) \
    [elsewhere](https://example.org/nowhere) [mail](mailto:a@portal.example) [part](#part)\n\n\
    [dead](/standard) [again](/standard) [draft](/draft) [absolute](http://127.0.0.1:3000/gone) \
    ![bad](/static/icon.svg) ![worse](picture.png)";

#[tokio::test]
async fn publishing_tells_what_leads_nowhere() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let draft = [("title", "Draft"), ("slug", "draft")];
    editor.post("/admin/pages/new", &draft).await.is(303);
    let moved =
        editor.post("/admin/pages/new", &[("title", "Old"), ("slug", "old"), ("do", "publish")]).await.location();
    let new = [("base", "1"), ("title", "Old"), ("slug", "new"), ("menu", "hidden"), ("do", "publish")];
    editor.post(&moved, &new).await.is(303);
    visitor.get("/old").await.is(308);

    let page = [("title", "A page"), ("slug", "a-page"), ("body", TEXT), ("do", "publish")];
    let edit = editor.post("/admin/pages/new", &page).await.is(303).location();
    let screen = editor.get(&edit).await.says("class=\"flash warning\"").says("Version 1 of “A page” is published");
    let screen = screen.says("3 links lead nowhere: /standard, /draft, http://127.0.0.1:3000/gone.");
    screen.says("2 pictures are missing: /static/icon.svg, picture.png.");
    visitor.get("/a-page").await.is(200);

    let question = [("title", "Why?"), ("slug", "why"), ("body", TEXT), ("category", "1"), ("do", "publish")];
    let edit = editor.post("/admin/faq/new", &question).await.is(303).location();
    editor.get(&edit).await.says("3 links lead nowhere: /standard, /draft,").says("2 pictures are missing");
    let good = [("base", "1"), ("title", "Why?"), ("slug", "why"), ("body", "[x](/about)"), ("category", "1")];
    let screen = editor.post_and_follow(&edit, &[&good[..], &[("do", "publish")]].concat()).await;
    screen.says("class=\"flash success\"").does_not_say("nowhere");
}

#[tokio::test]
async fn the_screen_before_publishing_tells_too() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let section = editor.post("/admin/pages/new", &[("title", "Section"), ("slug", "section")]).await.location();
    let under = section.rsplit('/').next().unwrap();
    let body = "[above](/section) [own](/section/a-page) [dead](/standard)";
    let page = [("title", "A page"), ("slug", "a-page"), ("body", body), ("under", under), ("do", "publish")];
    let sheet = editor.post_and_follow("/admin/pages/new", &page).await.says("Publish both");
    sheet.says("1 link leads nowhere: /standard. You can publish it all the same.");
}
