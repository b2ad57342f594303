//! Who else has a document open.

use plinth::model::actor::Role;

use crate::{
    admin_merge::{BOTH, id},
    harness::TestApp,
};

#[tokio::test]
async fn the_others_who_have_a_document_open_are_shown_as_long_as_they_have() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Administrator, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        let at = format!("/admin/documents/{}/presence", id(&edit));
        ada.post(&at, &[]).await.is(200).says(r#"{"others":""}"#);
        ada.get(&edit).await.does_not_say("open too");
        // Looking does not count as having it open.
        ada.post(&at, &[]).await.says(r#"{"others":""}"#);
        otto.get(&edit).await.says("Ada has this");
        otto.post(&at, &[]).await.says("Ada has this");
        ada.get(&edit).await.says("Otto has this").says("open too.");
        app.app.clock.advance(30_000);
        otto.post(&at, &[]).await.is(200);
        app.app.clock.advance(30_000);
        ada.get(&edit).await.says("Otto has this");
        otto.get(&edit).await.does_not_say("Ada has this");
        otto.post(&at, &[("do", "leave")]).await.is(200);
        ada.get(&edit).await.does_not_say("open too");
        app.visitor().post(&at, &[]).await.is(401);
        ada.post("/admin/documents/999/presence", &[]).await.is(404);
    }
}
