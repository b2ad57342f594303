//! The palette of the admin area, and the search screen that offers the same without a script.

use axum::http::Method;
use serde_json::Value;

use crate::{
    contact,
    harness::{TestApp, TestUser},
    media::{pdf, upload},
    search::{page, portal, wait_for_index},
};

/// What the palette offers for these words: heading of the group, title and path of each entry.
async fn offered(who: &TestUser, query: &str) -> Vec<(String, String, String)> {
    let reply = who.get(&format!("/admin/search/palette?{query}")).await.is(200);
    let reply: Value = serde_json::from_str(&reply.text).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut all = Vec::new();
    for group in reply["groups"].as_array().unwrap() {
        for entry in group["entries"].as_array().unwrap() {
            all.push((text(&group["heading"]), text(&entry["title"]), text(&entry["path"])));
        }
    }
    all
}

fn headings(offered: &[(String, String, String)]) -> Vec<&str> {
    let mut headings: Vec<&str> = offered.iter().map(|(heading, ..)| heading.as_str()).collect();
    headings.dedup();
    headings
}

#[tokio::test]
async fn everything_is_found_by_a_few_letters_of_its_name() {
    let app = portal().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let id = page(&app, "Quokka rules", "About wallabies.", true).await;
    let question = [("title", "Where do quokkas live?"), ("slug", "quokkas"), ("body", "On islands."), ("do", "save")];
    editor.post("/admin/faq/new", &[&question[..], &[("category", "1")]].concat()).await.is(303);
    contact::send(&app, &[("name", "Quentin Quokka")]).await;
    upload(&editor, &[("Quokka.pdf", &pdf("x"))]).await.is(303);
    app.user(plinth::model::actor::Role::Editor, "Quokka Watcher").await;
    wait_for_index(&app).await;

    let found = offered(&admin, "q=quokk").await;
    assert_eq!(headings(&found), ["Pages", "Items", "Messages", "Media", "Users"]);
    assert_eq!(found[0], ("Pages".to_owned(), "Quokka rules".to_owned(), format!("/admin/pages/{id}")));
    let titles: Vec<&str> = found.iter().map(|(_, title, _)| title.as_str()).collect();
    assert_eq!(titles[1..], ["Where do quokkas live?", "Quentin Quokka", "Quokka", "Quokka Watcher"]);
    assert_eq!(headings(&offered(&editor, "q=quokk").await), ["Pages", "Items", "Messages", "Media"]);
    // The text too, and in another spelling.
    assert_eq!(offered(&editor, "q=wallab").await[0].1, "Quokka rules");

    let first = async |who: &TestUser, q: &str| offered(who, &format!("q={q}")).await.into_iter().next().unwrap();
    assert_eq!(first(&editor, "new+p").await.1, "New page");
    // A single letter is the beginning of a word too, also where there is a word that is this letter.
    page(&app, "Annex Q", "x", true).await;
    wait_for_index(&app).await;
    let found = offered(&editor, "q=q").await;
    for title in ["Annex Q", "Quokka rules", "Where do quokkas live?"] {
        assert!(found.iter().any(|(_, known, _)| known == title), "{title}: {found:#?}");
    }
    assert_eq!(first(&editor, "log+out").await.1, "Sign out");
    let zone = offered(&admin, "q=time+zo").await.into_iter().find(|(heading, ..)| heading == "Settings").unwrap();
    assert_eq!((zone.1.as_str(), zone.2.as_str()), ("Time zone", "/admin/settings#field-time_zone"));
    assert!(offered(&editor, "q=time+zone").await.iter().all(|(heading, ..)| heading != "Settings"));

    // Without a script.
    let screen =
        admin.get("/admin/search?q=quokk").await.is(200).says(&format!("/admin/pages/{id}\"")).says("Quentin ");
    screen.says("<h2 id=\"_group-1\">Media</h2>").says("Quokka Watcher").says("quokka.pdf");
    editor.get("/admin/search?q=quokk").await.is(200).says("quokka.pdf").does_not_say("Quokka Watcher");
    admin.get("/admin/search?q=time+zone").await.says("href=\"/admin/settings#field-time_zone\"");
    admin.get("/admin/search?q=sign+out").await.says("<button class=\"button small\">Sign out</button>");
}

#[tokio::test]
async fn what_is_offered_is_there_and_may_be_opened() {
    let app = TestApp::new().await;
    for (who, least) in [(app.editor().await, 20), (app.admin().await, 28)] {
        let offered = offered(&who, "").await;
        assert!(offered.len() >= least, "{offered:#?}");
        for (_, title, path) in offered.iter().filter(|(.., path)| path != "/admin/sign-out") {
            let reply = who.get(path).await;
            assert!(reply.status.is_success() || reply.status.is_redirection(), "{title}: {path} {}", reply.status);
        }
        let screens = app.routes.iter().filter(|route| route.method == Method::GET);
        let paths: Vec<&str> = screens.map(|route| route.path).collect();
        assert!(offered.iter().any(|(.., path)| path == "/admin/sign-out" && !paths.contains(&path.as_str())));
    }
    app.visitor().get("/admin/search/palette?q=new").await.is(303);
}

#[tokio::test]
async fn what_was_opened_last_comes_first_with_the_titles_of_now() {
    let app = portal().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let id = page(&app, "Quokka rules", "x", true).await;
    let other = page(&app, "Numbats", "x", false).await;
    let user = app.user(plinth::model::actor::Role::Editor, "Otto").await.actor.id.unwrap();
    let seen = format!(
        "recent=/admin/pages/{id},/admin/faq/{id},/admin/users/{user},/admin/media,/admin/pages/{other},/admin/pages/999999,\
         /admin/sign-out,/nowhere,/admin/pages/{id},x"
    );
    let recent = async |who: &TestUser| -> Vec<String> {
        let found = offered(who, &seen).await.into_iter();
        found.filter(|(heading, ..)| heading == "Recently opened").map(|(_, title, _)| title).collect()
    };
    assert_eq!(recent(&admin).await, ["Quokka rules", "Otto", "Media", "Numbats"]);
    assert_eq!(recent(&editor).await, ["Quokka rules", "Media", "Numbats"]);
    let renamed = [("base", "1"), ("title", "Quokka law"), ("slug", "quokka-rules"), ("body", "x"), ("do", "save")];
    editor.post(&format!("/admin/pages/{id}"), &renamed).await.is(303);
    editor.post(&format!("/admin/pages/{other}/delete"), &[]).await.is(303);
    assert_eq!(recent(&editor).await, ["Quokka law", "Media"]);
}
