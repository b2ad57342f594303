//! What is asked before a document becomes public or its changes are discarded: pages and questions alike.

use plinth::model::actor::Role;

use crate::{
    admin_merge::{BOTH, id, newest, shown},
    harness::{TestApp, TestUser},
};

async fn two(app: &TestApp) -> (TestUser, TestUser) {
    (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await)
}

fn sheet(edit: &str) -> String {
    format!("/admin/documents/{}/publication", id(edit))
}

#[tokio::test]
async fn publishing_asks_about_a_draft_that_was_there_before() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = two(&app).await;
        let edit = editor.create(&ada, "publish").await;
        editor.save(&ada, &edit, "1", &[("body", "Not agreed yet."), ("note", "A try")]).await.is(303);
        // Otto opens the draft, and changes another field.
        let changes = [("body", "Not agreed yet."), (editor.other.0, "Shorter"), ("do", "publish")];
        let reply = editor.save(&otto, &edit, "2", &changes).await.is(303);
        assert_eq!(reply.location(), sheet(&edit));
        let screen = otto.get(&sheet(&edit)).await.is(200);
        let screen = screen.says("what others have changed and not published: version 2 by Ada.");
        let screen = screen.says("<p>Changed in version 2 by Ada.</p>").says("Not agreed yet.").says("Second *line*.");
        let screen = screen.says("data-label=\"Changed in\">version 3 by you<").says("A try").says("Shorter");
        // Only a deliberate press publishes it, not the shortcut that led here.
        screen.says("Publish version 3").does_not_say("data-publish");
        app.visitor().get(editor.public).await.does_not_say("Not agreed yet.").does_not_say("Shorter");

        // Opened again and sent without a change, it asks again.
        let again = editor.save(&otto, &edit, "3", &changes).await.is(303);
        assert_eq!(again.location(), sheet(&edit));
        assert_eq!(newest(&app, &edit).await.version, 3);
        otto.post_and_follow(&sheet(&edit), &[("version", "3")]).await.says("is published");
        app.visitor().get(editor.public).await.says("Not agreed yet.");

        // What is public already needs no question.
        let changes = [("body", "Agreed."), (editor.other.0, "Shorter"), ("do", "publish")];
        let reply = editor.save(&otto, &edit, "3", &changes).await;
        shown(&otto, reply).await.says("Version 4 of").says("is published");
    }
}

#[tokio::test]
async fn publishing_what_was_unpublished_is_a_change_for_visitors() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let otto = app.user(Role::Editor, "Otto").await;
        let edit = editor.create(&otto, "publish").await;
        otto.post(&format!("{edit}/unpublish"), &[]).await.is(303);
        let screen =
            otto.get(&sheet(&edit)).await.is(200).does_not_say("Nothing: version").does_not_say("not published yet");
        screen
            .says("Version 1 is not published any more.")
            .says(">version 1</a> becomes visible, as they saw it last.");

        editor.save(&otto, &edit, "1", &[("note", "A note"), ("body", "Another text.")]).await.is(303);
        let screen =
            otto.get(&sheet(&edit)).await.is(200).says(">version 2</a> becomes visible. It differs from version 1");
        screen.says("Another text.").says("Version 2 is saved and not published yet.");
    }
}

#[tokio::test]
async fn ones_own_drafts_are_published_at_once() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = two(&app).await;
        let edit = editor.create(&ada, "publish").await;
        editor.save(&otto, &edit, "1", &[("body", "One.")]).await.is(303);
        editor.save(&otto, &edit, "2", &[("body", "Two.")]).await.is(303);
        let reply = editor.save(&otto, &edit, "3", &[("body", "Three."), ("do", "publish")]).await;
        shown(&otto, reply).await.says("Version 4 of").says("is published");
    }
}

#[tokio::test]
async fn what_was_public_is_no_unpublished_change_and_what_never_was_is() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = two(&app).await;
        let edit = editor.create(&ada, "save").await;
        let reply = editor.save(&otto, &edit, "1", &[("do", "publish")]).await;
        let screen = shown(&otto, reply).await.says("not published: version 1 by Ada.");
        screen.says("Visitors have never seen this");
        app.visitor().get(editor.public).await.does_not_say("First line.");
        otto.post(&sheet(&edit), &[("version", "1")]).await.is(303);

        otto.post(&format!("{edit}/unpublish"), &[]).await.is(303);
        let reply = editor.save(&otto, &edit, "1", &[("do", "publish")]).await;
        shown(&otto, reply).await.says("Version 1 of").says("is published");
    }
}

#[tokio::test]
async fn the_shortcut_shows_the_whole_difference_first() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, _) = two(&app).await;
        let edit = editor.create(&ada, "publish").await;
        ada.get(&edit).await.says("name=\"do\" value=\"review\" data-publish");
        editor.save(&ada, &edit, "1", &[("title", "Saved before")]).await.is(303);
        let changes = [("title", "Saved before"), ("body", "Typed now."), ("do", "review")];
        let reply = editor.save(&ada, &edit, "2", &changes).await;
        assert_eq!(reply.location(), sheet(&edit));
        let screen = shown(&ada, reply).await.says("Saved before").says("Typed now.").says("version 2 by you");
        screen.does_not_say("You would also publish").says("data-publish>");
        app.visitor().get(editor.public).await.does_not_say("Typed now.");
        ada.post_and_follow(&sheet(&edit), &[("version", "3")]).await.says("is published");
        let reply = editor.save(&ada, &edit, "3", &changes).await;
        shown(&ada, reply).await.says("There is nothing to publish");
    }
}

#[tokio::test]
async fn an_intent_to_publish_survives_a_conflict() {
    for (editor, is_public) in BOTH.into_iter().zip([false, true]).chain(BOTH.into_iter().zip([true, false])) {
        let app = TestApp::new().await;
        let (ada, otto) = two(&app).await;
        let edit = editor.create(&ada, "publish").await;
        let adas = [("body", "Ada’s."), ("do", if is_public { "publish" } else { "save" })];
        editor.save(&ada, &edit, "1", &adas).await.is(303);
        let screen = editor.save(&otto, &edit, "1", &[("body", "Otto’s."), ("do", "publish")]).await.is(409);
        screen.says("name=\"do\" value=\"publish\"").says("Publish version 3").says("Save as version 3");

        let mut fields = editor.form("2", &[("body", "Otto’s."), ("do", "publish")]);
        fields.extend([("clash", "body"), ("made_from", "1")]);
        otto.post(&edit, &fields).await.is(422).says("name=\"do\" value=\"publish\"").says("Publish version 3");
        fields.push(("keep_body", "yours"));
        let reply = otto.post(&edit, &fields).await;
        let visitor = app.visitor();
        if is_public {
            shown(&otto, reply).await.says("Version 3 of").says("is published");
            visitor.get(editor.public).await.says("Otto’s.");
        } else {
            shown(&otto, reply).await.says("not published: version 2 by Ada.");
            visitor.get(editor.public).await.does_not_say("Otto’s.");
        }
        // Saving promises no more.
        let screen = editor.save(&otto, &edit, "1", &[("body", "Otto’s last.")]).await.is(409);
        screen.does_not_say("Publish version");
    }
}

#[tokio::test]
async fn a_note_stays_with_the_version_that_it_speaks_of() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = two(&app).await;
        let edit = editor.create(&ada, "publish").await;
        editor.save(&ada, &edit, "1", &[("body", "Ada’s."), ("note", "A try")]).await.is(303);
        otto.get(&edit).await.is(200).does_not_say("A try");
        ada.get(&edit).await.is(200).does_not_say("value=\"A try\"");
        // Joined without having seen it.
        editor.save(&otto, &edit, "1", &[(editor.other.0, "Otto’s")]).await.is(303);
        let joined = newest(&app, &edit).await;
        assert_eq!((joined.version, joined.content.change_note.as_str()), (3, ""));
        // After a choice.
        let ottos = [("body", "Otto’s."), ("note", "Mine")];
        editor.save(&otto, &edit, "1", &ottos).await.is(409).says("value=\"Mine\"").does_not_say("A try; Mine");
    }
}

#[tokio::test]
async fn discarding_says_whose_versions_and_how_many() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = two(&app).await;
        let edit = editor.create(&ada, "publish").await;
        let discard = format!("/admin/documents/{}/discard", id(&edit));
        otto.get(&discard).await.is(303);
        for (base, body) in [("1", "One."), ("2", "Two.")] {
            editor.save(&ada, &edit, base, &[("body", body)]).await.is(303);
        }
        editor.save(&otto, &edit, "3", &[("body", "Two."), (editor.other.0, "Shorter")]).await.is(303);
        otto.get(&edit).await.says(&format!("href=\"{discard}\">Discard changes"));
        let screen = otto.get(&discard).await.is(200);
        let screen = screen.says("You would discard version 4 by you and 2 versions by Ada.");
        let screen = screen.says(">Discard 3 versions<").says("<p>Changed in 2 versions by Ada.</p>").says("Two.");
        screen.says("name=\"version\" value=\"4\"").says("data-label=\"Changed in\">version 4 by you<");
        let done = otto.post_and_follow(&discard, &[("version", "4")]).await;
        done.says("Discarded: version 4 by you and 2 versions by Ada. Version 1, which visitors see");
    }
}

#[tokio::test]
async fn visitors_read_the_notes_of_all_versions_that_went_public_together() {
    let app = TestApp::new().await;
    let ada = app.user(Role::Editor, "Ada").await;
    let editor = &BOTH[0];
    let edit = editor.create(&ada, "publish").await;
    editor.save(&ada, &edit, "1", &[("body", "One."), ("note", "New dates")]).await.is(303);
    editor.save(&ada, &edit, "2", &[("body", "Two."), ("note", "New fees.")]).await.is(303);
    editor.save(&ada, &edit, "3", &[("body", "Three."), ("note", "New fees.")]).await.is(303);
    editor.save(&ada, &edit, "4", &[("body", "Four."), ("do", "publish")]).await.is(303);
    app.visitor().get(editor.public).await.says(">New dates. New fees.</bdi>");
    editor.save(&ada, &edit, "5", &[("body", "Five."), ("note", "A slip"), ("do", "publish")]).await.is(303);
    app.visitor().get(editor.public).await.says(">A slip</bdi>").says(">New dates. New fees.</bdi>");
}

#[tokio::test]
async fn that_no_menu_lists_a_page_is_said_before_it_is_published() {
    let app = TestApp::new().await;
    let (ada, otto) = two(&app).await;
    for (menu, told) in [("hidden", "No menu will list it."), ("main", "It will be listed in the main menu.")] {
        let fields = [("title", menu), ("slug", menu), ("menu", menu), ("layout", "article")];
        let edit = ada.post("/admin/pages/new", &fields).await.is(303).location();
        ada.get(&edit).await.says(told);
        otto.get(&format!("/admin/documents/{}/publication", id(&edit))).await.is(200).says(told);
        app.publish(id(&edit)).await;
        ada.get(&edit).await.does_not_say(told);
    }
}

#[tokio::test]
async fn each_mark_in_a_text_says_whose_it_is() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = two(&app).await;
        let edit = editor.create(&ada, "publish").await;
        let (adas, both) =
            ("Ada’s line.\r\n\r\nSecond *line*.", "Ada’s line.\r\n\r\nSecond *line*.\r\n\r\nOtto’s line.");
        editor.save(&ada, &edit, "1", &[("body", adas)]).await.is(303);
        editor.save(&otto, &edit, "2", &[("body", both)]).await.is(303);
        let marks = |text: &str| {
            let marks =
                text.split("<small class=\"meta\">").skip(1).map(|mark| mark.split('<').next().unwrap().to_owned());
            marks.collect::<Vec<_>>()
        };
        let screen = otto.get(&format!("/admin/documents/{}/publication", id(&edit))).await.is(200).text;
        assert_eq!(marks(&screen), ["version 2 by Ada", "version 2 by Ada", "version 3 by you"], "{screen}");
        let screen = otto.get(&format!("/admin/documents/{}/discard", id(&edit))).await.is(200).text;
        assert_eq!(marks(&screen), ["version 2 by Ada", "version 2 by Ada", "version 3 by you"], "{screen}");
        // When all changes are by one user, that is said once, above.
        editor.save(&otto, &edit, "3", &[("body", both), ("do", "publish")]).await.is(303);
        app.publish(id(&edit)).await;
        editor.save(&ada, &edit, "3", &[("body", "All new.")]).await.is(303);
        let screen = otto.get(&format!("/admin/documents/{}/publication", id(&edit))).await.is(200).text;
        assert!(marks(&screen).is_empty(), "{screen}");
    }
}

#[tokio::test]
async fn the_screen_says_where_visitors_will_find_it() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let section = [("title", "Guide"), ("slug", "guide"), ("do", "publish")];
    let section = editor.post("/admin/pages/new", &section).await.is(303).location();
    let under = id(&section).to_string();
    let new = [("title", "A"), ("slug", "a"), ("under", &*under), ("menu", "main"), ("note", "Why it is there")];
    let edit = editor.post("/admin/pages/new", &new).await.is(303).location();
    let screen = editor.get(&sheet(&edit)).await.is(200).says("<li>At /guide/a</li>");
    let screen = screen.says("In the navigation of the section Guide").says("the site map");
    screen.says("Note on the change: <q dir=\"auto\">Why it is there</q>");
    for (menu, told) in
        [("hidden", "In no menu"), ("footer", "At the foot of every page"), ("main", "In the main menu")]
    {
        let new = [("title", menu), ("slug", menu), ("menu", menu)];
        let edit = editor.post("/admin/pages/new", &new).await.is(303).location();
        let screen = editor.get(&sheet(&edit)).await.says(&format!("<li>{told}</li>"));
        screen.says(&format!("<a href=\"{edit}#field-note\">Add a note</a>"));
    }
    let question = [("title", "Why?"), ("slug", "why"), ("body", "x"), ("category", "1")];
    let edit = editor.post("/admin/faq/new", &question).await.is(303).location();
    editor.get(&sheet(&edit)).await.is(200).says("On its page, at /faq#why, under").does_not_say("menu</li>");
}
