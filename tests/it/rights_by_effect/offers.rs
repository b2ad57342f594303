//! No screen offers what its user may not do. No role of today may edit without publishing, so the policy of these portals
//! keeps that from everyone: what a handler checks by itself is proven by this, too.

use std::collections::BTreeSet;

use axum::http::Method;
use plinth::{
    app::rules::Rules,
    model::{
        actor::Role,
        password::Cost,
        policy::{Action, Policy, allows},
    },
};

use crate::harness::{Reply, TestApp, TestUser};

use super::site::Site;

fn publishes_nothing(role: Role, action: Action) -> bool {
    action != Action::Publish && allows(role, action)
}

/// The values of an attribute that begin with `/admin`.
fn paths<'a>(page: &'a str, attribute: &'a str) -> impl Iterator<Item = String> + 'a {
    let values = page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
    values.filter(|value| value.starts_with("/admin")).map(|value| value.replace("&amp;", "&"))
}

/// The actions of the routes for what the forms of a page send.
fn actions(app: &TestApp, page: &str) -> Vec<(String, Action)> {
    let forms = page.split("<form ").skip(1).filter_map(|rest| rest.split('>').next());
    let posts = forms.filter(|form| form.contains("method=\"post\"")).flat_map(|form| paths(form, " action=\""));
    let targets: Vec<String> = posts.chain(paths(page, "formaction=\"")).collect();
    targets.into_iter().map(|target| (target.clone(), action(app, &target))).collect()
}

fn action(app: &TestApp, target: &str) -> Action {
    let parts: Vec<&str> = target.split(['?', '#']).next().unwrap().split('/').collect();
    let fits = |path: &str| {
        let pattern: Vec<&str> = path.split('/').collect();
        pattern.len() == parts.len() && pattern.iter().zip(&parts).all(|(p, part)| p.starts_with('{') || p == part)
    };
    let mut routes: Vec<_> =
        app.routes.iter().filter(|route| route.method == Method::POST && fits(route.path)).collect();
    // The one with the fewest places is meant.
    routes.sort_by_key(|route| route.path.matches('{').count());
    routes.first().unwrap_or_else(|| panic!("nothing takes a form at {target}")).action
}

/// What a screen offers to a user who may not do it.
fn offered(app: &TestApp, path: &str, screen: &Reply, role: Role, policy: Policy) -> Vec<String> {
    let forms = actions(app, &screen.text).into_iter().filter(|(_, action)| !policy(role, *action));
    let mut wrong: Vec<_> =
        forms.map(|(target, action)| format!("a form to {target}, which needs {action:?}")).collect();
    if !policy(role, Action::Publish) {
        let order = ["data-move", "data-sortable"].into_iter().filter(|_| path != "/admin/menu");
        let marks = ["value=\"publish", "data-publish"].into_iter().chain(order);
        wrong.extend(marks.filter(|mark| screen.text.contains(mark)).map(ToOwned::to_owned));
    }
    wrong
}

/// Follows every link of the admin area from `from`; gives what is offered in vain.
async fn walk(app: &TestApp, who: &TestUser, policy: Policy, from: &[String]) -> (usize, Vec<String>) {
    let mut left = from.to_vec();
    let mut seen: BTreeSet<String> = left.iter().cloned().collect();
    let mut wrong = Vec::new();
    while let Some(path) = left.pop() {
        let screen = who.get(&path).await;
        let status = screen.status.as_u16();
        if status != 200 && status != 303 {
            wrong.push(format!("a link to {path}: {status}"));
        }
        wrong.extend(
            offered(app, &path, &screen, who.actor.role, policy).into_iter().map(|what| format!("{path}: {what}")),
        );
        for link in paths(&screen.text, "href=\"") {
            let link = link.split('#').next().unwrap().to_owned();
            if seen.insert(link.clone()) {
                left.push(link);
            }
        }
    }
    (seen.len(), wrong)
}

#[tokio::test]
async fn no_screen_offers_what_its_user_may_not_do() {
    let site = Site::make().await;
    for (role, policy) in [
        (Role::Editor, allows as Policy),
        (Role::Administrator, allows),
        (Role::Editor, publishes_nothing),
        (Role::Administrator, publishes_nothing),
    ] {
        let app = site.copy_with(policy).await;
        let who = app.user(role, "Some User").await;
        // What comes after a save, a discard and an older version that was brought back, and what is said then.
        let mut from = vec!["/admin".to_owned(), "/admin/search?q=rights".to_owned()];
        for (path, fields) in [
            ("/admin/pages/new", "title=A page&slug=a-page&body=x&menu=main&layout=article&do=save"),
            ("/admin/pages/<first>", "base=1&title=Renamed&slug=renamed&body=x&menu=main&do=save"),
            ("/admin/pages/<first>", "base=1&title=Named otherwise&slug=renamed&body=y&menu=main&do=save"),
            ("/admin/documents/<second>/discard", "version=2"),
            ("/admin/documents/<first>/revisions/1/restore", "base=2"),
        ] {
            let (path, fields) = (site.fill(path), site.fill(fields));
            let fields: Vec<_> = fields.split('&').map(|field| field.split_once('=').unwrap()).collect();
            let reply = who.post(&path, &fields).await;
            assert!(matches!(reply.status.as_u16(), 303 | 409), "{path}: {}", reply.text);
            let wrong = offered(&app, &path, &reply, role, policy);
            assert!(wrong.is_empty(), "{path}: {wrong:#?}");
            if reply.status == 303 {
                let wrong = offered(&app, &path, &who.get(&reply.location()).await, role, policy);
                assert!(wrong.is_empty(), "after {path}: {wrong:#?}");
            }
            from.push(site.fill("/admin/pages/<first>"));
        }
        let (walked, wrong) = walk(&app, &who, policy, &from).await;
        assert!(wrong.is_empty(), "{role:?}: {wrong:#?}");
        assert!(walked > 60, "{walked}");
    }
}

/// The same data after a restart at which the right to publish was taken from everyone.
async fn restart(app: &TestApp) -> TestApp {
    let rules = Rules { policy: publishes_nothing, ..Rules::default() };
    TestApp::with_rules(app.data.clone(), &[], Cost::ForTests, rules).await
}

#[tokio::test]
async fn who_lost_the_right_to_publish_saves_but_does_not_publish() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let page = [("title", "Numbats"), ("slug", "numbats"), ("body", "First."), ("menu", "main")];
    let path = editor.post("/admin/pages/new", &page).await.is(303).location();
    editor.get(&path).await.is(200).says("data-publish");
    let app = restart(&app).await;
    let editor = editor.at(&app);
    for intent in ["publish", "review"] {
        let typed = [("base", "1"), ("title", "Numbats"), ("slug", "numbats"), ("body", "Second."), ("do", intent)];
        editor.post(&path, &typed).await.is(403).says("Second.");
        let new = [("title", "Quolls"), ("slug", "quolls"), ("body", "Third."), ("menu", "main"), ("do", intent)];
        editor.post("/admin/pages/new", &new).await.is(403).says("Third.");
        let item = [("title", "Why?"), ("slug", "why"), ("body", "Fourth."), ("category", "1"), ("do", intent)];
        editor.post("/admin/faq/new", &item).await.is(403).says("Fourth.");
    }
    app.visitor().get("/numbats").await.is(404);
    let typed = [("base", "1"), ("title", "Numbats"), ("slug", "numbats"), ("body", "Second."), ("do", "save")];
    editor.post(&path, &typed).await.is(303);
    editor.get(&path).await.is(200).says("Second.").says("Version 2").does_not_say("data-publish");
    app.visitor().get("/numbats").await.is(404);
}

#[tokio::test]
async fn what_was_offered_is_not_offered_to_who_lost_the_right() {
    let app = TestApp::new().await;
    let about = app.page_id("/about").await;
    for restarts in [false, true] {
        let editor = app.editor().await;
        let gone = editor.post(&format!("/admin/pages/{about}/unpublish"), &[]).await.is(303).location();
        let (editor, says) = if restarts { (editor.at(&restart(&app).await), false) } else { (editor, true) };
        let screen = editor.get(&gone).await.is(200);
        assert_eq!(screen.text.contains(" again</button>"), says, "{}", screen.text);
        assert!(screen.text.contains("class=\"flash"), "{}", screen.text);
        if !restarts {
            app.publish(about).await;
        }
    }
}

#[tokio::test]
async fn the_first_category_is_asked_for_by_who_may_make_it() {
    let options = ["--starter", "none"];
    let app = TestApp::over(std::sync::Arc::new(tempfile::TempDir::new().unwrap()), &options).await;
    let rules = Rules { policy: publishes_nothing, ..Rules::default() };
    let strict = TestApp::with_rules(app.data.clone(), &options, Cost::ForTests, rules).await;
    for path in ["/admin/faq", "/admin/faq/new", "/admin/faq/categories"] {
        app.editor().await.get(path).await.is(200).says("href=\"/admin/faq/categories/new\"");
        let screen = strict.editor().await.get(path).await.is(200);
        screen.says("No categories yet").does_not_say("href=\"/admin/faq/categories/new\"");
    }
}
