//! Where things of the media library are used: what counts, who may take something from visitors, and that nothing is deleted that
//! is used, or about to be, on this node or another.

use std::path::PathBuf;

use data_encoding::HEXLOWER;
use plinth::{
    app::rules::Rules,
    db::transaction::Transaction,
    model::{
        actor::Role,
        password::Cost,
        policy::{Action, allows},
    },
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::{
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
    media::{files_in_store, pdf, publish, send_files, upload},
    media_s3,
};

/// The fields of the question before a deletion, without the one that makes each form a new one.
async fn question(who: &TestUser, thing: &str) -> Vec<(String, String)> {
    let delete = format!("{thing}/delete");
    let mut fields = hidden(&who.get(&delete).await.is(200), &delete);
    fields.retain(|(name, _)| name == "seen_uses");
    fields
}

async fn answer(who: &TestUser, thing: &str, fields: &[(String, String)]) -> Reply {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    who.post(&format!("{thing}/delete"), &fields).await
}

#[tokio::test]
async fn what_visitors_find_in_earlier_versions_counts_as_used() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let thing = upload(&editor, &[("plan.pdf", &pdf("plan"))]).await.is(303).location();
    let edit = publish(&editor, "plan", "[A plan](/media/plan.pdf)").await;
    let without = [("base", "1"), ("title", "A page"), ("slug", "plan"), ("body", "Without."), ("do", "publish")];
    editor.post(&edit, &without).await.is(303);
    visitor.get("/plan").await.is(200).does_not_say("A plan");
    editor.get(&thing).await.says("version 1, which visitors find among the earlier versions");
    editor.get(&format!("{thing}/delete")).await.says("Visitors would find a gap");
    editor.get("/admin/media?used=yes").await.says("plan.pdf");
    visitor.get("/media/plan.pdf").await.is(307);
    // Nobody finds them while the page is not live.
    editor.post(&format!("{edit}/unpublish"), &[]).await.is(303);
    visitor.get("/media/plan.pdf").await.is(404);
}

#[tokio::test]
async fn only_who_may_publish_takes_something_from_visitors() {
    fn policy(role: Role, action: Action) -> bool {
        allows(role, action) && (action != Action::Publish || role == Role::Administrator)
    }
    let rules = Rules { policy, ..Rules::default() };
    let app = TestApp::with_rules(TempDir::new().unwrap().into(), &[], Cost::ForTests, rules).await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let files: [(&str, &[u8]); 3] = [("live.pdf", &pdf("1")), ("soon.pdf", &pdf("2")), ("free.pdf", &pdf("3"))];
    upload(&editor, &files).await.is(303);
    publish(&admin, "live", "[Live](/media/live.pdf)").await;
    let page = [("title", "Soon"), ("slug", "soon"), ("body", "[Soon](/media/soon.pdf)"), ("do", "save")];
    let edit = editor.post("/admin/pages/new", &page).await.is(303).location();
    let tomorrow = plinth::clock::Timestamp(app.app.now().0 + 86_400_000).to_string();
    let schedules = format!("/admin/documents/{}/schedules", edit.rsplit('/').next().unwrap());
    admin.post(&schedules, &[("what", "1"), ("date", &tomorrow[..10]), ("time", "12:00")]).await.is(303);
    for (id, refused) in [(1, true), (2, true), (3, false)] {
        let thing = format!("/admin/media/{id}");
        let fields = question(&admin, &thing).await;
        let screen = editor.get(&format!("{thing}/delete")).await.is(200);
        assert_eq!(screen.text.contains("Only users who may publish can delete"), refused, "{thing}");
        answer(&editor, &thing, &fields).await.is(if refused { 403 } else { 303 });
    }
    assert_eq!(files_in_store(&app).len(), 2);
    let fields = question(&admin, "/admin/media/2").await;
    answer(&admin, "/admin/media/2", &fields).await.is(303);
}

#[tokio::test]
async fn a_use_that_the_question_did_not_name_counts_too() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let thing = upload(&editor, &[("plan.pdf", &pdf("plan"))]).await.is(303).location();
    let mut pages = Vec::new();
    for number in 0..102 {
        let slug = format!("p{number}");
        let page = [("title", "A page"), ("slug", &slug), ("body", "[A plan](/media/plan.pdf)"), ("do", "save")];
        pages.push(editor.post("/admin/pages/new", &page).await.is(303).location());
    }
    editor.get(&format!("{thing}/delete")).await.says("<li>and more</li>");
    let before = question(&editor, &thing).await;
    // Published as it is, without a version that is newer than the others.
    let page = [("base", "1"), ("title", "A page"), ("slug", "p0"), ("body", "[A plan](/media/plan.pdf)")];
    editor.post(&pages[0], &[&page[..], &[("do", "publish")]].concat()).await.is(303);
    answer(&editor, &thing, &before).await.is(409).says("Where it is used has changed in the meantime");
    let now = question(&editor, &thing).await;
    answer(&editor, &thing, &now).await.is(303);
}

/// As another node does it.
async fn claim(app: &TestApp, bytes: &[u8], is_deletion: bool) {
    let tx = Transaction::begin(&app.app.db).await.unwrap();
    let sql = "insert into media_claim (hash, token, is_deletion, ends_at) values ($1, 'elsewhere', $2, $3)";
    let hash = HEXLOWER.encode(&Sha256::digest(bytes));
    tx.execute(sql, (hash, is_deletion, app.app.now().0 + 60_000)).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn no_file_is_deleted_that_another_node_is_about_to_name() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let thing = upload(&editor, &[("a.pdf", &pdf("a"))]).await.is(303).location();
    claim(&app, &pdf("a"), false).await;
    let fields = question(&editor, &thing).await;
    answer(&editor, &thing, &fields).await.is(303);
    assert_eq!(files_in_store(&app).len(), 1, "the other node is about to name it");

    claim(&app, &pdf("b"), true).await;
    upload(&editor, &[("b.pdf", &pdf("b"))]).await.is(409).says("The same file is being deleted at this moment");
    assert_eq!(files_in_store(&app).len(), 1);
    // The other node is gone.
    app.app.clock.advance(120_000);
    upload(&editor, &[("b.pdf", &pdf("b"))]).await.is(303);
    let left: i64 = app.app.read().value("select count(*) from media_claim", ()).await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn what_was_added_is_said_when_the_rest_cannot_be() {
    if media_s3::skips("a file is in the way of a folder") {
        return;
    }
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let hash = HEXLOWER.encode(&Sha256::digest(pdf("b")));
    let way: PathBuf = app.data.path().join("media").join(&hash[..2]);
    std::fs::create_dir_all(way.parent().unwrap()).unwrap();
    std::fs::write(&way, "no folder").unwrap();
    let files: [(&str, &[u8]); 3] = [("a.pdf", &pdf("a")), ("b.pdf", &pdf("b")), ("c.pdf", &pdf("c"))];
    let screen = upload(&editor, &files).await.is(422).says("These are in the library now:").says("/admin/media/1\"");
    let screen = screen.says("“b.pdf” was not added: the server cannot take it now");
    screen.says("“c.pdf” was not added: the server cannot take it now").does_not_say("/admin/media/2\"");
    std::fs::remove_file(&way).unwrap();
    let list = upload(&editor, &files).await.is(303).location();
    editor.get(&list).await.says("2 files were added, and 1 file was there already.");
    upload(&editor, &[("b.pdf", &pdf("b"))]).await.is(303);
    let sent = send_files(&editor, "/admin/media/new", &[], &[("d.pdf", &pdf("d"))]).await.is(303).location();
    editor.get(&sent).await.says("“d” was added.");
}
