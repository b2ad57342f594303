//! Redirects that users set by hand: adding, changing, deleting and testing them, and what is refused.

use plinth::model::{actor::Role, audit_log_check};

use crate::harness::{Reply, TestApp, TestUser};

const LIST: &str = "/admin/redirects";
const SAME_SITE: &str = "http://127.0.0.1:3000";

async fn page(editor: &TestUser, slug: &str, todo: &str) -> String {
    let fields = [("title", slug), ("slug", slug), ("body", "x"), ("do", todo)];
    editor.post("/admin/pages/new", &fields).await.is(303).location()
}

async fn page_below(app: &TestApp, editor: &TestUser, above: &str, slug: &str) -> String {
    let under = app.page_id(above).await.to_string();
    let fields = [("title", slug), ("slug", slug), ("body", "x"), ("do", "publish"), ("under", &*under)];
    editor.post("/admin/pages/new", &fields).await.is(303).location()
}

async fn add(editor: &TestUser, from: &str, to: &str) -> Reply {
    editor.post(LIST, &[("from", from), ("target", to)]).await
}

/// Adds a redirect; gives the sentence that says so.
async fn added(editor: &TestUser, from: &str, to: &str) -> Reply {
    assert_eq!(add(editor, from, to).await.is(303).location(), LIST);
    editor.get(LIST).await.is(200)
}

async fn leads(visitor: &TestUser, from: &str, to: &str) {
    assert_eq!(visitor.get(from).await.is(308).location(), to, "{from}");
}

/// The path of the screen of the redirect from `from`.
async fn screen(editor: &TestUser, from: &str) -> String {
    let list = editor.get(LIST).await.is(200).text;
    let before = list.split(&format!(">{from}</a>")).next().expect("a redirect");
    before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_redirect_leads_to_a_page_wherever_that_moves() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let target = page(&editor, "target", "publish").await;
    visitor.get("/Old/Page.html").await.is(404);
    added(&editor, "/Old/Page.html", "/target#part").await.says("/Old/Page.html leads to /target#part now.");
    leads(&visitor, "/Old/Page.html", "/target#part").await;
    leads(&visitor, "/Old/Page.html/?a=1&b=%20", "/target?a=1&b=%20#part").await;
    visitor.get("/old/page.html").await.is(404);

    let fields = [("base", "1"), ("title", "target"), ("slug", "elsewhere"), ("body", "x"), ("do", "publish")];
    editor.post(&target, &fields).await.is(303);
    leads(&visitor, "/Old/Page.html", "/elsewhere#part").await;
    editor.post(&format!("{target}/delete"), &[]).await.is(303);
    visitor.get("/Old/Page.html").await.is(410);
    editor.get(LIST).await.says("In the trash").says("for good?");
}

#[tokio::test]
async fn one_path_has_many_spellings() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    page(&editor, "target", "publish").await;
    added(&editor, "/caf\u{e9}%20menu", "/target").await.says("/caf%C3%A9%20menu leads to /target now.");
    for path in ["/caf%C3%A9%20menu", "/caf%c3%a9%20%6Denu"] {
        leads(&visitor, path, "/target").await;
    }
    add(&editor, "/caf%c3%a9%20menu/", "/target")
        .await
        .is(422)
        .says("There is a redirect from /caf%C3%A9%20menu already");
    // Found by any of them.
    for text in ["CAFE", "/caf%c3%a9", "target"] {
        editor.get(&format!("{LIST}?q={text}")).await.is(200).says("/caf%C3%A9%20menu");
    }
    editor.get(&format!("{LIST}?q=nowhere")).await.says("No redirect was found");
}

#[tokio::test]
async fn a_section_that_moved_is_found_below_its_old_path() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    page(&editor, "new", "publish").await;
    page_below(&app, &editor, "/new", "child").await;
    let moved = page_below(&app, &editor, "/new", "moved").await;
    let fields = [("base", "1"), ("title", "moved"), ("slug", "renamed"), ("body", "x"), ("do", "publish")];
    editor.post(&moved, &fields).await.is(303);

    let fields = [("from", "/was/here"), ("target", "/new"), ("covers_below", "yes")];
    editor.post(LIST, &fields).await.is(303);
    editor.get(LIST).await.says("/was/here and everything below it lead to /new now.").says(">/was/here/*</a>");
    leads(&visitor, "/was/here?x=1", "/new?x=1").await;
    leads(&visitor, "/was/here/child?x=1&y", "/new/child?x=1&y").await;
    leads(&visitor, "/was/here/child/", "/new/child").await;
    // Pages that moved since are found too; what is not there is not found, and has no redirect to nowhere.
    leads(&visitor, "/was/here/moved", "/new/renamed").await;
    for path in ["/was/here/nothing", "/was/here-not", "/was", "/was/here//evil.example", "/was/here/child/more"] {
        visitor.get(path).await.is(404);
    }
    editor.get("/admin/redirects/test?path=/was/here/moved").await.says("Visitors are sent to").says(">/new/renamed<");

    // The nearest redirect decides, and what is between both in the order of paths does not hide the one further up.
    added(&editor, "/was/here/special/*", "https://other.example/docs/").await;
    added(&editor, "/was/here/b-*", "/new").await;
    leads(&visitor, "/was/here/special/a/b?q", "https://other.example/docs/a/b?q").await;
    leads(&visitor, "/was/here/special", "https://other.example/docs/").await;
    visitor.get("/was/here/specially").await.is(404);
    added(&editor, "/was/*", "https://other.example").await;
    leads(&visitor, "/was/zebra", "https://other.example/zebra").await;
    visitor.get("/was/here/zebra").await.is(404);
}

#[tokio::test]
async fn what_leads_on_is_followed_when_it_is_saved() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let target = page(&editor, "first", "publish").await;
    let fields = [("base", "1"), ("title", "first"), ("slug", "second"), ("body", "x"), ("do", "publish")];
    editor.post(&target, &fields).await.is(303);
    added(&editor, "/zero", "/first")
        .await
        .says("/zero leads to /second now, where the path that you typed leads on to.");
    leads(&visitor, "/zero", "/second").await;
    added(&editor, "/away", "https://other.example/x?y=1#z").await;
    added(&editor, "/further", "/away").await.says("/further leads to https://other.example/x?y=1#z now, where");
    leads(&visitor, "/further?q=2", "https://other.example/x?y=1&q=2#z").await;
    added(&editor, "/find", "/search?q=iso").await;
    leads(&visitor, "/find", "/search?q=iso").await;
}

#[tokio::test]
async fn what_would_mislead_is_refused_and_kept_in_the_form() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    page(&editor, "live", "publish").await;
    page(&editor, "draft", "").await;
    let deleted = page(&editor, "deleted", "publish").await;
    editor.post(&format!("{deleted}/delete"), &[]).await.is(303);
    added(&editor, "/set", "https://other.example/").await;
    for (from, to, sentence) in [
        ("", "/live", "Enter the old path"),
        ("old", "/live", "is not a path on this site"),
        ("//evil.example", "/live", "is not a path on this site"),
        ("https://other.example/a", "/live", "is on another site"),
        ("/old?a=1", "/live", "Leave out what is behind ? or #"),
        ("/", "/live", "The front page cannot lead elsewhere"),
        ("/admin/pages", "/live", "The portal itself answers at /admin/pages"),
        ("/robots.txt", "/live", "The portal itself answers at /robots.txt"),
        ("/live", "https://other.example", "is live at /live, so nobody would be sent on"),
        ("/set", "/live", "There is a redirect from /set already"),
        ("/old", "", "Enter a path, such as /about"),
        ("/old", "/nowhere", "There is no page at /nowhere"),
        ("/old", "/deleted", "The page at /deleted was deleted"),
        ("/old", "/old/", "would lead to itself"),
        ("/old/*", "/old/below", "would lead to itself"),
        ("/old/*", "/search", "there is nothing below that"),
        ("/old/*", "https://other.example/?a", "Leave out what is behind ? or #"),
        ("/old", "//evil.example", "is neither a path"),
        ("/old", "javascript:alert(1)", "only http: and https:"),
        ("/old", "mailto:a@other.example", "only http: and https:"),
        ("/old", "https://user:pass@other.example/", "Leave out the user name"),
        ("/old", "/live?a=1", "Leave out what is behind the ?"),
    ] {
        let reply = add(&editor, from, to).await.is(422).says("There is a problem").says(sentence);
        assert!(reply.text.contains("aria-invalid=\"true\""), "{from} {to}");
        if !from.is_empty() && !from.contains("//") {
            reply.says(&format!("value=\"{from}\""));
        }
    }
    let long = format!("/{}", "a".repeat(2000));
    add(&editor, &long, "/live").await.is(422).says("can have 2000 characters; this one has 2001");
    // This site by its whole address is this site; a draft may be a target, and the path of a deleted page may lead on.
    added(&editor, &format!("{SAME_SITE}/old"), &format!("{SAME_SITE}/draft"))
        .await
        .says("The page there is not published");
    added(&editor, "/deleted", "/live").await;
    leads(&app.visitor(), "/deleted", "/live").await;
    app.visitor().get("/old").await.is(404);
}

#[tokio::test]
async fn a_page_that_is_published_ends_the_redirect_from_its_path() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    page(&editor, "target", "publish").await;
    added(&editor, "/taken", "/target").await;
    let draft = page(&editor, "taken", "").await;
    leads(&visitor, "/taken", "/target").await;
    let fields = [("base", "1"), ("title", "taken"), ("slug", "taken"), ("body", "x"), ("do", "publish")];
    editor.post(&draft, &fields).await.is(303);
    visitor.get("/taken").await.is(200);
    editor.get(LIST).await.does_not_say(">/taken<");

    // What an editor set at the path of an unpublished page stays when that moves.
    editor.post(&format!("{draft}/unpublish"), &[]).await.is(303);
    added(&editor, "/taken", "https://other.example/").await;
    let fields = [("base", "2"), ("title", "taken"), ("slug", "moved"), ("body", "x"), ("do", "publish")];
    editor.post(&draft, &fields).await.is(303);
    leads(&visitor, "/taken", "https://other.example/").await;

    // What is below it still leads on.
    added(&editor, "/section/*", "https://other.example/docs").await;
    page(&editor, "section", "publish").await;
    visitor.get("/section").await.is(200);
    leads(&visitor, "/section/a", "https://other.example/docs/a").await;
}

#[tokio::test]
async fn a_redirect_is_changed_and_deleted_and_brought_back() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    page(&editor, "target", "publish").await;
    added(&editor, "/old/*", "https://other.example/docs").await;
    let screen = screen(&editor, "/old/*").await;
    editor.get(&screen).await.is(200).says("value=\"https://other.example/docs\"").says("checked");
    let was = [("was_from", "/old"), ("was_target", "https://other.example/docs"), ("was_covers_below", "yes")];
    let with = |from: &'static str, to: &'static str| [&[("from", from), ("target", to)], was.as_slice()].concat();
    editor.post(&screen, &with("/old", "/old")).await.is(422).says("would lead to itself");
    editor.post(&screen, &with("/older", "/target")).await.is(303);
    visitor.get("/old").await.is(404);
    leads(&visitor, "/older", "/target").await;
    visitor.get("/older/a").await.is(404);
    // Another editor had the form open since before.
    let clash = [("from", "/old"), ("target", "https://other.example/mine"), ("covers_below", "yes")];
    editor.post(&screen, &[clash.as_slice(), was.as_slice()].concat()).await.is(409).says("/target");

    let after = editor.press(&screen, &format!("{screen}/delete")).await.is(303);
    let after = editor.get(&after.location()).await.is(200);
    let after = after.says("The redirect from /older was deleted.").says(">Undo<");
    visitor.get("/older").await.is(404);
    let undo = after.text.split("action=\"/admin/undo/").nth(1).unwrap().split('"').next().unwrap();
    let undo = async || editor.post_and_follow(&format!("/admin/undo/{undo}"), &[("to", LIST)]).await;
    undo().await.says("The redirect from “/older” is back.");
    leads(&visitor, "/older", "/target").await;
    undo().await.says("Nothing was undone: this was undone before");
    deleted_by_page(&app, &editor).await;
    let log = app.admin().await.get("/admin/audit-log").await.is(200).text;
    for words in ["added the redirect from", "changed the redirect from", "deleted the redirect from"] {
        assert!(log.contains(words), "{words}");
    }
}

/// One that a page left behind is one again.
async fn deleted_by_page(app: &TestApp, editor: &TestUser) {
    let id = app.page_id("/target").await;
    let renamed = [("base", "1"), ("title", "target"), ("slug", "renamed"), ("menu", "hidden"), ("do", "publish")];
    editor.post(&format!("/admin/pages/{id}"), &renamed).await.is(303);
    let is_by_hand = async || -> bool {
        app.app.read().value("select by_hand from redirect where path = $1", ("/target",)).await.unwrap()
    };
    assert!(!is_by_hand().await);
    let screen = screen(editor, "/target").await;
    let after = editor.press(&screen, &format!("{screen}/delete")).await.is(303).location();
    let log = app.admin().await.get("/admin/audit-log").await.says("Undo");
    editor.get(&after).await.says("The redirect from /target was deleted.");
    let undo = log.text.split("action=\"/admin/undo/").nth(1).unwrap().split('"').next().unwrap();
    editor.post_and_follow(&format!("/admin/undo/{undo}"), &[("to", LIST)]).await.says("is back.");
    assert!(!is_by_hand().await);
    leads(&app.visitor(), "/target", "/renamed").await;
}

#[tokio::test]
async fn testing_a_path_says_what_visitors_get() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    page(&editor, "target", "publish").await;
    added(&editor, "/old", "/target").await;
    for (path, says) in [
        ("/target", "A live page is here."),
        ("/robots.txt", "The portal itself answers here."),
        ("/old?utm=1", "Visitors are sent to"),
        ("/nowhere", "Visitors are told that there is no page."),
    ] {
        editor.get(&format!("{LIST}/test?path={path}")).await.is(200).says(says);
    }
    editor.get(&format!("{LIST}/test?path=/nowhere")).await.says("href=\"/admin/redirects/new?from=%2Fnowhere\"");
    editor.get(&format!("{LIST}/new?from=%2Fnowhere")).await.says("value=\"/nowhere\"");
    editor.get(&format!("{LIST}/test?path=x")).await.is(422).says("is not a path on this site");
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for number in 0..101 {
        add(&editor, &format!("/n{number:03}"), "https://other.example/").await.is(303);
    }
    let first = editor.get(LIST).await.is(200).says(">/n000<").says(">/n049<").does_not_say(">/n050<");
    let next =
        first.text.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    editor.get(&next).await.is(200).says(">/n050<").says(">/n099<").does_not_say(">/n100<");
    let back = editor.get(&format!("{LIST}?before=/n050")).await.is(200);
    back.says(">/n000<").says(">/n049<").does_not_say(">/n050<");
    editor.get(&format!("{LIST}?q=n1")).await.is(200).says(">/n100<").does_not_say(">/n000<");
}

#[tokio::test]
async fn links_to_what_redirects_elsewhere_work() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let dead = page(&editor, "dead", "publish").await;
    added(&editor, "/away", "https://other.example/").await;
    added(&editor, "/section/*", "https://other.example/docs").await;
    let body = "[one](/away) [two](/section/a) [three](/dead)";
    let fields = [("title", "Links"), ("slug", "links"), ("body", body), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    editor.post(&format!("{dead}/delete"), &[]).await.is(303);
    let dead = app.user(Role::Editor, "Ed").await.get("/admin/dead-links").await.is(200);
    dead.says("/dead").does_not_say("/away").does_not_say("/section/a");
}

#[tokio::test]
async fn a_page_that_takes_the_path_of_a_redirect_ends_it_and_the_audit_log_says_so() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    page(&editor, "target", "publish").await;
    added(&editor, "/taken", "/target").await;
    page(&editor, "taken", "publish").await;
    app.visitor().get("/taken").await.is(200);
    editor.get(LIST).await.does_not_say(">/taken</a>");
    let log = app.admin().await.get("/admin/audit-log").await;
    log.says("deleted the redirect from").says("to /target; a page is live there now");
    let report = audit_log_check::check(app.app.read(), None, |_| {}).await.unwrap();
    assert!(report.is_good(), "{:?}", report.sentences());
}

#[tokio::test]
async fn characters_that_nobody_sees_are_refused_and_named() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for (odd, says) in [
        ("\u{200b}", "There is a character that cannot be seen, U+200B,"),
        ("\u{202e}", "There is a character that cannot be seen, U+202E,"),
        ("\0", "There is a character that cannot be seen, U+0000,"),
        (" ", "There is a space"),
        ("\r\n", "There is a line break"),
        ("\\", "There is a backslash"),
    ] {
        let typed = format!("/old{odd}path");
        add(&editor, &typed, "https://other.example/").await.is(422).says(says).says("aria-invalid=\"true\"");
        for to in [typed, format!("https://other.example/a{odd}b"), format!("https://other{odd}.example/")] {
            add(&editor, "/old", &to).await.is(422).says(says);
        }
    }
    editor.get(LIST).await.says("No redirects yet");
    // What belongs there can be written, and blanks around an address do not count.
    added(&editor, " /old%20path%E2%80%8B\r\n", " https://other.example/a%5Cb ").await;
    leads(&app.visitor(), "/old%20path%E2%80%8B", "https://other.example/a%5Cb").await;
}
