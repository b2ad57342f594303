//! Forms with files that were drawn for one user and are sent while another one is signed in.

use crate::{
    forms::hidden,
    harness::TestApp,
    media::{files_in_store, pdf, send_files, upload},
};

#[tokio::test]
async fn files_are_not_sent_in_the_name_of_another_user() {
    let app = TestApp::new().await;
    let (one, two) = (app.editor().await, app.editor().await);
    let thing = upload(&one, &[("known.pdf", &pdf("known"))]).await.is(303).location();
    let large = pdf(&"large ".repeat(500_000));
    for (screen, action) in [
        ("/admin/media/new", "/admin/media/new"),
        (&*format!("{thing}/replace"), &*format!("{thing}/replace")),
        ("/admin/redirects/import", "/admin/redirects/import/file"),
    ] {
        let before = files_in_store(&app);
        let opened = hidden(&one.get(screen).await.is(200), action);
        let fields: Vec<_> = opened.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(fields[0].0 == "submission", "what the server looks for comes first: {fields:?}");
        // As from a tab that was left open, in which someone else has signed in since.
        let refused = send_files(&two, action, &fields, &[("new.pdf", &large)]).await.is(409);
        let refused = refused.says("Someone else is signed in here now").says("choose the files again");
        refused.does_not_say("Send it again").does_not_say("<form ").says("href=\"/admin\"");
        assert_eq!(files_in_store(&app), before, "{action}");
        // By their own users.
        let status = if action.starts_with("/admin/media") { 303 } else { 200 };
        send_files(&one, action, &fields, &[("new.pdf", &pdf(&format!("new at {action}")))]).await.is(status);
        let own = hidden(&two.get(screen).await.is(200), action);
        let own: Vec<_> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        send_files(&two, action, &own, &[("new.pdf", &pdf(&format!("other at {action}")))]).await.is(status);
        assert!(status != 303 || files_in_store(&app) != before, "{action}");
    }
}
