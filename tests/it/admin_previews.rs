//! Previews say which text they show, and show it as it would be.

use crate::harness::TestApp;

const PAGE: [(&str, &str); 6] = [
    ("title", "A page"),
    ("slug", "a-page"),
    ("body", "See [below](#below) and [the FAQ](/faq).\n\n## Below"),
    ("menu", "hidden"),
    ("layout", "article"),
    ("owner", "Registrar"),
];
const QUESTION: [(&str, &str); 4] =
    [("title", "Why?"), ("slug", "why"), ("body", "See [below](#below) and [the FAQ](/faq)."), ("category", "1")];

fn with<'a>(fields: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = fields.to_vec();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((*name, *value));
    }
    fields
}

#[tokio::test]
async fn a_preview_says_which_version_it_is_and_whether_visitors_see_it() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for (kind, fields) in [("pages", &PAGE[..]), ("faq", &QUESTION[..])] {
        let new = format!("/admin/{kind}/new");
        editor.post(&format!("{new}/preview"), fields).await.is(200).says("Not saved yet.").does_not_say("P-0");
        let edit = editor.post(&new, fields).await.is(303).location();
        let preview = format!("{edit}/preview");
        editor.get(&preview).await.is(200).says("Version 1, not published.");
        editor.post(&edit, &with(fields, &[("base", "1"), ("do", "publish")])).await.is(303);
        editor.get(&preview).await.says("Version 1, live.").does_not_say("unpublished");
        editor.post(&preview, &with(fields, &[("note", "Only a note")])).await.says("Version 1, live.");
        editor.post(&preview, &with(fields, &[("body", "Other")])).await.says("Not saved yet.").says("Other");
        editor.post(&edit, &with(fields, &[("base", "1"), ("body", "Other")])).await.is(303);
        editor.get(&preview).await.says("Version 2, not published.");
        editor.post(&preview, fields).await.says("Not saved yet.");
    }
    app.visitor().get("/a-page").await.is(200).does_not_say("Version 1, live").does_not_say("class=\"banner\"");
}

#[tokio::test]
async fn a_preview_shows_the_typed_path_and_no_date_that_is_not_so() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let training = app.page_id("/training").await.to_string();
    let typed = with(&PAGE, &[("slug", "courses-2027"), ("under", &training)]);
    let new = editor.post("/admin/pages/new/preview", &typed).await.is(200);
    new.says("/training/courses-2027</a>").says("has no number until it is saved").says("<dd>not yet</dd>");
    let id = app.page_id("/training/foundation-course").await;
    let preview = format!("/admin/pages/{id}/preview");
    editor.get(&preview).await.says("/training/foundation-course</a>").says("<dd><time");
    let changed = editor.post(&preview, &typed).await.says("/training/courses-2027</a>").says("<dd>not yet</dd>");
    changed.says(&format!("P-{id}"));
    let home = app.page_id("/").await;
    editor.post(&format!("/admin/pages/{home}/preview"), &typed).await.is(200).does_not_say("/courses-2027");
    // A title that makes another path is not enough: the form's path counts.
    editor.post(&preview, &with(&typed, &[("slug", "No Good")])).await.is(200).says("/training/untitled</a>");
}

#[tokio::test]
async fn links_in_a_preview_open_in_a_window_of_their_own() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for (kind, fields) in [("pages", &PAGE[..]), ("faq", &QUESTION[..])] {
        let preview = editor.post(&format!("/admin/{kind}/new/preview"), fields).await.is(200);
        let preview = preview.says("<base target=\"_blank\">").says(" target=\"_self\" href=\"#below\">");
        let policy = preview.header("content-security-policy");
        assert!(policy.contains("sandbox") && policy.contains("allow-popups-to-escape-sandbox"), "{policy}");
        assert!(!policy.contains("allow-scripts") && !policy.contains("allow-forms"), "{policy}");
        preview.does_not_say(" href=\"/faq\" target");
    }
    visitor.get("/about").await.is(200).does_not_say("<base").does_not_say("target=");
}

#[tokio::test]
async fn nothing_in_a_preview_is_a_stop_of_its_own() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let body = "[a](/faq)\n\n|a|\n|-|\n|b|\n\n```\ncode\n```\n\n\\<a href=\"x\">";
    let mut seen = 0;
    for (kind, fields) in [("pages", with(&PAGE, &[("body", body)])), ("faq", with(&QUESTION, &[("body", body)]))] {
        let preview = editor.post(&format!("/admin/{kind}/new/preview"), &fields).await.is(200);
        let preview = preview.says("&lt;a href=").does_not_say("tabindex=\"0\"");
        for tag in ["<a ", "<summary", "<input", "<select", "<textarea", "<button", "<pre"] {
            for (at, _) in preview.text.match_indices(tag) {
                let end = at + preview.text[at..].find('>').unwrap();
                assert!(preview.text[at..end].contains("tabindex=\"-1\""), "{}", &preview.text[at..end]);
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

#[tokio::test]
async fn a_preview_says_which_lines_its_blocks_were_made_from_and_no_public_page_does() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let body = "First\n\n## Second\n\n- third\n- [ ] fourth\n\n<div>fifth</div>\n\n|a|\n|-|\n|b|";
    for (kind, fields) in [("pages", with(&PAGE, &[("body", body)])), ("faq", with(&QUESTION, &[("body", body)]))] {
        let mut preview = editor.post(&format!("/admin/{kind}/new/preview"), &fields).await.is(200);
        for line in [1, 3, 5, 6, 8, 10] {
            preview = preview.says(&format!(" data-sourcepos=\"{line}:"));
        }
        editor.post(&format!("/admin/{kind}/new"), &with(&fields, &[("do", "publish")])).await.is(303);
    }
    for path in ["/a-page", "/faq"] {
        app.visitor().get(path).await.is(200).says("fourth").does_not_say("data-sourcepos");
    }
}

#[tokio::test]
async fn a_page_in_the_trash_still_has_a_preview_of_what_is_typed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let edit = editor.post("/admin/pages/new", &PAGE).await.is(303).location();
    editor.post(&format!("{edit}/delete"), &[]).await.is(303);
    let typed = with(&PAGE, &[("base", "1"), ("body", "Typed meanwhile")]);
    editor.post(&edit, &typed).await.is(409).says("Typed meanwhile");
    editor.post(&format!("{edit}/preview"), &typed).await.is(200).says("Typed meanwhile");
}

#[tokio::test]
async fn a_form_with_faults_has_a_preview_of_what_is_typed() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields = [("title", ""), ("body", "Typed all the same"), ("category", ""), ("review_by", "never")];
    for kind in ["pages", "faq"] {
        editor.post(&format!("/admin/{kind}/new"), &fields).await.is(422);
        editor.post(&format!("/admin/{kind}/new/preview"), &fields).await.is(200).says("Typed all the same");
    }
    let title = [("title", "A question alone"), ("body", "")];
    editor.post("/admin/faq/new/preview", &title).await.is(200).says("A question alone");
}

#[tokio::test]
async fn a_preview_of_a_practice_question_shows_its_options() {
    let app = TestApp::new().await;
    let choice = [
        ("type", "practice_question"),
        ("option_a", "One way"),
        ("option_b", "Another way"),
        ("option_c", "A third way"),
        ("option_d", "No way"),
        ("answer", "C"),
        ("clause", "[4.1](/standards/part-1/clause-4/4-1)"),
    ];
    let preview = app.editor().await.post("/admin/faq/new/preview", &with(&QUESTION, &choice)).await.is(200);
    assert_eq!(preview.says("One way").says("A third way").text.matches(">Right answer<").count(), 1);
}
