//! How often redirects are followed, and which paths visitors ask for in vain.

use plinth::app::background;

use crate::harness::TestApp;

const LIST: &str = "/admin/redirects";
const MISSING: &str = "/admin/redirects/not-found";

#[tokio::test]
async fn each_visit_by_a_redirect_is_counted() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for (from, to) in [("/away", "https://other.example/"), ("/never", "https://other.example/")] {
        editor.post(LIST, &[("from", from), ("target", to)]).await.is(303);
    }
    for _ in 0..3 {
        visitor.get("/away").await.is(308);
    }
    let search = format!("{LIST}?q=/away");
    editor.get(&search).await.says(">0</td>").says("never");
    background::tick(&app.app).await.unwrap();
    visitor.get("/away").await.is(308);
    background::tick(&app.app).await.unwrap();
    editor.get(&search).await.says("<td data-label=\"Hits\">4</td>").does_not_say("never");
    editor.get(&format!("{LIST}?q=/never")).await.says("<td data-label=\"Hits\">0</td>");
}

#[tokio::test]
async fn what_visitors_do_not_find_is_counted_and_becomes_a_redirect() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    editor.get(MISSING).await.is(200).says("Nothing is here");
    for path in ["/lost", "/lost/", "/lost?token=secret", "/rare", "/ada@example.org"] {
        visitor.get(path).await.is(404);
    }
    visitor.get(&format!("/{}", "a".repeat(301))).await.is(404);
    background::tick(&app.app).await.unwrap();
    let list = editor.get(MISSING).await.is(200).says("<bdi>/lost</bdi>").says("<td data-label=\"Visits\">3</td>");
    let list = list.says("<bdi>/rare</bdi>").does_not_say("secret").does_not_say("/ada@").does_not_say("aaaa");
    assert!(list.text.find("/lost</bdi>") < list.text.find("/rare</bdi>"), "what was asked for most is first");
    let list = list.says("href=\"/admin/redirects/new?from=%2Flost\"");
    drop(list);

    editor.post(LIST, &[("from", "/lost"), ("target", "https://other.example/")]).await.is(303);
    let hidden = editor.post_and_follow(MISSING, &[("path", "/rare")]).await.is(200);
    hidden.says("/rare is not listed any more.").says("Undo").says("Nothing is here");
    visitor.get("/rare").await.is(404);
    background::tick(&app.app).await.unwrap();
    editor.get(MISSING).await.says("Nothing is here");
    let again = editor.post_and_follow(MISSING, &[("path", "/rare"), ("undo", "yes")]).await.is(200);
    again.says("/rare is listed again.").says("<td data-label=\"Visits\">2</td>");
    editor.post_and_follow(MISSING, &[("path", "/unknown")]).await.says("was not changed");
}

#[tokio::test]
async fn a_path_that_leads_on_by_now_is_not_listed() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for path in ["/soon", "/never"] {
        visitor.get(path).await.is(404);
    }
    background::tick(&app.app).await.unwrap();
    let page = [("title", "Soon"), ("slug", "soon"), ("body", "x"), ("menu", "hidden"), ("do", "publish")];
    let edit = editor.post("/admin/pages/new", &page).await.is(303).location();
    let moved =
        [("base", "1"), ("title", "Soon"), ("slug", "later"), ("body", "x"), ("menu", "hidden"), ("do", "publish")];
    editor.post(&edit, &moved).await.is(303);
    visitor.get("/soon").await.is(308);
    editor.get(MISSING).await.says("<bdi>/never</bdi>").does_not_say("<bdi>/soon</bdi>");
}

#[tokio::test]
async fn paths_are_forgotten_after_a_month_and_a_flood_of_them_is_bounded() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    for _ in 0..2 {
        visitor.get("/wanted").await.is(404);
    }
    for number in 0..1100 {
        visitor.get(&format!("/flood/{number}")).await.is(404);
    }
    background::tick(&app.app).await.unwrap();
    let first = editor.get(MISSING).await.is(200).says("<bdi>/wanted</bdi>");
    let next =
        first.text.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let second = editor.get(&next).await.is(200).says("/flood/").does_not_say("<bdi>/wanted</bdi>");
    let back =
        second.text.split("rel=\"prev\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    editor.get(&back).await.is(200).says("<bdi>/wanted</bdi>");

    app.run_days(31).await;
    let editor = app.editor().await;
    background::tick(&app.app).await.unwrap();
    editor.get(MISSING).await.is(200).says("Nothing is here");
}
