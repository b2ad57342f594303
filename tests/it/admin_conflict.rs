//! The screens of two users with one document: who did what, and that nothing typed there is lost silently.

use plinth::model::actor::Role;

use crate::{
    admin_merge::{BOTH, id, newest, shown},
    harness::TestApp,
};

#[tokio::test]
async fn text_typed_beside_keep_theirs_is_not_dropped_without_a_word() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        editor.save(&ada, &edit, "1", &[("body", "Ada’s.")]).await.is(303);
        let screen = editor.save(&otto, &edit, "1", &[("body", "Otto’s.")]).await.is(409).text;
        let yours = screen.split("name=\"yours_body\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let choose = |body, yours| {
            let mut fields = editor.form("2", &[("body", body)]);
            fields.extend([("made_from", "1"), ("clash", "body"), ("yours_body", yours), ("keep_body", "theirs")]);
            fields
        };
        let told = otto.post(&edit, &choose("Otto’s, and more.", yours)).await.is(422);
        let told = told
            .says("You changed your ")
            .says(" here, but chose to keep version 2")
            .says("\nOtto’s, and more.</textarea>");
        assert_eq!(newest(&app, &edit).await.version, 2);
        // Chosen again, it counts.
        let yours = told.text.split("name=\"yours_body\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let reply = otto.post(&edit, &choose("Otto’s, and more.", yours)).await;
        shown(&otto, reply).await.says("You changed nothing");
        assert_eq!(newest(&app, &edit).await.content.body, "Ada’s.");
    }
}

#[tokio::test]
async fn what_is_dropped_can_be_brought_back() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        editor.save(&ada, &edit, "1", &[("body", "Ada’s.")]).await.is(303);
        let mut fields = editor.form("2", &[("body", "Otto’s."), ("do", "drop")]);
        fields.extend([("made_from", "1"), ("clash", "body")]);
        let dropped = otto.post(&edit, &fields).await.is(200).says("Otto’s.").says("Bring it back");
        let dropped = dropped.says("name=\"base\" value=\"1\"").says("Go to version 2").does_not_say("Ada’s.");
        dropped.does_not_say("name=\"clash\"");
        assert_eq!(newest(&app, &edit).await.version, 2);
        editor.save(&otto, &edit, "1", &[("body", "Otto’s.")]).await.is(409);
    }
}

#[tokio::test]
async fn a_conflict_with_oneself_speaks_of_another_window() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let otto = app.user(Role::Editor, "Otto").await;
        let edit = editor.create(&otto, "save").await;
        editor.save(&otto, &edit, "1", &[("body", "One window.")]).await.is(303);
        let screen = editor.save(&otto, &edit, "1", &[("body", "Another.")]).await.is(409);
        screen
            .says("You saved version 2 in another window")
            .does_not_say("while you were writing")
            .does_not_say("You both");
    }
}

#[tokio::test]
async fn who_moved_a_document_to_the_trash_is_named() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        ada.post(&format!("{edit}/delete"), &[]).await.is(303);
        let noun = if edit.starts_with("/admin/pages") { "page" } else { "question" };
        let screen = editor.save(&otto, &edit, "1", &[("body", "Typed.")]).await.is(409).says("Typed.</textarea>");
        screen.says(&format!("Ada moved this {noun} to the trash")).says("<time").does_not_say("Someone");
        let own = editor.save(&ada, &edit, "1", &[("body", "Typed.")]).await.is(409);
        own.says(&format!("You moved this {noun} to the trash"));
        // It went along with the page above.
        if noun == "page" {
            ada.post(&format!("/admin/trash/{}/restore", id(&edit)), &[]).await.is(303);
            let under = id(&edit).to_string();
            let mut below = editor.form("", &[("slug", "below")]);
            below.push(("under", &under));
            let below = otto.post("/admin/pages/new", &below).await.is(303).location();
            let screen = ada.get(&format!("{edit}/delete")).await;
            let along =
                screen.text.split("name=\"below\" value=\"").nth(1).map_or("", |rest| rest.split('"').next().unwrap());
            ada.post(&format!("{edit}/delete"), &[("below", along)]).await.is(303);
            editor
                .save(&otto, &below, "1", &[("body", "Typed.")])
                .await
                .is(409)
                .says("Ada moved this page to the trash");
        }
    }
}

#[tokio::test]
async fn a_flash_names_the_document_as_the_next_screen_does() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        editor.save(&ada, &edit, "1", &[("title", "Ada’s title")]).await.is(303);
        let reply = editor.save(&otto, &edit, "1", &[("body", "Otto’s."), ("do", "publish")]).await;
        shown(&otto, reply).await.says("Version 3 of “Ada’s title” is saved");
    }
}
