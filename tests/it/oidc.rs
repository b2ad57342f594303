//! The company sign-in: who gets in, with which role, what is refused, and how it is the only way in.

use std::sync::Arc;

use plinth::model::{actor::Role, user};
use serde_json::{Value, json};

use crate::{
    harness::{PASSWORD, Reply, TestApp, TestUser},
    log::Log,
    oidc_provider::{Asked, CLIENT, Provider, SECRET, Signing, now},
};

const SIGN_IN: &str = "/admin/sign-in/company";
const REFUSED: &str = "You could not be signed in with your company account";
const GROUPS: &str = "groups:editors=editor,admins=administrator";

async fn portal(issuer: &str, options: &[&str]) -> TestApp {
    let of_provider = ["--oidc-issuer", issuer, "--oidc-client-id", CLIENT, "--oidc-client-secret", SECRET];
    TestApp::with(&[&of_provider, options].concat()).await.in_this_thread()
}

/// Presses the button, and goes to the provider.
async fn ask(who: &TestUser) -> Asked {
    let page = who.post(SIGN_IN, &[("next", "/admin/account")]).await.is(200).says("Go there now");
    Asked::parse(page.header("refresh").strip_prefix("0;url=").expect("an address"))
}

async fn come_back(who: &TestUser, code: &str, state: &str) -> Reply {
    who.get(&format!("{SIGN_IN}/callback?code={code}&state={state}")).await
}

/// All of it, with what `change` makes of what the provider says.
async fn sign_in(
    who: &TestUser,
    provider: &Arc<Provider>,
    (subject, email): (&str, &str),
    change: impl FnOnce(&mut Value),
) -> Reply {
    let asked = ask(who).await;
    let mut claims = provider.claims(&asked, subject, email);
    change(&mut claims);
    come_back(who, &provider.grant(&asked, &claims, Signing::Right), &asked.state).await
}

fn groups(names: &[&str]) -> impl FnOnce(&mut Value) {
    let names = json!(names);
    move |claims| claims["groups"] = names
}

async fn role(app: &TestApp, who: &TestUser) -> Role {
    user::get(app.app.read(), who.actor.id.unwrap()).await.unwrap().role
}

#[tokio::test]
async fn oidc_signs_in_and_maps_a_group() {
    let provider = Provider::start().await;
    let app = portal(&provider.issuer, &["--oidc-label", "Example AG", "--oidc-groups", GROUPS]).await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let (log, _guard) = Log::begin();
    app.visitor().get("/admin/sign-in").await.is(200).says("Sign in with Example AG").says("name=\"password\"");
    let who = app.visitor();
    let begun = sign_in(&who, &provider, ("7", &editor.email), groups(&["editors", "admins"])).await.is(303);
    assert_eq!(begun.location(), "/admin/account");
    who.get("/admin/account").await.is(200).says("Edith Editor");
    assert_eq!(role(&app, &editor).await, Role::Administrator);
    who.get("/admin/audit-log").await.is(200).says("linked the company account of").says("with a company account");
    // Found by the id that the provider gives from now on; another one with the address does not get in.
    let again = app.visitor();
    sign_in(&again, &provider, ("7", "new@company.example"), |_| {}).await.is(303);
    assert_eq!(role(&app, &editor).await, Role::Editor);
    sign_in(&app.visitor(), &provider, ("8", &editor.email), |_| {}).await.is(422).says(REFUSED);
    sign_in(&app.visitor(), &provider, ("7", ""), groups(&["all"])).await.is(422).says(REFUSED);
    sign_in(&app.visitor(), &provider, ("7", ""), groups(&[])).await.is(422).says(REFUSED);
    // Those who lost it are linked again.
    let at = format!("/admin/users/{}", editor.actor.id.unwrap());
    admin.post(&format!("{at}/factors/remove"), &[]).await.is(303);
    sign_in(&app.visitor(), &provider, ("8", &editor.email), |_| {}).await.is(303);
    admin.post(&format!("{at}/deactivate"), &[]).await.is(303);
    sign_in(&app.visitor(), &provider, ("8", &editor.email), |_| {}).await.is(422).says(REFUSED);
    // The last administrator stays one.
    sign_in(&app.visitor(), &provider, ("1", &admin.email), groups(&["editors"])).await.is(303);
    assert_eq!(role(&app, &admin).await, Role::Administrator);
    let text = log.text();
    for reason in ["linked to another account", "none of the groups", "is deactivated", "keeps it"] {
        assert!(text.contains(reason), "{reason}: {text}");
    }
    assert!(!text.contains(SECRET), "{text}");
}

#[tokio::test]
async fn an_answer_that_is_not_right_lets_nobody_in() {
    let provider = Provider::start().await;
    let app = portal(&provider.issuer, &[]).await;
    let editor = app.editor().await;
    let account = ("7", editor.email.as_str());
    let refused = async |change: fn(&mut Value), reason: &str| {
        let (log, _guard) = Log::begin();
        let who = app.visitor();
        sign_in(&who, &provider, account, change).await.is(422).says(REFUSED);
        who.get("/admin/account").await.is(303);
        assert!(log.text().contains(reason), "{reason}: {}", log.text());
        assert_eq!(log.of("company_refused").len(), 1);
    };
    refused(|claims| claims["iss"] = json!("https://evil.example"), "Invalid issuer").await;
    refused(|claims| claims["aud"] = json!("another"), "Invalid audiences").await;
    refused(|claims| claims["aud"] = json!([CLIENT, "another"]), "Invalid audiences").await;
    refused(|claims| claims["azp"] = json!("another"), "another party").await;
    refused(|claims| claims["nonce"] = json!("an old one"), "Invalid nonce").await;
    refused(|claims| claims["exp"] = json!(now() - 1), "Expired").await;
    refused(|claims| claims["iat"] = json!(now() - 3600), "issued at").await;
    refused(|claims| claims["email_verified"] = json!(false), "no verified address").await;
    refused(|claims| claims["email"] = json!("nobody@company.example"), "no user has the address").await;
    for (signing, reason) in [
        (Signing::ForeignKey, "Crypto error"),
        (Signing::UnknownKey, "No matching key"),
        (Signing::Nothing, "the company sign-in let nobody in"),
        (Signing::Secret, "Disallowed signature algorithm"),
    ] {
        let (log, _guard) = Log::begin();
        let who = app.visitor();
        let asked = ask(&who).await;
        let claims = provider.claims(&asked, "7", &editor.email);
        come_back(&who, &provider.grant(&asked, &claims, signing), &asked.state).await.is(422).says(REFUSED);
        assert!(log.text().contains(reason), "{signing:?}: {}", log.text());
    }
    // A state of another browser; then the same answer twice.
    let (who, thief) = (app.visitor(), app.visitor());
    let (asked, of_thief) = (ask(&who).await, ask(&thief).await);
    let code = provider.grant(&asked, &provider.claims(&asked, "7", &editor.email), Signing::Right);
    come_back(&thief, &code, &asked.state).await.is(422).says(REFUSED);
    come_back(&app.visitor(), &code, &asked.state).await.is(422).says(REFUSED);
    come_back(&who, &code, &asked.state).await.is(303);
    come_back(&who, &code, &asked.state).await.is(422);
    come_back(&thief, &code, &of_thief.state).await.is(422).says(REFUSED);
    // Too late.
    let who = app.visitor();
    let asked = ask(&who).await;
    let code = provider.grant(&asked, &provider.claims(&asked, "7", &editor.email), Signing::Right);
    app.app.clock.advance(10 * 60_000);
    come_back(&who, &code, &asked.state).await.is(422).says(REFUSED);
    who.get(&format!("{SIGN_IN}/callback?state={}&error=access_denied", ask(&who).await.state)).await.is(422);
}

#[tokio::test]
async fn the_company_sign_in_can_be_the_only_way_in() {
    // Nobody listens there any more.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let only = ["--oidc-only", "on", "--public-url", "http://localhost:3000"];
    let app = portal(&issuer, &only).await;
    let editor = app.editor().await;
    let mut who = app.visitor();
    "localhost:3000".clone_into(&mut who.host);
    let page = who.get("/admin/sign-in").await.is(200).says("Sign in with your company account");
    page.does_not_say("name=\"password\"").does_not_say("passkey-form").does_not_say("forgotten-password");
    let typed = [("email", editor.email.as_str()), ("password", PASSWORD)];
    who.post("/admin/sign-in", &typed).await.is(422).says("with the company account alone");
    for path in ["/admin/sign-in/passkey", "/admin/sign-in/passkey/challenge", "/admin/forgotten-password"] {
        who.post(path, &[("email", &editor.email), ("answer", "{}")]).await.is(400);
    }
    who.get("/admin/account").await.is(303);
    let (log, _guard) = Log::begin();
    who.post(SIGN_IN, &[]).await.is(422).says(REFUSED);
    assert!(log.text().contains("the company sign-in let nobody in"), "{}", log.text());
}
