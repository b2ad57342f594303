//! Old paths: which lead on, which do not, and which paths are free.

use std::fs;

use tempfile::TempDir;

use crate::{
    command_line::{plinth, succeeds},
    harness::{TestApp, TestUser},
};

const NEW: &str = "/admin/pages/new";

fn fields<'a>(base: &'a str, slug: &'a str, todo: &'a str) -> [(&'a str, &'a str); 5] {
    [("base", base), ("title", "A page"), ("slug", slug), ("body", "x"), ("do", todo)]
}

/// Makes a page; gives the path of its screen.
async fn make(editor: &TestUser, slug: &str, todo: &str) -> String {
    editor.post(NEW, &fields("0", slug, todo)).await.is(303).location()
}

async fn make_below(app: &TestApp, editor: &TestUser, above: &str, slug: &str, todo: &str) -> String {
    let above = app.page_id(above).await.to_string();
    let fields = [fields("0", slug, todo).as_slice(), &[("under", &*above)]].concat();
    editor.post(NEW, &fields).await.is(303).location()
}

async fn leads(visitor: &TestUser, from: &str, to: &str) {
    let reply = visitor.get(from).await.is(308);
    assert_eq!(reply.location(), to, "{from}");
}

#[tokio::test]
async fn an_address_that_was_never_public_leads_nowhere() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let page = make(&editor, "working-title", "").await;
    editor.post(&page, &fields("1", "title", "")).await.is(303);
    editor.post(&page, &fields("2", "title", "publish")).await;
    visitor.get("/title").await.is(200);
    visitor.get("/working-title").await.is(404);

    // The same below a page that moves: the public child's old path leads on, the draft's does not.
    make_below(&app, &editor, "/title", "public", "publish").await;
    let draft = make_below(&app, &editor, "/title", "draft", "").await;
    editor.post(&page, &fields("2", "moved", "publish")).await.is(303);
    editor.post(&draft, &fields("1", "draft", "publish")).await.is(303);
    visitor.get("/moved/draft").await.is(200);
    leads(&visitor, "/title", "/moved").await;
    leads(&visitor, "/title/public", "/moved/public").await;
    visitor.get("/title/draft").await.is(404);
}

#[tokio::test]
async fn an_address_belongs_to_one_page_published_or_not() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let draft = make(&editor, "taken", "").await;
    for todo in ["", "publish"] {
        editor.post(NEW, &fields("0", "taken", todo)).await.is(422).says("The path /taken belongs to the page");
    }
    let other = make(&editor, "other", "publish").await;
    for todo in ["", "publish"] {
        editor.post(&other, &fields("1", "taken", todo)).await.is(422).says("The path /taken belongs to the page");
    }
    make_below(&app, &editor, "/other", "taken", "").await;
    let move_below = [("parent", "/other")];
    editor.post(&format!("{draft}/move"), &move_below).await.is(422).says("The path /other/taken belongs to");
}

#[tokio::test]
async fn a_path_has_2000_characters_at_most() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let slug = "a".repeat(99);
    let top = make(&editor, &slug, "").await;
    let mut path = format!("/{slug}");
    for _ in 1..19 {
        make_below(&app, &editor, &path, &slug, "").await;
        path = format!("{path}/{slug}");
    }
    let under = app.page_id(&path).await.to_string();
    let longer = "a".repeat(100);
    let too_long = [fields("0", &longer, "").as_slice(), &[("under", &*under)]].concat();
    editor.post(NEW, &too_long).await.is(422).says("A path can have 2000 characters");
    make_below(&app, &editor, &path, &slug, "").await;
    make(&editor, "above", "").await;
    let moved = editor.post(&format!("{top}/move"), &[("parent", "/above")]).await;
    moved.is(422).says("A path can have 2000 characters");
}

#[tokio::test]
async fn a_page_at_an_old_path_takes_it_for_good() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let first = make(&editor, "old", "publish").await;
    editor.post(&first, &fields("1", "new", "publish")).await.is(303);
    leads(&visitor, "/old", "/new").await;
    // A draft does not replace a redirect.
    let second = make(&editor, "old", "").await;
    leads(&visitor, "/old", "/new").await;
    editor.post(&second, &fields("1", "old", "publish")).await;
    visitor.get("/old").await.is(200);
    // The last public page there was this one, which was unpublished.
    editor.post(&format!("{second}/unpublish"), &[]).await.is(303);
    visitor.get("/old").await.is(404);

    // The same for what moves to an old path.
    let third = make(&editor, "there", "publish").await;
    editor.post(&third, &fields("1", "elsewhere", "publish")).await.is(303);
    leads(&visitor, "/there", "/elsewhere").await;
    editor.post(&first, &fields("2", "there", "publish")).await.is(303);
    visitor.get("/there").await.is(200);
    leads(&visitor, "/new", "/there").await;
    editor.post(&format!("{first}/unpublish"), &[]).await.is(303);
    visitor.get("/there").await.is(404);
}

#[tokio::test]
async fn an_import_sets_redirects_and_changes_them() {
    let data = std::sync::Arc::new(TempDir::new().unwrap());
    let folder = TempDir::new().unwrap();
    let page = "+++\ntitle = \"A page\"\n+++\n\nText.\n";
    fs::create_dir(folder.path().join("pages")).unwrap();
    for name in ["index", "one", "two"] {
        fs::write(folder.path().join(format!("pages/{name}.md")), page).unwrap();
    }
    crate::postgres::of(data.path());
    for target in ["one", "two"] {
        fs::write(folder.path().join("redirects.toml"), format!("\"/old.html\" = \"/{target}\"\n")).unwrap();
        succeeds(&plinth(data.path(), &["import", folder.path().to_str().unwrap()], ""));
        let app = TestApp::over(data.clone(), &[]).await;
        leads(&app.visitor(), "/old.html", &format!("/{target}")).await;
        app.app.db.close().await;
    }
}

#[tokio::test]
async fn what_was_asked_besides_goes_along() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let page = make(&editor, "old", "publish").await;
    editor.post(&page, &fields("1", "new", "publish")).await.is(303);
    leads(&visitor, "/old", "/new").await;
    for _ in 0..2 {
        leads(&visitor, "/old?utm_source=letter&q=%C3%BC", "/new?utm_source=letter&q=%C3%BC").await;
        leads(&visitor, "/old/?q=1", "/new?q=1").await;
        leads(&visitor, "/about/?q=1", "/about?q=1").await;
        leads(&visitor, "/faq/?q=ITIL&x=//evil.example", "/faq?q=ITIL&x=//evil.example").await;
        leads(&visitor, "/old?", "/new?").await;
    }
    leads(&visitor, "/old", "/new").await;
    let sent = visitor.post("/old?topic=x", &[("a", "b")]).await.is(308);
    assert_eq!(sent.location(), "/new?topic=x");
}

#[tokio::test]
async fn what_comes_back_elsewhere_says_so() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let first = make(&editor, "rst", "publish").await;
    editor.post(&format!("{first}/delete"), &[]).await.is(303);
    make(&editor, "rst", "publish").await;
    let id = first.rsplit('/').next().unwrap();
    let back = editor.post_and_follow(&format!("/admin/trash/{id}/restore"), &[]).await.is(200);
    back.says("Its path is /rst-2 now instead of /rst, because its old one is taken");

    // What had another path before comes back at its last one.
    let renamed = make(&editor, "before", "publish").await;
    editor.post(&renamed, &fields("1", "after", "publish")).await.is(303);
    editor.post(&format!("{renamed}/delete"), &[]).await.is(303);
    let id = renamed.rsplit('/').next().unwrap();
    editor.post(&format!("/admin/trash/{id}/restore"), &[]).await.is(303);
    assert_eq!(app.page_id("/after").await.to_string(), id);

    // With the page above gone, it comes back on the uppermost level.
    let above = make(&editor, "above", "publish").await;
    let child = make_below(&app, &editor, "/above", "child", "publish").await;
    editor.post(&format!("{child}/delete"), &[]).await.is(303);
    editor.post(&format!("{above}/delete"), &[]).await.is(303);
    let id = child.rsplit('/').next().unwrap();
    let back = editor.post_and_follow(&format!("/admin/trash/{id}/restore"), &[]).await.is(200);
    back.says("Its path is /child now instead of /above/child, because the page above is gone");

    // When nothing differs, nothing is said.
    editor.post(&format!("{child}/delete"), &[]).await.is(303);
    let back = editor.post_and_follow(&format!("/admin/trash/{id}/restore"), &[]).await.is(200);
    back.says("is back. Visitors do not see it").does_not_say("Its path is");

    // A question, too.
    let question = [("title", "Q?"), ("body", "A."), ("category", "1"), ("slug", "q"), ("do", "publish")];
    let item = editor.post("/admin/faq/new", &question).await.is(303).location();
    editor.post(&format!("{item}/delete"), &[]).await.is(303);
    editor.post("/admin/faq/new", &question).await.is(303);
    let id = item.rsplit('/').next().unwrap();
    let back = editor.post_and_follow(&format!("/admin/trash/{id}/restore"), &[]).await.is(200);
    back.says("Its slug is #q-2 now instead of #q, because its old one is taken");
}

#[tokio::test]
async fn the_path_of_a_page_leads_to_it_whatever_is_set_for_what_is_below() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let publish = async |to: &str, fields: &[(&str, &str)]| {
        let fields = [&[("menu", "hidden"), ("layout", "article"), ("do", "publish")], fields].concat();
        editor.post(to, &fields).await.is(303).location()
    };
    let from = [("from", "/docs/*"), ("target", "https://other.example/docs")];
    editor.post("/admin/redirects", &from).await.is(303);
    let page = publish("/admin/pages/new", &[("title", "Docs"), ("slug", "docs")]).await;
    visitor.get("/docs").await.is(200);
    publish(&page, &[("base", "1"), ("title", "Docs"), ("slug", "papers")]).await;
    assert_eq!(visitor.get("/docs").await.is(308).location(), "/papers");
    assert_eq!(visitor.get("/docs/a").await.is(308).location(), "https://other.example/docs/a");
    // In the trash it is gone, and does not lead elsewhere.
    editor.post(&format!("{page}/delete"), &[]).await.is(303);
    visitor.get("/docs").await.is(410);
    let other = publish("/admin/pages/new", &[("title", "Other"), ("slug", "docs")]).await;
    visitor.get("/docs").await.is(200);
    editor.post(&format!("{other}/delete"), &[]).await.is(303);
    visitor.get("/docs").await.is(410);
    assert_eq!(visitor.get("/docs/a").await.is(308).location(), "https://other.example/docs/a");
}
