//! Who may do what: every route as every role.

use crate::harness::{Reply, TestApp, TestUser};
use axum::http::Method;
use plinth::{
    admin::shared::signed_out::sign_in_path,
    model::{
        actor::Role,
        policy::{Action, allows},
    },
};

/// A path of the route, with something in each place.
fn filled(path: &str) -> String {
    let fill = |part: &str| match part {
        part if part.starts_with("{*") => "nowhere/at/all".to_owned(),
        part if part.starts_with('{') => "1".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

async fn ask(who: &TestUser, method: &Method, path: &str) -> Reply {
    match *method {
        Method::GET => who.get(path).await,
        Method::POST => who.post(path, &[("anything", "x")]).await,
        _ => panic!("a method that this test does not know: {method}"),
    }
}

/// Whether the guard turned this role away, rather than the handler answering.
fn is_refused(reply: &Reply, path: &str, role: Role) -> bool {
    match role {
        Role::Visitor => reply.status == 401 || reply.location() == sign_in_path(path, None),
        _ => reply.status == 403 || reply.status == 401,
    }
}

#[tokio::test]
async fn every_route_as_every_role() {
    let app = TestApp::with(&["--login-limit", "1000", "--contact-limit", "1000"]).await;
    // So that the walk never demotes or deactivates the last administrator.
    app.admin().await;
    let mut wrong = Vec::new();
    for route in &app.routes {
        for role in [Role::Visitor, Role::Editor, Role::Administrator] {
            let who = match role {
                Role::Visitor => app.visitor(),
                _ => app.user(role, "Someone").await,
            };
            let path = filled(route.path);
            let reply = ask(&who, &route.method, &path).await;
            let refused = is_refused(&reply, &path, role);
            if refused == allows(role, route.action) || reply.status.is_server_error() {
                wrong.push(format!("{} {path} as {role:?}: {} {}", route.method, reply.status, reply.location()));
            }
            if refused && role == Role::Visitor && route.method == Method::GET {
                assert!(reply.status == 303 && reply.text.is_empty(), "{path}: nothing but the way to the sign-in");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(app.routes.len() > 20, "the table was not walked");
}

#[test]
fn rights_grow_with_the_role() {
    use Action as A;
    for (action, least) in [
        (A::Read, Role::Visitor),
        (A::SendMessage, Role::Visitor),
        (A::SignIn, Role::Visitor),
        (A::UseAdmin, Role::Editor),
        (A::ChangeOwnFactors, Role::Editor),
        (A::Edit, Role::Editor),
        (A::Publish, Role::Editor),
        (A::HandleMessages, Role::Editor),
        (A::ExportMessages, Role::Administrator),
        (A::DownloadBackups, Role::Administrator),
        (A::DisposeOfMessages, Role::Administrator),
        (A::ChangeSettings, Role::Administrator),
        (A::ChangeTypes, Role::Administrator),
        (A::HandlePersonalData, Role::Administrator),
        (A::ManageWebhooks, Role::Administrator),
        (A::ManageUsers, Role::Administrator),
        (A::ReadAuditLog, Role::Administrator),
    ] {
        let roles = [Role::Visitor, Role::Editor, Role::Administrator];
        let from = roles.iter().position(|role| *role == least).unwrap();
        for (place, role) in roles.into_iter().enumerate() {
            assert_eq!(allows(role, action), place >= from, "{role:?} {action:?}");
        }
    }
}

#[tokio::test]
async fn no_route_of_the_admin_area_is_open_but_the_sign_in() {
    let app = TestApp::new().await;
    for route in app.routes.iter().filter(|route| route.path.starts_with("/admin")) {
        let open_to_all = [
            "/admin/sign-in",
            "/admin/sign-in/code",
            "/admin/sign-in/passkey",
            "/admin/sign-in/passkey/challenge",
            "/admin/sign-in/company",
            "/admin/sign-in/company/callback",
            "/admin/sign-out",
            "/admin/setup/{token}",
            "/admin/invitations/{token}",
            "/admin/forgotten-password",
            "/admin/unsubscribe/{token}",
        ];
        // Tells who is signed out that they are.
        let is_open = open_to_all.contains(&route.path) || route.path == "/admin/session-check";
        assert_eq!(allows(Role::Visitor, route.action), is_open, "{} {}", route.method, route.path);
    }
}

/// A page at a path that the program answers itself would never be seen.
#[tokio::test]
async fn no_page_has_the_path_of_a_route() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let firsts = app.routes.iter().filter_map(|route| route.path.split('/').nth(1));
    let firsts: std::collections::BTreeSet<&str> =
        firsts.filter(|first| !first.is_empty() && !first.contains(['{', '.'])).collect();
    assert!(firsts.contains("admin") && firsts.contains("search"), "{firsts:?}");
    for slug in firsts.into_iter().chain(["index"]) {
        let page = [("title", "A page"), ("slug", slug), ("body", "Text")];
        let reply = editor.post("/admin/pages/new", &page).await.is(422);
        reply.says(&format!("The path /{slug} is used by the portal itself"));
    }
}

/// Links of templates and scripts are written out there, so a renamed route would leave them behind.
#[tokio::test]
async fn every_link_of_a_template_or_script_leads_to_a_route() {
    let app = TestApp::new().await;
    let mut seen = 0;
    let texts = [("templates", "html"), ("templates", "xml"), ("static", "js"), ("editor", "js")];
    for (path, text) in texts.into_iter().flat_map(|(directory, end)| crate::structure::files(directory, end)) {
        for quote in ['"', '\'', '`'] {
            let parts = text.match_indices(&format!("{quote}/admin")).collect::<Vec<_>>();
            for (at, _) in parts {
                seen += 1;
                let link = text[at + 1..].split(quote).next().unwrap();
                assert!(is_route(&app, link), "{}: nothing is at {link}", path.display());
            }
        }
    }
    assert!(seen > 80, "only {seen} links were found");
}

/// Whether a route answers at a link of a template; what the template fills in may be anything.
fn is_route(app: &TestApp, link: &str) -> bool {
    // A query string that the view made follows the path at once.
    let link = link.trim_end_matches("{{ query }}");
    let filled = link.replace("{{ ", "{{").replace(" }}", "}}");
    let path = filled.split('?').next().unwrap().split('#').next().unwrap().split("{%").next().unwrap();
    let parts: Vec<&str> = path.split('/').collect();
    app.routes.iter().filter(|route| !route.path.contains("{*")).any(|route| {
        let pattern: Vec<&str> = route.path.split('/').collect();
        let fits = |(pattern, part): (&&str, &&str)| {
            pattern.starts_with('{') == part.starts_with('{') && (pattern.starts_with('{') || pattern == part)
        };
        pattern.len() == parts.len() && pattern.iter().zip(&parts).all(fits)
    })
}
