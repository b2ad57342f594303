//! Whatever changes what visitors see at once asks for the right to do that: every form is sent as every role, and the
//! public site is compared before and after. Walks effects; `guard` walks declarations.

mod forms;
mod offers;
mod site;

use std::{collections::BTreeMap, sync::Arc};

use axum::http::Method;
use plinth::{
    admin::shared::routes::Route,
    model::{
        actor::Role,
        policy::{Action, allows},
    },
};
use tokio::task::JoinSet;

use crate::{
    harness::{TestApp, TestUser},
    media,
};
use forms::{Effect, FORMS, Form};
use site::{Site, public_site};

const ROLES: [Role; 3] = [Role::Visitor, Role::Editor, Role::Administrator];

/// The rights to change what visitors see at once.
const PUBLIC: [Action; 3] = [Action::Publish, Action::ChangeSettings, Action::ChangeTypes];

/// How many copies of the site run at a time.
const WORKERS: usize = 3;

/// What visitors see, by address.
type Seen = BTreeMap<String, String>;

/// Forms that one role sends to one copy of the site, one after the other.
struct Round {
    role: Role,
    forms: Vec<(&'static Form, Action)>,
    check: Check,
}

/// What is looked at in a round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    /// The right and the effect of its only form.
    Effect,
    /// The right for each form.
    Right,
    /// That nothing has changed after the last one.
    Unchanged,
}

/// The forms with the actions of their routes.
fn forms(routes: &[Route]) -> Vec<(&'static Form, Action)> {
    let posts: BTreeMap<_, _> =
        routes.iter().filter(|route| route.method != Method::GET).map(|route| (route.path, route.action)).collect();
    for path in posts.keys() {
        assert!(FORMS.iter().any(|form| form.route == *path), "add a form for the route {path}");
    }
    let action = |form: &Form| *posts.get(form.route).unwrap_or_else(|| panic!("there is no route {}", form.route));
    FORMS.iter().map(|form| (form, action(form))).collect()
}

/// Each form is sent by the lowest role that may send it, but for visitors, to a copy that nothing else has changed. Each role
/// sends all others to one copy. An administrator may send these, too; what the other roles send there is refused, or
/// is for visitors.
fn rounds(routes: &[Route]) -> Vec<Round> {
    let mut rounds = Vec::new();
    for role in ROLES {
        let is_lowest = |action| ROLES.into_iter().find(|role| allows(*role, action)) == Some(role);
        let (alone, together): (Vec<_>, Vec<_>) =
            forms(routes).into_iter().partition(|(_, action)| role != Role::Visitor && is_lowest(*action));
        rounds.extend(alone.into_iter().map(|form| Round { role, forms: vec![form], check: Check::Effect }));
        let check = if role == Role::Administrator { Check::Right } else { Check::Unchanged };
        rounds.push(Round { role, forms: together, check });
    }
    rounds
}

async fn send(site: &Site, who: &TestUser, form: &Form) -> u16 {
    let at = site.fill(form.at);
    let mut at = at.split(' ');
    let places = form.route.split('/').map(|part| match part.split_once('{') {
        Some((start, _)) => format!("{start}{}", at.next().expect("a value for each place")),
        None => part.to_owned(),
    });
    let path = places.collect::<Vec<_>>().join("/");
    let fields = site.fill(form.fields);
    let fields: Vec<_> = fields.split('&').filter_map(|field| field.split_once('=')).collect();
    let reply = match fields.split_last() {
        Some((("files", name), others)) => {
            let list = b"/nowhere/first,/guide";
            let bytes = if *name == "list" { list.to_vec() } else { media::pdf("new") };
            media::send_files(who, &path, others, &[(name, &bytes)]).await
        }
        _ => who.post(&path, &fields).await,
    };
    reply.status.as_u16()
}

/// Sends the forms of a round; gives what is wrong.
async fn walk(site: &Site, before: &Seen, Round { role, forms, check }: Round) -> Vec<String> {
    let app = site.copy().await;
    let mut wrong = Vec::new();
    let mut before = before.clone();
    for (form, action) in forms {
        let who = match role {
            Role::Visitor => app.visitor(),
            _ => app.user(role, "Some User").await,
        };
        let status = send(site, &who, form).await;
        if check == Check::Unchanged {
            continue;
        }
        let after = public_site(&app).await;
        let seen = difference(&before, &after);
        let what = judge_right(form, action, role, seen.is_some());
        let what = what.or_else(|| judge_effect(form, status, seen.is_some()).filter(|_| check == Check::Effect));
        let sent = format!("{} with “{}” as {}: {status}", form.route, form.fields, role.as_str());
        wrong.extend(what.map(|what| format!("{sent}: {what}; {seen:?}")));
        before = after;
    }
    if check == Check::Unchanged
        && let Some(seen) = difference(&before, &public_site(&app).await)
    {
        wrong.push(format!("{}: a form of a user without the right changed {seen}", role.as_str()));
    }
    wrong
}

/// What is wrong with the right that was asked for.
fn judge_right(form: &Form, action: Action, role: Role, changed: bool) -> Option<String> {
    let asked = if let Effect::PublicIf(asked) = form.effect { asked } else { action };
    if changed && !PUBLIC.contains(&asked) {
        return Some(format!("visitors see it at once, and it asks for {asked:?} only"));
    }
    let may = allows(role, action) && allows(role, asked);
    (changed && !may).then(|| "visitors see what a user without the right did".to_owned())
}

/// What is wrong with the table: a form that does nothing would prove nothing.
fn judge_effect(form: &Form, status: u16, changed: bool) -> Option<String> {
    if form.effect != Effect::Refused && status >= 400 {
        return Some("the form does not fit the site of this test".to_owned());
    }
    let expected = matches!(form.effect, Effect::Public | Effect::PublicIf(_));
    (changed != expected).then(|| format!("visitors {} a change", if changed { "see" } else { "do not see" }))
}

/// The first address at which visitors see something else.
fn difference(before: &Seen, after: &Seen) -> Option<String> {
    let differs = |path: &&String| before.get(*path) != after.get(*path);
    before.keys().chain(after.keys()).find(differs).cloned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_visitors_see_at_once_asks_for_the_right_to_publish() {
    let site = Arc::new(Site::make().await);
    let app: TestApp = site.copy().await;
    let before = Arc::new(public_site(&app).await);
    assert_eq!(difference(&before, &public_site(&app).await), None, "the comparison sees a difference that is none");
    assert!(before.len() > 15, "{:?}", before.keys());
    let mut rounds = rounds(&app.routes);
    let mut workers = JoinSet::new();
    let mut wrong = Vec::new();
    while !rounds.is_empty() || !workers.is_empty() {
        while workers.len() < WORKERS
            && let Some(round) = rounds.pop()
        {
            let (site, before) = (site.clone(), before.clone());
            workers.spawn(async move { walk(&site, &before, round).await });
        }
        wrong.extend(workers.join_next().await.expect("a round").unwrap());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
