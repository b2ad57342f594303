//! The menus of the site: what follows from the pages, and what an administrator changes of it.

use std::sync::Arc;

use plinth::model::{
    actor::Actor,
    document::rules::DocumentRules,
    transfer::{export, files, folder::FileMap, import},
};
use tempfile::TempDir;

use crate::{
    admin_messages::audit_log,
    harness::{Reply, TestApp, TestUser},
    transfer::undated,
};

const EMPTY: [&str; 2] = ["--starter", "none"];

/// The labels of the main menu, or of that at the foot, as a visitor sees it.
async fn menu(app: &TestApp, name: &str) -> Vec<String> {
    let page = app.visitor().get("/one").await.is(200).text;
    let Some((_, list)) = page.split_once(&format!("aria-label=\"{name}\"")) else { return Vec::new() };
    let links = list.split("</nav>").next().unwrap().split("<a ").skip(1);
    links.map(|link| link.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
}

async fn page(who: &TestUser, title: &str, menu: &str) -> i64 {
    let slug = title.to_lowercase();
    let fields =
        [("title", title), ("slug", &*slug), ("body", "x"), ("menu", menu), ("layout", "article"), ("do", "publish")];
    let to = who.post("/admin/pages/new", &fields).await.is(303).location();
    to.rsplit('/').next().unwrap().parse().unwrap()
}

/// Presses "Undo" in a notice.
async fn undo(who: &TestUser, notice: &Reply) -> Reply {
    let at =
        notice.text.split("action=\"/admin/undo/").nth(1).expect("a notice with an undo").split('"').next().unwrap();
    who.post_and_follow(&format!("/admin/undo/{at}"), &[("to", "/admin/menu")]).await.is(200)
}

async fn add(who: &TestUser, menu: &str, target: &str, label: &str) -> Reply {
    who.post("/admin/menu/new", &[("menu", menu), ("target", target), ("label", label)]).await
}

#[tokio::test]
async fn a_menu_is_ordered_labelled_hidden_and_extended() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &EMPTY).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    editor.get("/admin/menu").await.is(403);
    let (one, two) = (page(&editor, "One", "main").await, page(&editor, "Two", "main").await);
    page(&editor, "Legal", "footer").await;
    assert_eq!((menu(&app, "Main").await, menu(&app, "About this site").await), (names("One Two"), names("Legal")));
    admin.get("/admin/menu").await.is(200).says(">One</a>").says(">Legal</a>").says("Main menu");

    // Order, with an undo; a new page follows by itself.
    let moved =
        admin.post_and_follow(&format!("/admin/menu/main/-{two}/position"), &[("before", &format!("-{one}"))]).await;
    assert_eq!(menu(&app, "Main").await, names("Two One"));
    page(&editor, "Three", "main").await;
    assert_eq!(menu(&app, "Main").await, names("Two One Three"));
    let action = format!("/admin/menu/main/-{two}/position");
    undo(&admin, &moved.says("has moved to its new place"))
        .await
        .says("The menu is as it was before “Two” was changed.");
    admin.post(&action, &[("before", "99")]).await.is(409).says("Someone else changed this list");

    // A label of its own, and an entry that is hidden.
    let at = format!("/admin/menu/main/-{one}");
    admin.post_and_follow(&at, &[("label", "First"), ("was_label", "")]).await.says("was saved");
    admin
        .post_and_follow(&format!("{at}/hidden"), &[("hidden", "yes"), ("was_label", "First")])
        .await
        .says("is hidden now")
        .says(">Undo<");
    assert!(!menu(&app, "Main").await.contains(&"First".to_owned()));
    admin.post_and_follow(&format!("{at}/hidden"), &[("was_label", "First")]).await.says("is shown now");
    assert!(menu(&app, "Main").await.contains(&"First".to_owned()));
    admin.post_and_follow(&format!("{at}/delete"), &[]).await.says("because its version says so");

    // Addresses elsewhere, and a page from further below.
    for target in ["", "x", "javascript:alert(1)", "http://a.example", "//a.example", "mailto:x", "/search", "/one#x"] {
        add(&admin, "main", target, "Label").await.is(422);
    }
    add(&admin, "main", "https://iso.example/", "").await.is(422).says("Enter a label");
    add(&admin, "main", "/nowhere", "").await.is(422).says("There is no page at /nowhere");
    add(&admin, "main", "/two", "").await.is(422).says("This page is in this menu already");
    add(&admin, "hidden", "/two", "").await.is(422).says("Choose a menu");
    add(&admin, "main", "https://iso.example/", "ISO & more").await.is(303);
    add(&admin, "footer", "mailto:info@portal.example", "Write").await.is(303);
    add(&admin, "footer", "/two", "").await.is(303);
    assert_eq!(menu(&app, "About this site").await, names("Legal Write Two"));
    let visitor = app.visitor().get("/one").await;
    visitor
        .says("<a href=\"https://iso.example/\" dir=\"auto\">ISO &amp; more</a>")
        .says("href=\"mailto:info@portal.example\"");
    admin.press("/admin/menu", &format!("/admin/menu/footer/-{two}/delete")).await.is(303);
    admin.get("/admin/menu").await.says("is not in the menu any more");
    assert_eq!(menu(&app, "About this site").await, names("Legal Write"));
    for (action, count) in [("menu.move", 1), ("menu.change", 2), ("menu.hide", 1), ("menu.add", 3), ("menu.remove", 1)]
    {
        assert_eq!(audit_log(&app, action).await.len(), count, "{action}");
    }
}

fn names(words: &str) -> Vec<String> {
    words.split(' ').map(str::to_owned).collect()
}

#[tokio::test]
async fn a_page_that_is_not_published_is_called_by_its_title() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &EMPTY).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    page(&editor, "One", "main").await;
    let two = page(&editor, "Two", "hidden").await;
    add(&admin, "main", "/two", "").await.is(303);
    editor.post(&format!("/admin/pages/{two}/unpublish"), &[]).await.is(303);
    let at = format!("/admin/menu/main/-{two}");
    admin.get("/admin/menu").await.is(200).says(">Two</a>").says("<bdi>/two</bdi>").says("Not published");
    admin.get(&at).await.is(200).says("<bdi>/two</bdi>");
    admin
        .post_and_follow(&format!("{at}/hidden"), &[("hidden", "yes"), ("was_label", "")])
        .await
        .says("“Two” is hidden now.");
    assert_eq!(menu(&app, "Main").await, names("One"));
    editor.post(&format!("/admin/pages/{two}/delete"), &[]).await.is(303);
    admin.get("/admin/menu").await.is(200).says("A page in the trash").does_not_say("/two");
}

#[tokio::test]
async fn what_a_page_says_of_itself_still_counts() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &EMPTY).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let (one, two) = (page(&editor, "One", "main").await, page(&editor, "Two", "main").await);
    admin.post(&format!("/admin/menu/main/-{two}/position"), &[("before", &format!("-{one}"))]).await.is(303);
    add(&admin, "main", "https://a.example/", "A").await.is(303);
    assert_eq!(menu(&app, "Main").await, names("Two One A"));
    // Unpublished, it is in no menu, and comes back where it was.
    editor.post(&format!("/admin/pages/{two}/unpublish"), &[]).await.is(303);
    assert_eq!(menu(&app, "Main").await, names("One A"));
    admin.get("/admin/menu").await.says("Not published");
    app.publish(two).await;
    assert_eq!(menu(&app, "Main").await, names("Two One A"));
    // Its next version is in the other menu.
    let version = [
        ("base", "1"),
        ("title", "Two"),
        ("slug", "two"),
        ("body", "x"),
        ("menu", "footer"),
        ("layout", "article"),
        ("do", "publish"),
    ];
    editor.post(&format!("/admin/pages/{two}"), &version).await.is(303);
    assert_eq!((menu(&app, "Main").await, menu(&app, "About this site").await), (names("One A"), names("Two")));
    admin.get(&format!("/admin/menu/main/-{two}")).await.is(404);
    admin.get("/admin/menu/hidden/1").await.is(404);
}

#[tokio::test]
async fn a_page_is_in_a_menu_once_and_can_be_taken_out() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &EMPTY).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    page(&editor, "One", "main").await;
    let two = page(&editor, "Two", "main").await;
    admin.post(&format!("/admin/menu/main/-{two}"), &[("label", "Second"), ("was_label", "")]).await.is(303);
    let hidden =
        [("base", "1"), ("title", "Two"), ("slug", "two"), ("body", "x"), ("menu", "hidden"), ("do", "publish")];
    editor.post(&format!("/admin/pages/{two}"), &[&hidden[..], &[("layout", "article")]].concat()).await.is(303);
    assert_eq!(menu(&app, "Main").await, names("One"));
    add(&admin, "main", "/two", "").await.is(303);
    assert_eq!(menu(&app, "Main").await, names("One Two"));
    add(&admin, "main", "/two", "").await.is(422).says("This page is in this menu already");
    admin.press("/admin/menu", &format!("/admin/menu/main/-{two}/delete")).await.is(303);
    assert_eq!(menu(&app, "Main").await, names("One"));
}

#[tokio::test]
async fn each_change_is_undone_while_the_menu_is_as_it_left_it() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &EMPTY).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let (one, two) = (page(&editor, "One", "main").await, page(&editor, "Two", "main").await);
    let place = format!("/admin/menu/main/-{two}/position");
    let moved = admin.post_and_follow(&place, &[("before", &format!("-{one}"))]).await;
    let added = admin
        .post_and_follow("/admin/menu/new", &[("menu", "main"), ("target", "https://a.example/"), ("label", "A")])
        .await;
    // A later change stays.
    undo(&admin, &moved).await.says("Nothing was undone: the menu with “Two” was changed again since.");
    assert_eq!(menu(&app, "Main").await, names("Two One A"));
    let shown = admin.get("/admin/menu").await.text;
    let at = shown
        .split("/admin/menu/main/")
        .filter_map(|rest| rest.split("/delete\"").next().filter(|id| id.parse::<i64>().is_ok()).map(str::to_owned));
    let at = format!("/admin/menu/main/{}", at.last().unwrap());
    let out = take_out(&admin, &at).await;
    assert_eq!(menu(&app, "Main").await, names("Two One"));
    undo(&admin, &out).await.says("The menu is as it was before “A” was changed.");
    assert_eq!(menu(&app, "Main").await, names("Two One A"));
    let form =
        [("label", "B"), ("target", "https://a.example/"), ("was_label", "A"), ("was_target", "https://a.example/")];
    let saved = admin.post_and_follow(&at, &form).await;
    // Who may not change menus may not undo that either.
    let path = saved.text.split("action=\"/admin/undo/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    editor.post(&format!("/admin/undo/{path}"), &[("to", "/admin")]).await.is(403);
    // From the audit log, from the last to the first.
    let log = admin.get("/admin/audit-log").await;
    undo(&admin, &log).await;
    undo(&admin, &added).await;
    undo(&admin, &moved).await.says("The menu is as it was before “Two” was changed.");
    assert_eq!(menu(&app, "Main").await, names("One Two"));
}

/// Takes an entry out; gives the notice.
async fn take_out(admin: &TestUser, at: &str) -> Reply {
    let done = admin.press("/admin/menu", &format!("{at}/delete")).await.is(303).location();
    admin.get(&done).await.is(200)
}

#[tokio::test]
async fn two_administrators_lose_nothing_of_each_other() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &EMPTY).await;
    let (admin, other) = (app.admin().await, app.user(plinth::model::actor::Role::Administrator, "Otto").await);
    add(&admin, "main", "https://a.example/", "A").await.is(303);
    let at = "/admin/menu/main/1";
    let base = [("was_label", "A"), ("was_target", "https://a.example/")];
    let form = |label, target| [[("label", label), ("target", target)], base].concat();
    other.post(at, &form("A", "https://b.example/")).await.is(303);
    admin.post(at, &form("B", "https://a.example/")).await.is(303);
    admin.get(at).await.says("value=\"B\"").says("value=\"https://b.example/\"");
    let clash = admin.post(at, &form("C", "https://a.example/")).await.is(409);
    clash.says("value=\"C\"").says("B");
    admin.post(at, &form("A", "mailto:x")).await.is(409);
    other.press("/admin/menu", &format!("{at}/delete")).await.is(303);
    admin.post(at, &form("D", "https://a.example/")).await.is(404);
}

async fn exported(app: &TestApp) -> FileMap {
    export::read(app.app.read(), &app.app.rules.fields).await.unwrap()
}

/// Whether anything was changed, or what is wrong with the files.
async fn imported(app: &TestApp, files: &FileMap) -> Result<bool, String> {
    let site = files::parse(&DocumentRules::default(), files)?;
    let write = app.app.write(Actor::system("test")).await.unwrap();
    import::run(write, &site).await.map(|summary| summary.changed).map_err(|error| format!("{error:?}"))
}

#[tokio::test]
async fn an_export_takes_the_menus_along() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &EMPTY).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let (one, two) = (page(&editor, "One", "main").await, page(&editor, "Two", "main").await);
    assert!(!exported(&app).await.contains_key("menu.toml"), "the pages say it all");
    admin.post(&format!("/admin/menu/main/-{two}/position"), &[("before", &format!("-{one}"))]).await.is(303);
    admin.post(&format!("/admin/menu/main/-{one}"), &[("label", "First"), ("was_label", "")]).await.is(303);
    add(&admin, "footer", "https://a.example/", "A").await.is(303);
    let files = exported(&app).await;
    let again = TestApp::over(Arc::new(TempDir::new().unwrap()), &EMPTY).await;
    imported(&again, &files).await.unwrap();
    assert_eq!((menu(&again, "Main").await, menu(&again, "About this site").await), (names("Two First"), names("A")));
    assert_eq!(undated(exported(&again).await), undated(files.clone()));
    assert!(!imported(&again, &files).await.unwrap(), "there is nothing to change");
    for (text, fault) in [
        ("[[main]]\npage = \"/nowhere\"", "menu.toml: there is no page at /nowhere"),
        ("[[main]]\naddress = \"http://a.example\"\nlabel = \"A\"", "begins with https://"),
        ("[[main]]\naddress = \"https://a.example\"", "has no label"),
        ("[[top]]\npage = \"/one\"", "is no menu"),
        ("[[main]]\npage = \"/one\"\n[[main]]\npage = \"/one\"", "/one is in this menu twice"),
    ] {
        let mut wrong = files.clone();
        wrong.insert("menu.toml".to_owned(), text.to_owned());
        let error = imported(&again, &wrong).await.unwrap_err();
        assert!(error.contains(fault), "{error}");
    }
}
