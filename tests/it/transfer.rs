//! Import and export.

use crate::harness::{TestApp, TestUser, config};
use plinth::{
    app::start,
    clock::Clock,
    model::{
        actor::Actor,
        document::{fields::FieldTable, keys, rules::DocumentRules},
        settings,
        transfer::{export, files, folder, import},
        write::Write,
    },
};
use tempfile::TempDir;

async fn files(app: &TestApp) -> folder::FileMap {
    export::read(app.app.read(), &app.app.rules.fields).await.unwrap()
}

/// The files without when their versions were published, which differs where a site had them already.
pub fn undated(files: folder::FileMap) -> folder::FileMap {
    let kept = |text: String| text.split_inclusive('\n').filter(|line| !line.starts_with("published = ")).collect();
    files.into_iter().map(|(name, text)| (name, kept(text))).collect()
}

/// A site with all that is easily lost: drafts, a review, a question about to move, a page that came back to a taken path.
async fn well_used() -> TestApp {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let about = app.page_id("/about").await;
    editor
        .post(
            &format!("/admin/pages/{about}"),
            &[("base", "1"), ("title", "About"), ("slug", "about"), ("body", "A draft.")],
        )
        .await
        .is(303);
    let reviewed = [("version", "1"), ("next_review", "2099-01-01")];
    editor.post(&format!("/admin/documents/{about}/review"), &reviewed).await.is(303);
    let page =
        |title: &'static str| [("base", "0"), ("title", title), ("slug", "beta"), ("body", "x"), ("do", "publish")];
    let first = editor.post("/admin/pages/new", &page("First")).await.is(303).location();
    editor.post(&format!("{first}/delete"), &[]).await.is(303);
    editor.post("/admin/pages/new", &page("Second")).await.is(303);
    let id = first.rsplit('/').next().unwrap();
    editor.post(&format!("/admin/trash/{id}/restore"), &[]).await.is(303);
    wait_for_a_taken_address(&editor).await;
    move_a_question(&app, &editor).await;
    app
}

/// A draft waits for a path that another page takes, and an unpublished page keeps one that it had.
async fn wait_for_a_taken_address(editor: &TestUser) {
    let page = |base: &'static str, slug: &'static str, todo: &'static str| {
        [("base", base), ("title", "Waiting"), ("slug", slug), ("body", "x"), ("do", todo)]
    };
    let waiting = editor.post("/admin/pages/new", &page("0", "a-waiting", "publish")).await.is(303).location();
    editor.post(&waiting, &page("1", "z-taken", "")).await.is(303);
    editor.post("/admin/pages/new", &page("0", "z-taken", "publish")).await.is(303);
    let unpublished = editor.post("/admin/pages/new", &page("0", "b-waiting", "publish")).await.is(303).location();
    editor.post(&unpublished, &page("1", "y-wanted", "")).await.is(303);
    editor.post(&format!("{unpublished}/unpublish"), &[]).await.is(303);
}

async fn move_a_question(app: &TestApp, editor: &TestUser) {
    let item = plinth::model::faq::item::live(app.app.read(), app.page_id("/faq").await).await.unwrap().remove(0);
    let last = plinth::model::faq::category::all(app.app.read()).await.unwrap().pop().unwrap();
    let typed = item.revision.content.to_input();
    let (id, category) = (item.revision.document_id, last.id.to_string());
    let mut fields = [
        ("base", "1"),
        ("title", typed.get(keys::TITLE)),
        ("slug", "called-otherwise"),
        ("body", typed.get(keys::BODY)),
        ("category", typed.get(keys::CATEGORY)),
        ("do", "publish"),
    ];
    editor.post(&format!("/admin/faq/{id}"), &fields).await.is(303);
    (fields[0].1, fields[4].1, fields[5].1) = ("2", &category, "save");
    editor.post(&format!("/admin/faq/{id}"), &fields).await.is(303);
    let redirects = &files(app).await["redirects.toml"];
    assert!(
        redirects.contains(&format!("\"/faq#{}\" = \"/faq#called-otherwise\"", typed.get(keys::SLUG))),
        "{redirects}"
    );
}

/// An empty site that reads these files writes the same.
pub async fn survives_the_journey(first: &folder::FileMap) {
    let fresh = TempDir::new().unwrap();
    let db = start::open(&config(fresh.path(), &[])).await.unwrap();
    let write = Write::begin(&db, &Clock::default(), Actor::system("test"), DocumentRules::default()).await.unwrap();
    import::apply(&write, &files::parse(&DocumentRules::default(), first).unwrap()).await.unwrap();
    write.commit().await.unwrap();
    let second = export::read(db.read(), &FieldTable::default()).await.unwrap();
    let differs: Vec<_> = first.iter().filter(|(name, text)| second.get(*name) != Some(*text)).collect();
    assert!(differs.is_empty() && first.len() == second.len(), "{differs:#?}");
}

#[tokio::test]
async fn a_well_used_site_survives_the_journey() {
    let app = well_used().await;
    let first = files(&app).await;
    assert!(first["pages/about.md"].contains("review_by = \"2099-01-01\""), "{}", first["pages/about.md"]);
    survives_the_journey(&first).await;
}

#[tokio::test]
async fn importing_the_own_export_changes_nothing() {
    let app = well_used().await;
    let first = files(&app).await;
    let before = settings::site_version(app.app.read()).await.unwrap();
    let write = app.app.write(Actor::system("test")).await.unwrap();
    let summary = import::run(write, &files::parse(&DocumentRules::default(), &first).unwrap()).await.unwrap();
    assert!(summary.saved == 0 && !summary.changed);
    assert_eq!(settings::site_version(app.app.read()).await.unwrap(), before);
    assert_eq!(files(&app).await, first);
}

#[tokio::test]
async fn an_export_imports_to_the_same_site() {
    let app = TestApp::new().await;
    let first = export::read(app.app.read(), &app.app.rules.fields).await.unwrap();
    assert!(first.len() > 170);

    let fresh = TempDir::new().unwrap();
    let db = start::open(&config(fresh.path(), &[])).await.unwrap();
    let write = Write::begin(&db, &Clock::default(), Actor::system("test"), DocumentRules::default()).await.unwrap();
    import::apply(&write, &files::parse(&DocumentRules::default(), &first).unwrap()).await.unwrap();
    write.commit().await.unwrap();
    let second = export::read(db.read(), &FieldTable::default()).await.unwrap();
    assert_eq!(first, second);
}
