//! Changes that were saved and not published are discarded without a trace in public; the screen says what there is to
//! publish.

use plinth::model::document::revision;

use crate::harness::TestApp;

type Fields = &'static [(&'static str, &'static str)];

/// Kind, fields of the form, public address.
const KINDS: [(&str, Fields, &str); 2] = [
    ("pages", &[("title", "A page"), ("slug", "a-page"), ("menu", "main"), ("layout", "article")], "/a-page"),
    ("faq", &[("title", "Why?"), ("slug", "why"), ("category", "1")], "/faq"),
];

fn form<'a>(fields: &[(&'a str, &'a str)], base: &'a str, body: &'a str, act: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form = fields.to_vec();
    form.extend([("base", base), ("body", body), ("do", act)]);
    form
}

#[tokio::test]
async fn discarded_changes_leave_no_trace_in_public() {
    for (kind, fields, public) in KINDS {
        let app = TestApp::new().await;
        let (editor, visitor) = (app.editor().await, app.visitor());
        let edit = editor.post(&format!("/admin/{kind}/new"), &form(fields, "", "Agreed.", "publish")).await.location();
        let id: i64 = edit.rsplit('/').next().unwrap().parse().unwrap();
        let before = visitor.get(public).await.is(200).text;
        let discard = format!("/admin/documents/{id}/discard");
        editor.post_and_follow(&discard, &[("version", "1")]).await.says("There are no unpublished changes");
        editor.get(&edit).await.does_not_say("/discard\"");
        editor.post(&edit, &form(fields, "1", "A try.", "save")).await.is(303);
        editor.post(&edit, &form(fields, "2", "Another try.", "save")).await.is(303);
        let screen = editor.get(&edit).await.says(&format!("href=\"{discard}\">Discard changes"));
        screen.says(&format!("/admin/documents/{id}/revisions/1\">Compare with version 1"));

        editor
            .post_and_follow(&discard, &[("version", "2")])
            .await
            .says("saved version 3 in the meantime")
            .says("Another try.");
        let done = editor.post_and_follow(&discard, &[("version", "3")]).await.says("Discarded: 2 versions by you.");
        done.says(">Undo<").says("Agreed.</textarea>").says("Visitors see version 1").says("nothing newer to publish");
        assert_eq!(visitor.get(public).await.text, before);
        for show in ["mine", "others"] {
            let waiting = editor.get(&format!("/admin/unpublished?show={show}")).await.is(200);
            waiting.does_not_say(&format!("href=\"{edit}\""));
        }
        let versions = editor.get(&format!("/admin/documents/{id}/revisions")).await.is(200);
        assert_eq!(versions.text.matches(">Discarded<").count(), 2, "{}", versions.text);

        // Can be undone, as long as nothing was saved since.
        let undo = format!("{discard}/undo");
        editor.post_and_follow(&undo, &[("version", "2")]).await.says("still among the versions");
        editor
            .post_and_follow(&undo, &[("version", "3")])
            .await
            .says("Version 3 is the newest again")
            .says("Another try.");
        editor.post(&discard, &[("version", "3")]).await.is(303);

        // The next one is made from what visitors see, and its number was never used.
        editor.get(&edit).await.says("data-publish-edited=\"Publish version 4\"");
        let reply = editor.post_and_follow(&edit, &form(fields, "1", "Agreed again.", "publish")).await;
        reply.says("Version 4 of").says("is published");
        editor.post_and_follow(&undo, &[("version", "3")]).await.says("Something was saved in the meantime");
        visitor.get(public).await.says("Agreed again.").does_not_say("Version 2").does_not_say("Version 3");
        let versions = editor.get(&format!("/admin/documents/{id}/revisions")).await;
        assert_eq!(versions.text.matches(">Discarded<").count(), 2, "{}", versions.text);
    }
}

#[tokio::test]
async fn who_was_writing_on_what_is_discarded_keeps_their_own_change_alone() {
    for (kind, fields, _) in KINDS {
        let app = TestApp::new().await;
        let (editor, other) = (app.editor().await, app.editor().await);
        let edit = editor.post(&format!("/admin/{kind}/new"), &form(fields, "", "Agreed.", "publish")).await.location();
        let id: i64 = edit.rsplit('/').next().unwrap().parse().unwrap();
        editor.post(&edit, &form(fields, "1", "A try.", "save")).await.is(303);
        let mut typing = form(fields, "2", "A try.", "save");
        typing.push(("owner", "Registrar"));
        other.post(&format!("/admin/documents/{id}/discard"), &[("version", "2")]).await.is(303);
        editor.post_and_follow(&edit, &typing).await.says("It joins your change of the public owner with version 1");
        let newest = revision::latest(app.app.read(), id).await.unwrap();
        assert_eq!((newest.version, newest.content.body.as_str()), (3, "Agreed."));
        assert_eq!(newest.content.owner, "Registrar");
    }
}

#[tokio::test]
async fn nothing_is_offered_for_publishing_where_there_is_nothing() {
    for (kind, fields, _) in KINDS {
        let app = TestApp::new().await;
        let editor = app.editor().await;
        let edit = editor.post(&format!("/admin/{kind}/new"), &form(fields, "", "Agreed.", "publish")).await.location();
        let screen = editor.get(&edit).await.says("data-nothing-to-publish").says("Visitors see version 1 already");
        assert!(!screen.text.contains(">Publish version"), "no version is promised");
        let reply = editor.post_and_follow(&edit, &form(fields, "1", "Agreed.", "publish")).await;
        reply.says("There is nothing to publish: visitors see version 1 already");
        editor.post(&edit, &form(fields, "1", "Changed.", "save")).await.is(303);
        editor.get(&edit).await.says(">Publish version 2<").does_not_say("data-nothing-to-publish");
    }
}

#[tokio::test]
async fn every_error_link_leads_to_a_field_on_the_screen() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (home, about) = (app.page_id("/").await, app.page_id("/about").await);
    let long = "x".repeat(500);
    let bad = [
        "title",
        "slug",
        "summary",
        "number",
        "menu_label",
        "menu",
        "layout",
        "owner",
        "review_by",
        "note",
        "category",
    ];
    for path in
        ["/admin/pages/new", "/admin/faq/new", &format!("/admin/pages/{home}"), &format!("/admin/pages/{about}")]
    {
        let mut fields: Vec<(&str, &str)> = bad.iter().map(|name| (*name, long.as_str())).collect();
        fields.extend([("base", "1"), ("under", "gone")]);
        for fields in [fields, vec![("base", "1")]] {
            let text = editor.post(path, &fields).await.is(422).text;
            let links: Vec<&str> =
                text.split("<a href=\"#field-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
            assert!(!links.is_empty());
            for link in links {
                let shown = text.split(&format!(" id=\"field-{link}\"")).count() == 2;
                assert!(shown, "{path}: nothing on the screen is #field-{link}");
            }
        }
    }
}

#[tokio::test]
async fn a_new_page_is_in_no_menu_until_a_user_lists_it() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    editor.get("/admin/pages/new").await.is(200).says("<option value=\"hidden\" selected>");
    let fields = [("title", "Quiet page"), ("slug", "quiet"), ("do", "publish")];
    editor.post_and_follow("/admin/pages/new", &fields).await.says("is published").says("No menu lists it.");
    visitor.get("/quiet").await.is(200);
    visitor.get("/about").await.does_not_say("href=\"/quiet\"");
    let fields = [("title", "Loud page"), ("slug", "loud"), ("menu", "main"), ("do", "publish")];
    editor.post_and_follow("/admin/pages/new", &fields).await.says("It is listed in the main menu.");
    visitor.get("/about").await.says("href=\"/loud\"");
}
