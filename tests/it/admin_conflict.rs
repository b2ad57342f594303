//! The screens of two users with one document: who did what, and that nothing typed there is lost silently.

use plinth::model::actor::Role;

use crate::{
    admin_merge::{BOTH, id, newest, refs, resent, shown},
    harness::{TestApp, TestUser},
};

#[tokio::test]
async fn text_typed_beside_keep_theirs_is_not_dropped_without_a_word() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        editor.save(&ada, &edit, "1", &[("body", "Ada’s.")]).await.is(303);
        let screen = editor.save(&otto, &edit, "1", &[("body", "Otto’s.")]).await.is(409);
        let sent = resent(&screen, &edit);
        let choose = |sent: &[(String, String)]| {
            let typed = [("body.0", "Otto’s, and more."), ("keep_body.0", "theirs"), ("do", "save")];
            let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
            [sent, &typed].concat()
        };
        let told = otto.post(&edit, &refs(&choose(&sent))).await.is(422);
        let told = told
            .says("You changed your ")
            .says(" here, but chose to keep version 2")
            .says("\nOtto’s, and more.</textarea>");
        assert_eq!(newest(&app, &edit).await.version, 2);
        // Chosen again, it counts.
        let reply = otto.post(&edit, &refs(&choose(&resent(&told, &edit)))).await;
        shown(&otto, reply).await.says("You changed nothing");
        assert_eq!(newest(&app, &edit).await.content.body, "Ada’s.");
    }
}

const PARAGRAPHS: &str = "One.\n\nTwo.\n\nThree.\n\n    code\n\nFour.";

#[tokio::test]
async fn only_the_paragraphs_that_clash_are_to_be_chosen() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        editor.save(&ada, &edit, "1", &[("body", PARAGRAPHS)]).await.is(303);
        let adas = PARAGRAPHS.replace("One", "Ada’s one").replace("Two", "Ada’s two").replace("Four", "Ada’s four");
        editor.save(&ada, &edit, "2", &[("body", &adas)]).await.is(303);
        let ottos = PARAGRAPHS.replace("Two", "Otto’s two").replace("Three", "3").replace("Four", "Otto’s four");
        let screen = editor.save(&otto, &edit, "2", &[("body", &ottos)]).await.is(409);
        let screen = screen.says(", place 1 of 2<").says(", place 2 of 2<").says("\nAda’s two.</textarea>");
        let screen = screen.says("2 places,").says("\nOtto’s four.</textarea>").does_not_say("one.</textarea>");
        let sent = resent(&screen, &edit);
        let joined = sent.iter().find(|(name, _)| name == "body.2").expect("what is between both places");
        assert_eq!(joined.1, "\n\n3.\n\n    code\n\n");

        // Each needs a choice; what was typed stays.
        let typed = [("body.1", "Otto’s second."), ("body.3", "Otto’s four."), ("do", "save"), ("keep_body.1", "both")];
        let fields = [&refs(&sent)[..], &typed].concat();
        let again = otto.post(&edit, &fields).await.is(422).says("href=\"#field-keep_body.3\"");
        let again =
            again.says("\nOtto’s second.</textarea>").says("\nAda’s two.</textarea>").says("value=\"both\" data-has");
        assert_eq!(newest(&app, &edit).await.version, 3);

        let sent = resent(&again, &edit);
        let fields = [&refs(&sent)[..], &typed, &[("keep_body.3", "theirs")]].concat();
        otto.post(&edit, &fields).await.is(303);
        let chosen = newest(&app, &edit).await;
        let expected = "Ada’s one.\n\nAda’s two.\n\nOtto’s second.\n\n3.\n\n    code\n\nAda’s four.";
        assert_eq!((chosen.version, chosen.content.body.as_str()), (4, expected));
    }
}

#[tokio::test]
async fn a_text_that_clashes_at_very_many_places_is_chosen_as_a_whole() {
    let [editor, _] = BOTH;
    let app = TestApp::new().await;
    let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
    for (count, is_by_place) in [(40, true), (41, false)] {
        let text = |who: &str| (0..count).map(|n| format!("{who} {n}\n\n— {n}\n\n")).collect::<Vec<_>>().concat();
        let slug = format!("many-{count}");
        let save = async |user: &TestUser, path: &str, base: &str, body: &str| {
            user.post(path, &editor.form(base, &[("slug", &slug), ("body", body)])).await
        };
        let edit = save(&ada, "/admin/pages/new", "", &text("Both")).await.is(303).location();
        save(&ada, &edit, "1", &text("Ada")).await.is(303);
        let screen = save(&otto, &edit, "1", &text("Otto")).await.is(409);
        assert_eq!(screen.text.contains("name=\"clash\" value=\"body\""), !is_by_place, "{count}");
        let mut sent = resent(&screen, &edit);
        let clashes: Vec<_> = sent.iter().filter(|(name, _)| name == "clash").map(|(_, key)| key.clone()).collect();
        for (n, key) in clashes.iter().enumerate() {
            sent.push((format!("keep_{key}"), "yours".to_owned()));
            sent.push((key.clone(), if is_by_place { format!("Otto {n}") } else { text("Otto") }));
        }
        otto.post(&edit, &refs(&sent)).await.is(303);
        assert_eq!(newest(&app, &edit).await.content.body, text("Otto").trim_end());
    }
}

#[tokio::test]
async fn a_removed_paragraph_and_a_damaged_choice_lose_nothing() {
    let [editor, _] = BOTH;
    let app = TestApp::new().await;
    let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
    let edit = editor.create(&ada, "save").await;
    editor.save(&ada, &edit, "1", &[("body", PARAGRAPHS)]).await.is(303);
    editor.save(&ada, &edit, "2", &[("body", &PARAGRAPHS.replace("\n\nTwo.", ""))]).await.is(303);
    let ottos = PARAGRAPHS.replace("Two", "Otto’s two").replace("Four", "4");
    let screen = editor.save(&otto, &edit, "2", &[("body", &ottos)]).await.is(409).says("nothing, it was removed");
    let mut sent = resent(&screen, &edit);
    let typed = [("body.1", "Otto’s two."), ("keep_body.1", "theirs"), ("do", "save")];
    // Dropped, all of it can be read and brought back.
    let dropped = otto.post(&edit, &[&refs(&sent)[..], &typed[..1], &[("do", "drop")]].concat()).await.is(200);
    dropped.says(&PARAGRAPHS.replace("Two", "Otto’s two").replace("Four", "4"));

    let whole = sent.clone();
    for place in ["", "7", "9000-9001", "5-1", "-1-3"] {
        sent.iter_mut().find(|(name, _)| name == "theirs_body.1").unwrap().1 = place.to_owned();
        otto.post(&edit, &[&refs(&sent)[..], &typed].concat()).await.is(422).says("Otto’s two.</textarea>");
    }
    otto.post(&edit, &[&refs(&whole)[..], &typed].concat()).await.is(303);
    assert_eq!(newest(&app, &edit).await.content.body, PARAGRAPHS.replace("\n\nTwo.", "").replace("Four", "4"));
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
