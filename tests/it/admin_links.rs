//! A user who publishes is told of links to what is not public and of missing pictures, which do not prevent publishing.
//! What does is in `admin_checks`.

use crate::harness::TestApp;

const TEXT: &str = "[good](/about) [moved](/old) [own](/a-page#part) [relative](a-page) [search](/search?q=x) \
    [ready](/readyz) [map](/sitemap-1.xml) [admin](/admin) [form](/admin/pages/new) \
    [elsewhere](https://example.org/nowhere) [mail](mailto:a@portal.example) [part](#part)\n\n## Part\n\n\
    [dead](/standard) [again](/standard) [draft](/draft) [absolute](http://127.0.0.1:3000/draft) \
    ![bad](/static/icon.svg) ![worse](picture.png)";

#[tokio::test]
async fn publishing_tells_what_leads_nowhere() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for slug in ["draft", "standard"] {
        editor.post("/admin/pages/new", &[("title", "Draft"), ("slug", slug)]).await.is(303);
    }
    let moved =
        editor.post("/admin/pages/new", &[("title", "Old"), ("slug", "old"), ("do", "publish")]).await.location();
    let new = [("base", "1"), ("title", "Old"), ("slug", "new"), ("menu", "hidden"), ("do", "publish")];
    editor.post(&moved, &new).await.is(303);
    visitor.get("/old").await.is(308);

    let page = [("title", "A page"), ("slug", "a-page"), ("body", TEXT), ("do", "publish")];
    let edit = editor.post("/admin/pages/new", &page).await.is(303).location();
    let screen = editor.get(&edit).await.says("class=\"flash warning\"").says("Version 1 of “A page” is published");
    let screen = screen.says("3 links lead nowhere: /standard, /draft, http://127.0.0.1:3000/draft.");
    screen.says("2 pictures are missing: /static/icon.svg, picture.png.");
    visitor.get("/a-page").await.is(200);

    let question = [("title", "Why?"), ("slug", "why"), ("body", TEXT), ("category", "1"), ("do", "publish")];
    let edit = editor.post("/admin/faq/new", &question).await.is(303).location();
    editor
        .get(&edit)
        .await
        .says("3 links lead nowhere: /standard, /draft,")
        .says("2 pictures are missing")
        .says("does not have: #part.");
    let good = [("base", "1"), ("title", "Why?"), ("slug", "why"), ("body", "[x](/about)"), ("category", "1")];
    let screen = editor.post_and_follow(&edit, &[&good[..], &[("do", "publish")]].concat()).await;
    screen.says("class=\"flash success\"").does_not_say("nowhere");
}

#[tokio::test]
async fn a_link_to_a_part_that_is_not_there_is_told() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let publish = async |fields: &[(&str, &str)], to: &str| {
        let edit = editor.post(to, &[fields, &[("do", "publish")]].concat()).await.is(303).location();
        (editor.get(&edit).await.is(200), edit)
    };
    let heads = "## Ändern\n\nText[^1].\n\n## Twice\n\n## Twice\n\n[^1]: Note.";
    publish(&[("title", "Old"), ("slug", "old"), ("body", heads)], "/admin/pages/new").await.0.says("is published");
    let moved = app.page_id("/old").await;
    let again = [("base", "1"), ("title", "New"), ("slug", "new"), ("menu", "hidden"), ("body", heads)];
    publish(&again, &format!("/admin/pages/{moved}")).await.0.says("is published");

    let body = "[1](/new#%C3%A4ndern) [2](/old#twice-1) [3](/new#fn-1) [4](#) [5](#TOP) [6](#own) [7](/about#_control) \
        [8](/faq#is-it-law) [9](/search#x) [10](/new#:~:text=x) [11](https://example.org/#gone)\n\n## Own\n\n\
        [a](#gone) [b](/new#no-such-heading) [c](/old#twice-2) [d](/faq#gone) [e](/about/#gone)";
    let question =
        [("title", "Law?"), ("slug", "why-law"), ("body", "[x](#x) [y](#why-law-x)\n\n## X"), ("category", "1")];
    let (screen, edit) = publish(&question, "/admin/faq/new").await;
    screen.says("1 link leads to a part that its page does not have: #x.");
    let (screen, _) = publish(&[("title", "A page"), ("slug", "a-page"), ("body", body)], "/admin/pages/new").await;
    let named = "#gone, /new#no-such-heading, /old#twice-2, /faq#gone, /about/#gone.";
    screen.says(&format!("5 links lead to parts that their pages do not have: {named}")).does_not_say("nowhere");

    // The former slug of a question still leads to it.
    let renamed = [("base", "1"), ("title", "Law?"), ("slug", "law-2"), ("body", "[y](#why-law)"), ("category", "1")];
    publish(&renamed, &edit).await.0.says("class=\"flash success\"").does_not_say("leads to a part");
}

#[tokio::test]
async fn a_link_whose_scheme_is_not_allowed_is_told() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let told = "This link will not work: its scheme is not allowed (ms-msdt:/id).";
    let fields = [("title", "A page"), ("slug", "a-page"), ("body", "[x](ms-msdt:/id)"), ("do", "publish")];
    editor.post_and_follow("/admin/pages/new", &fields).await.says("class=\"flash warning\"").says(told);
    let both = "<feed:x> ![y](data:image/png;base64,AA) [z](tel:+44)";
    let fields = [("title", "Why?"), ("slug", "why"), ("body", both), ("category", "1"), ("do", "publish")];
    let told = "2 links will not work, because their schemes are not allowed: feed:x, data:image/png;base64,AA.";
    editor.post_and_follow("/admin/faq/new", &fields).await.says(told);
}

#[tokio::test]
async fn who_takes_a_page_away_is_told_what_links_to_it() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let publish = async |to: &str, fields: &[(&str, &str)]| {
        let edit =
            editor.post(to, &[fields, &[("do", "publish"), ("menu", "hidden")]].concat()).await.is(303).location();
        edit.rsplit('/').next().unwrap().to_owned()
    };
    let new = "/admin/pages/new";
    let section = publish(new, &[("title", "Section"), ("slug", "section")]).await;
    let old = [("title", "Below"), ("slug", "old"), ("under", &*section), ("body", "[up](..)")];
    let below = publish(new, &old).await;
    let moved = [("base", "1"), ("title", "Below"), ("slug", "new"), ("body", "[up](..)")];
    publish(&format!("/admin/pages/{below}"), &moved).await;
    visitor.get("/section/old").await.is(308);
    let own = [("base", "1"), ("title", "Section"), ("slug", "section"), ("body", "[own](/section/old)")];
    publish(&format!("/admin/pages/{section}"), &own).await;

    let absolute = "http://127.0.0.1:3000/section?x=1#y";
    publish(new, &[("title", "By the old address"), ("slug", "a"), ("body", "[x](/section/old#y)")]).await;
    publish(new, &[("title", "By the whole address"), ("slug", "b"), ("body", &format!("<{absolute}>"))]).await;
    publish(new, &[("title", "Relative"), ("slug", "c"), ("body", "[x](section)")]).await;
    let question = [("title", "Answer"), ("slug", "answer"), ("body", "[x](/section/new)"), ("category", "1")];
    let answer = publish("/admin/faq/new", &question).await;
    publish(new, &[("title", "Elsewhere"), ("slug", "d"), ("body", "[x](https://example.org/section)")]).await;
    publish(new, &[("title", "A picture"), ("slug", "e"), ("body", "![x](/section)")]).await;
    let changed = publish(new, &[("title", "Not any more"), ("slug", "f"), ("body", "[x](/section)")]).await;
    let other = [("base", "1"), ("title", "Not any more"), ("slug", "f"), ("body", "[x](/about)")];
    publish(&format!("/admin/pages/{changed}"), &other).await;
    editor.post(new, &[("title", "Draft"), ("slug", "g"), ("body", "[x](/section)")]).await.is(303);
    editor.get("/admin").await.is(200);

    for verb in ["unpublish", "delete"] {
        let screen = editor.get(&format!("/admin/pages/{section}/{verb}")).await.is(200);
        let screen = screen.says("By the old address</a> (page)").says("By the whole address</a> (page)");
        let screen = screen
            .says("Relative</a> (page)")
            .says(&format!("/admin/faq/{answer}\" dir=\"auto\">Answer</a> (question)"));
        let screen = screen.does_not_say("Elsewhere").does_not_say("A picture").does_not_say("Not any more");
        screen.does_not_say("Draft").does_not_say("Below</a>").does_not_say("and more");
        let screen = editor.get(&format!("/admin/pages/{below}/{verb}")).await.is(200).says("By the old address");
        screen.says("Section</a> (page)").does_not_say("Relative");
    }
    editor.post(&format!("/admin/pages/{below}/unpublish"), &[]).await.is(303);
    editor.get(&format!("/admin/pages/{section}/unpublish")).await.says("Relative").does_not_say("By the old address");
    // Links of an unpublished page do not count.
    editor.post(&format!("/admin/faq/{answer}/unpublish"), &[]).await.is(303);
    editor.post(&format!("/admin/pages/{}/delete", app.page_id("/c").await), &[]).await.is(303);
    editor.get("/admin").await.is(200);
    let screen = editor.get(&format!("/admin/pages/{section}/delete")).await;
    screen
        .says("This links here, and its link")
        .says("By the whole address")
        .does_not_say("Answer")
        .does_not_say("Relative");
}

#[tokio::test]
async fn who_takes_a_question_away_is_told_what_links_to_it() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let publish = async |to: &str, fields: &[(&str, &str)]| {
        editor.post(to, &[fields, &[("do", "publish")]].concat()).await.is(303).location()
    };
    let first = [("title", "First"), ("slug", "first"), ("body", "[own](#first)"), ("category", "1")];
    let edit = publish("/admin/faq/new", &first).await;
    let renamed =
        [("base", "1"), ("title", "First"), ("slug", "renamed"), ("body", "[own](#first)"), ("category", "1")];
    publish(&edit, &renamed).await;
    let second = [("title", "By the old name"), ("slug", "second"), ("body", "[x](#first)"), ("category", "1")];
    publish("/admin/faq/new", &second).await;
    publish("/admin/pages/new", &[("title", "By page"), ("slug", "a"), ("body", "[x](/faq#renamed)")]).await;
    publish("/admin/pages/new", &[("title", "All of them"), ("slug", "b"), ("body", "[x](/faq)")]).await;
    editor.get(&edit).await.says(&format!("{edit}/unpublish")).says(&format!("{edit}/delete"));
    for verb in ["unpublish", "delete"] {
        let screen = editor.get(&format!("{edit}/{verb}")).await.is(200).says("By the old name</a> (question)");
        screen.says("By page</a> (page)").does_not_say("All of them").does_not_say("First</a> (");
    }
    editor.post(&format!("{edit}/unpublish"), &[]).await.is(303);
    editor.get(&format!("{edit}/delete")).await.is(200).does_not_say("By page").does_not_say("link here");
    let faq = app.page_id("/faq").await;
    let screen = editor.get(&format!("/admin/pages/{faq}/unpublish")).await.is(200).says("All of them</a> (page)");
    screen.does_not_say("By the old name");
}

#[tokio::test]
async fn the_screen_before_publishing_tells_too() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.post("/admin/pages/new", &[("title", "Draft"), ("slug", "standard")]).await.is(303);
    let section = editor.post("/admin/pages/new", &[("title", "Section"), ("slug", "section")]).await.location();
    let under = section.rsplit('/').next().unwrap();
    let body = "[above](/section) [own](/section/a-page) [dead](/standard) ![bad](picture.png)";
    let page = [("title", "A page"), ("slug", "a-page"), ("body", body), ("under", under), ("do", "publish")];
    let sheet = editor.post_and_follow("/admin/pages/new", &page).await.says("Publish both");
    let sheet = sheet.says("1 picture is missing: picture.png. You can publish it all the same.");
    // Each link once, and none to what is published with it.
    sheet
        .says("do not see yet what this links to: /standard")
        .does_not_say("leads nowhere")
        .does_not_say("links to: /section");
}

#[tokio::test]
async fn the_page_that_is_meant_is_offered_however_many_match() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for number in 0..70 {
        let (title, slug) = (format!("Course {number} and its zebra"), format!("a-course-{number}"));
        editor.post("/admin/pages/new", &[("title", &*title), ("slug", &*slug)]).await.is(303);
    }
    editor.post("/admin/pages/new", &[("title", "Zebra crossings"), ("slug", "z")]).await.is(303);
    let choices = editor.get("/admin/link-choices?q=zebra").await.is(200);
    let first = choices.text.split("\"address\":\"").nth(1).unwrap();
    assert!(first.starts_with("/z\""), "{}", choices.text);
}
