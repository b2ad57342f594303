//! The rules that the rest rests on: only what was decided on becomes public, one version at a time, and every change
//! is recorded. Each of these tests fails when its rule is removed.

use plinth::{
    error::Error,
    model::{
        actor::Actor,
        audit_log::{self, AuditFilter},
        document::{content::Content, record::Document},
        publishing::{self, Publication},
    },
};

use crate::harness::{TestApp, TestUser, publish_version, save_content};

/// A published page at `/rules`; gives its id.
async fn page(app: &TestApp, editor: &TestUser) -> i64 {
    let fields = [("title", "Rules"), ("slug", "rules"), ("body", "one"), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    app.page_id("/rules").await
}

/// Saves the next version, past the screens.
async fn save(app: &TestApp, id: i64, body: &str) {
    let write = app.app.write(Actor::system("test")).await.unwrap();
    save_content(&write, id, |content| Content { body: body.to_owned(), ..content }).await;
    write.commit().await.unwrap();
}

async fn publications(app: &TestApp, id: i64) -> Vec<Publication> {
    publishing::publications(app.app.read(), id, 100).await.unwrap()
}

#[tokio::test]
async fn only_the_version_that_was_decided_on_becomes_public() {
    let app = TestApp::new().await;
    let id = page(&app, &app.editor().await).await;
    save(&app, id, "two").await;
    save(&app, id, "three").await;
    let live = Document::find(app.app.read(), id).await.unwrap().unwrap().published_revision_id;
    for version in [0, 1, 2, 4] {
        let write = app.app.write(Actor::system("test")).await.unwrap();
        let refused = publish_version(&write, id, version).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "version {version}: {refused:?}");
    }
    assert_eq!(Document::find(app.app.read(), id).await.unwrap().unwrap().published_revision_id, live);
    app.visitor().get("/rules").await.is(200).says("one").does_not_say("three");
    app.publish(id).await;
    app.visitor().get("/rules").await.is(200).says("three");
}

#[tokio::test]
async fn one_publication_at_a_time_and_each_ends_when_the_next_begins() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = page(&app, &editor).await;
    for version in 1..4 {
        app.app.clock.advance(1000);
        save(&app, id, &format!("text {version}")).await;
        app.publish(id).await;
    }
    let all = publications(&app, id).await;
    assert_eq!(all.iter().map(|one| one.version).collect::<Vec<_>>(), [4, 3, 2, 1]);
    assert_eq!(all[0].ended_at, None);
    for pair in all.windows(2) {
        assert_eq!(
            pair[1].ended_at,
            Some(pair[0].published_at),
            "version {} ends when the next begins",
            pair[1].version
        );
    }
    app.app.clock.advance(1000);
    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    assert!(publications(&app, id).await.iter().all(|one| one.ended_at.is_some()));
    app.publish(id).await;
    assert_eq!(publications(&app, id).await.iter().filter(|one| one.ended_at.is_none()).count(), 1);
}

#[tokio::test]
async fn a_change_without_an_entry_is_refused_and_undone() {
    let app = TestApp::new().await;
    let before = audit_log::list(app.app.read(), &AuditFilter::default(), 1).await.unwrap()[0].id;
    let write = app.app.write(Actor::system("test")).await.unwrap();
    write.execute("update faq_category set title = 'Changed'", ()).await.unwrap();
    write.touch_public();
    let refused = write.commit().await;
    assert!(matches!(refused, Err(Error::Internal(_))), "{refused:?}");
    let changed: i64 =
        app.app.read().value("select count(*) from faq_category where title = 'Changed'", ()).await.unwrap();
    assert_eq!(changed, 0);
    assert_eq!(audit_log::list(app.app.read(), &AuditFilter::default(), 1).await.unwrap()[0].id, before);
}
