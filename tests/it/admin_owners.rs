//! The owner of a document: a user, all with a role, or nobody; who has it is told, and lists what is theirs.

use jiff::{Span, tz::TimeZone};
use plinth::{
    clock::DAY,
    model::{actor::Role, document::revision},
};

use crate::harness::{Reply, TestApp, TestUser};

fn path(id: i64) -> String {
    format!("/admin/documents/{id}/owner")
}

fn code(user: &TestUser) -> String {
    format!("user-{}", user.actor.id.unwrap())
}

/// A question that is due in a day; gives its id.
async fn question(app: &TestApp, editor: &TestUser, title: &str) -> i64 {
    let due = app.app.now().date(&TimeZone::UTC).saturating_add(Span::new().days(1)).to_string();
    let fields = [("title", title), ("body", "Yes."), ("category", "1"), ("review_by", &due)];
    let edit = editor.post("/admin/faq/new", &fields).await.is(303).location();
    edit.rsplit('/').next().unwrap().parse().unwrap()
}

/// Chooses an owner; what the next screen says of it is read, so that it is on no other one.
async fn give(editor: &TestUser, id: i64, owner: &str, was: &str) -> Reply {
    let reply = editor.post(&path(id), &[("owner", owner), ("was_owner", was)]).await;
    if reply.status == 303 {
        editor.get(&reply.location()).await.is(200);
    }
    reply
}

#[tokio::test]
async fn an_owner_is_told_and_lists_what_is_theirs() {
    let app = TestApp::new().await;
    let (editor, owner) = (app.editor().await, app.user(Role::Editor, "Olga <Owner>").await);
    let id = question(&app, &editor, "Mine?").await;
    question(&app, &editor, "Nobody’s?").await;
    let page = app.page_id("/about").await;
    let screen = editor.get(&path(id)).await.is(200).says("It has no owner.").says(">Olga &lt;Owner&gt;</option>");
    screen.says(">All editors</option>").says(">All administrators</option>");
    for document in [id, page] {
        give(&editor, document, &code(&owner), "").await.is(303);
    }
    editor.get(&format!("/admin/faq/{id}")).await.is(200).says("Owner: <bdi>Olga &lt;Owner&gt;</bdi>.");
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, 1);
    let sql = "select detail from audit_log where action = 'faq_item.set_owner'";
    assert_eq!(app.app.read().value::<String>(sql, ()).await.unwrap(), "from nobody to Olga <Owner>");
    app.admin().await.get("/admin/audit-log").await.says("changed the owner of the question");

    owner.get("/admin/faq?owner=me").await.is(200).says("Mine?").does_not_say("Nobody’s?").says("1 found");
    owner.get("/admin/faq?owner=nobody").await.does_not_say(">Mine?<").says("Nobody’s?");
    owner
        .get("/admin/pages?owner=me")
        .await
        .is(200)
        .says(&format!("href=\"/admin/pages/{page}\""))
        .does_not_say("/faq</");
    owner.get("/admin/pages?owner=nobody").await.does_not_say(&format!("href=\"/admin/pages/{page}\""));
    editor.get("/admin/pages?owner=me").await.says("No page was found");
    editor.get("/admin/faq?owner=me").await.says("No question was found");
    let list = "/admin/reviews?owner=me";
    owner.get(list).await.is(200).says("Mine?").says("<bdi>Olga &lt;Owner&gt;</bdi>").does_not_say("Nobody’s?");
    owner.get("/admin").await.is(200).does_not_say("of yours overdue");
    app.app.clock.advance(3 * DAY);
    let editor = app.editor().await;
    editor.get("/admin").await.does_not_say("of yours overdue").says("pages and questions overdue for review");
}

#[tokio::test]
async fn all_with_a_role_can_own_it() {
    let app = TestApp::new().await;
    let (editor, admin) = (app.editor().await, app.admin().await);
    let id = question(&app, &editor, "Ours?").await;
    give(&editor, id, "role-administrator", "").await.is(303);
    admin.get("/admin/reviews?owner=me").await.says("Ours?").says("All administrators");
    editor.get("/admin/reviews?owner=me").await.does_not_say("Ours?");
    give(&editor, id, "role-editor", "role-administrator").await.is(303);
    editor.get("/admin/reviews?owner=me").await.says("Ours?").says("All editors");
    app.app.clock.advance(3 * DAY);
    let (editor, admin) = (app.editor().await, app.admin().await);
    editor.get("/admin").await.says("<strong>1</strong> page or question of yours overdue for review");
    admin.get("/admin").await.does_not_say("of yours overdue");
    give(&editor, id, "", "role-editor").await.is(303);
    editor.get("/admin").await.does_not_say("of yours overdue");
    editor.get(&format!("/admin/faq/{id}")).await.says("It has no owner.");
}

#[tokio::test]
async fn an_owner_who_is_deactivated_is_shown_as_such_and_listed_as_nobody() {
    let app = TestApp::new().await;
    let (editor, gone) = (app.editor().await, app.user(Role::Editor, "Gone Girl").await);
    let id = question(&app, &editor, "Whose?").await;
    give(&editor, id, &code(&gone), "").await.is(303);
    editor.get("/admin/reviews?owner=nobody").await.does_not_say("Whose?");
    let write = app.app.write(app.admin().await.actor).await.unwrap();
    let sql = "update users set active = false where id = $1";
    write.execute(sql, (gone.actor.id.unwrap(),)).await.unwrap();
    write.record(plinth::model::audit_log::AuditEntry::new("user.deactivate", "user", gone.actor.id, "Gone Girl"));
    write.commit().await.unwrap();
    editor.get(&format!("/admin/faq/{id}")).await.says("Owner: <bdi>Gone Girl (deactivated)</bdi>.");
    editor.get("/admin/reviews?owner=nobody").await.says("Whose?").says("Gone Girl (deactivated)");
    editor.get("/admin/faq?owner=nobody").await.says("Whose?");
    // It can stay, and cannot be chosen again.
    editor.get(&path(id)).await.says("selected>Gone Girl (deactivated)</option>");
    give(&editor, id, &code(&gone), &code(&gone)).await.is(303);
    let other = question(&app, &editor, "Another?").await;
    give(&editor, other, &code(&gone), "").await.is(422).says("Choose an owner of the list");
}

#[tokio::test]
async fn what_was_chosen_beside_another_choice_or_is_no_owner_is_refused() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.user(Role::Editor, "Other One").await);
    let id = question(&app, &editor, "Whose?").await;
    for wrong in ["user-0", "role-visitor", "x"] {
        give(&editor, id, wrong, "").await.is(422).says("Choose an owner of the list");
    }
    give(&other, id, &code(&other), "").await.is(303);
    let screen = give(&editor, id, &code(&editor), "").await.is(409);
    let screen = screen.says("Someone else has changed the owner to Other One meanwhile");
    screen.says(&format!("value=\"{}\" selected", code(&editor))).says(&format!("value=\"{}\"", code(&other)));
    let entries = "select count(*) from audit_log where action = 'faq_item.set_owner'";
    assert_eq!(app.app.read().value::<i64>(entries, ()).await.unwrap(), 1);
    // The same choice twice is one change.
    give(&editor, id, &code(&other), "").await.is(303);
    assert_eq!(app.app.read().value::<i64>(entries, ()).await.unwrap(), 1);
    editor.get("/admin/documents/99999/owner").await.is(404);
}
