//! Links to parts of pages: what was not checked is said, what moves is found again, and a user who removes a part is
//! told what links to it.

use crate::harness::{TestApp, TestUser};

/// Publishes; gives the address of the edit screen.
async fn publish(editor: &TestUser, to: &str, fields: &[(&str, &str)]) -> String {
    let fields = [&[("menu", "hidden"), ("layout", "article")], fields, &[("do", "publish")]].concat();
    editor.post(to, &fields).await.is(303).location()
}

const NEW: &str = "/admin/pages/new";

#[tokio::test]
async fn what_is_not_checked_is_not_called_good() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let mut links = Vec::new();
    for n in 0..55 {
        let slug = format!("p{n}");
        let fields = [("title", slug.as_str()), ("slug", &slug)];
        editor.post(NEW, &fields).await.is(303);
        app.publish(app.page_id(&format!("/{slug}")).await).await;
        links.push(format!("[{n}](/p{n}#gone)"));
    }
    let body = links.join("\n\n");
    let edit = publish(&editor, NEW, &[("title", "Many"), ("slug", "many"), ("body", &body)]).await;
    let screen = editor.get(&edit).await.says("50 links lead to parts that their pages do not have");
    screen.says("5 links were not checked, because there are so many.");
    let links: Vec<_> = (0..310).map(|n| format!("[{n}](/about?n={n})")).collect();
    let links = links.join("\n\n");
    let edit = publish(&editor, NEW, &[("title", "More"), ("slug", "more"), ("body", &links)]).await;
    editor.get(&edit).await.says("10 links were not checked, because there are so many.");
}

#[tokio::test]
async fn a_relative_link_means_the_same_after_a_move() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let section = publish(&editor, NEW, &[("title", "Section"), ("slug", "section")]).await;
    let under = section.rsplit('/').next().unwrap();
    let below = [("title", "Target"), ("slug", "target"), ("under", under)];
    let target = publish(&editor, NEW, &below).await;
    let body = "[relative](target) [whole](/section/target) [own](#part)\n\n## Part";
    let fields = [("title", "Relative"), ("slug", "relative"), ("under", under), ("body", "[x](target)")];
    let relative = publish(&editor, NEW, &fields).await;
    publish(&editor, NEW, &[("title", "Both"), ("slug", "both"), ("under", under), ("body", body)]).await;
    let asked = || async { editor.get(&format!("{target}/delete")).await.is(200) };
    asked().await.says(">Relative</a> (page)").says(">Both</a> (page)");
    // After a move, the relative link leads to what it meant.
    editor.post(&format!("{relative}/move"), &[("parent", "/training")]).await.is(303);
    asked().await.says(">Relative</a> (page)").says(">Both</a>");
    app.visitor().get("/training/relative").await.says("href=\"/section/target\">x</a>");
    editor.post(&format!("{relative}/move"), &[("parent", "/section")]).await.is(303);
    asked().await.says(">Relative</a> (page)");
    // Moved along with the page above, or given another address by it, all of them still lead there.
    editor.post(&format!("{section}/move"), &[("parent", "/training")]).await.is(303);
    asked().await.says(">Relative</a> (page)").says(">Both</a> (page)");
    let fields = [("base", "1"), ("title", "Section"), ("slug", "renamed")];
    publish(&editor, &section, &fields).await;
    asked().await.says(">Relative</a> (page)").says(">Both</a> (page)");
    // Another page at the old path changes nothing.
    let training = app.page_id("/training").await.to_string();
    let again = publish(&editor, NEW, &[("title", "Section"), ("slug", "section"), ("under", &*training)]).await;
    let under = again.rsplit('/').next().unwrap();
    publish(&editor, NEW, &[("title", "Other"), ("slug", "target"), ("under", under)]).await;
    asked().await.says(">Relative</a> (page)").says(">Both</a> (page)");

    // Links of an answer are resolved from the page with all questions.
    let question = [("title", "Answer"), ("slug", "answer"), ("body", "[x](about)"), ("category", "1")];
    editor.post("/admin/faq/new", &[&question[..], &[("do", "publish")]].concat()).await.is(303);
    let about = app.page_id("/about").await;
    editor.get(&format!("/admin/pages/{about}/delete")).await.says(">Answer</a> (question)");
    let faq = app.page_id("/faq").await;
    editor.post(&format!("/admin/pages/{faq}/move"), &[("parent", "/training")]).await.is(303);
    editor.get(&format!("/admin/pages/{about}/delete")).await.says(">Answer</a>");
}

#[tokio::test]
async fn who_takes_a_heading_away_is_told_who_links_to_it() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let edit = publish(&editor, NEW, &[("title", "Prices"), ("slug", "prices"), ("body", "## Fees\n\n## Terms")]).await;
    publish(&editor, NEW, &[("title", "Linking"), ("slug", "linking"), ("body", "[x](/prices#fees) [y](/prices)")])
        .await;
    publish(&editor, NEW, &[("title", "Top"), ("slug", "top"), ("body", "[x](/prices#top) [y](/prices#terms)")]).await;
    let question = [("title", "Answer"), ("slug", "answer"), ("body", "[x](prices#fees)"), ("category", "1")];
    editor.post("/admin/faq/new", &[&question[..], &[("do", "publish")]].concat()).await.is(303);
    let fields = [("base", "1"), ("title", "Prices"), ("slug", "prices"), ("body", "## Terms")];
    editor.post(&edit, &fields).await.is(303);
    let told = "Published texts link to parts that this page will no longer have: #fees (“Answer”, “Linking”).";
    let id = edit.rsplit('/').next().unwrap();
    editor.get(&format!("/admin/documents/{id}/publication")).await.says(told).does_not_say("“Top”");
    let screen = editor.post_and_follow(&format!("/admin/documents/{id}/publication"), &[("version", "2")]).await;
    screen.says("class=\"flash warning\"").says("Published texts link to parts that this page does not have: #fees");
    let fields = [("base", "2"), ("title", "Prices"), ("slug", "prices"), ("body", "## Fees\n\n## Terms")];
    let edit = publish(&editor, &edit, &fields).await;
    editor.get(&edit).await.says("class=\"flash success\"").does_not_say("link to parts");
}

#[tokio::test]
async fn who_takes_a_heading_out_of_an_answer_is_told_who_links_to_it() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let answer = |body| [("title", "Why?"), ("slug", "why"), ("body", body), ("category", "1")];
    let new = "/admin/faq/new";
    let edit = publish(&editor, new, &answer("## Fees\n\n## Terms")).await;
    let other = [("title", "Why not?"), ("slug", "why-not"), ("body", "## Fees"), ("category", "1")];
    let other = publish(&editor, new, &other).await;
    let body = "[a](/faq#why-fees) [b](/faq#why-terms) [c](/faq#why) [d](/faq#why-not) [e](/faq#why-not-fees)";
    publish(&editor, NEW, &[("title", "Linking"), ("slug", "linking"), ("body", body)]).await;
    editor.post(&edit, &[&answer("## Terms")[..], &[("base", "1")]].concat()).await.is(303);
    let id = edit.rsplit('/').next().unwrap();
    let told = "Published texts link to parts that this question will no longer have: #why-fees (“Linking”).";
    editor.get(&format!("/admin/documents/{id}/publication")).await.is(200).says(told);
    let screen = editor.post_and_follow(&format!("/admin/documents/{id}/publication"), &[("version", "2")]).await;
    screen.says("Published texts link to parts that this question does not have: #why-fees (“Linking”).");
    let whole = [&answer("## Fees\n\n## Terms")[..], &[("base", "2")]].concat();
    let edit = publish(&editor, &edit, &whole).await;
    editor.get(&edit).await.says("class=\"flash success\"").does_not_say("link to parts");
    // A new slug gives its parts new names, and links to them follow.
    let renamed = [("base", "3"), ("title", "Why?"), ("slug", "because"), ("body", "## Fees"), ("category", "1")];
    let edit = publish(&editor, &edit, &renamed).await;
    editor.get(&edit).await.says("this question does not have: #because-terms (“Linking”).").does_not_say("-fees (");
    editor.get(&other).await.is(200).does_not_say("link to parts");
}
