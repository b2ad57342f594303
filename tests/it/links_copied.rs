//! Links in copies of pages, and in later versions of pages that moved, lead where they led before.

use crate::harness::{TestApp, TestUser};

const NEW: &str = "/admin/pages/new";

/// Publishes a page; gives its id.
async fn publish(editor: &TestUser, to: &str, fields: &[(&str, &str)]) -> i64 {
    let fields = [&[("menu", "hidden"), ("layout", "article"), ("do", "publish")], fields].concat();
    let edit = editor.post(to, &fields).await.is(303).location();
    edit.rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_copy_links_to_what_its_original_links_to() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let publish = async |to: &str, fields: &[(&str, &str)]| publish(&editor, to, fields).await;
    let target = publish(NEW, &[("title", "Target"), ("slug", "target")]).await;
    let section = publish(NEW, &[("title", "Section"), ("slug", "section")]).await.to_string();
    publish(NEW, &[("title", "Beside"), ("slug", "beside"), ("under", &section)]).await;
    let body = "[a](/target) [b](beside) [c](#part) [d](../target)\n\n## Part";
    let below = [("title", "Below"), ("slug", "below"), ("under", &*section), ("body", body)];
    let below = publish(NEW, &below).await;
    let moved = [("base", "1"), ("title", "Target"), ("slug", "moved")];
    publish(&format!("/admin/pages/{target}"), &moved).await;
    publish(NEW, &[("title", "Other"), ("slug", "target")]).await;
    let leads = |screen: crate::harness::Reply| {
        let screen = screen.is(200).says("href=\"/moved\">a<").says("href=\"/section/beside\">b<");
        screen.says("href=\"#part\">c<").says("href=\"/moved\">d<")
    };
    leads(visitor.get("/section/below").await);

    // With those below, in a place of its own.
    let copied = editor.post(&format!("/admin/pages/{section}/duplicate"), &[]).await.is(303).location();
    app.publish(copied.rsplit('/').next().unwrap().parse().unwrap()).await;
    let copy = app.page_id("/section-copy/below").await;
    app.publish(copy).await;
    leads(visitor.get("/section-copy/below").await);
    // By itself: what is typed leads there.
    let form = editor.get(&format!("/admin/pages/new?copy_of={below}")).await.is(200);
    form.says("[a](/moved) [b](/section/beside) [c](#part) [d](/moved)");
    // A page that was moved goes on linking to the same when another version of it is saved.
    editor.post(&format!("/admin/pages/{below}/move"), &[("parent", "/")]).await.is(303);
    leads(visitor.get("/below").await);
    let version = [("base", "1"), ("title", "Below"), ("slug", "below"), ("body", &format!("{body} more"))];
    publish(&format!("/admin/pages/{below}"), &version).await;
    leads(visitor.get("/below").await);
}
