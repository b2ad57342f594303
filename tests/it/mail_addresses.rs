//! Users change the address they sign in with: by a link to the new one, or by an administrator.

use plinth::{app::mailing, clock::DAY, model::actor::Role};

use crate::{
    admin_messages::audit_log,
    forms::hidden,
    harness::{PASSWORD, TestApp},
    mail_notices::{path_after, portal, work},
    smtp_sink::SmtpSink,
    stale_forms::send_seen,
};

const ADDRESS: &str = "/admin/account/address";
const LINK: &str = "/admin/account/address/";

#[tokio::test]
async fn a_user_confirms_a_new_address_and_the_old_one_is_told() {
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let (user, other) = (app.user(Role::Editor, "Amy Address").await, app.editor().await);
    let ask = async |email: &str, password: &str| {
        user.post(ADDRESS, &[("email", email), ("current_password", password)]).await
    };
    user.get("/admin/account").await.says(&format!("href=\"{ADDRESS}\""));
    ask("amy", PASSWORD).await.is(422).says("value=\"amy\"").says("form name@example.org");
    ask("amy@home.example", "wrong").await.is(422).says("not your present password").says("value=\"amy@home.example\"");
    ask(&user.email.to_uppercase(), PASSWORD).await.is(422).says("your address already");

    // One that another account has gets nothing, and nobody is told.
    let to = ask(&other.email, PASSWORD).await.is(303).location();
    user.get(&to).await.says("A link is on its way to");
    work(&app).await;
    assert!(sink.take().is_empty());

    ask("amy@home.example", PASSWORD).await.is(303);
    ask("Amy@Work.example", PASSWORD).await.is(303);
    work(&app).await;
    let mail = sink.take_one();
    assert_eq!(mail.to, ["amy@work.example"]);
    let link = path_after(&mail.body, LINK);
    // Who got the link by mistake cannot use it.
    assert!(app.visitor().get(&link).await.is(303).location().starts_with("/admin/sign-in"));
    assert_eq!(other.get(&link).await.is(303).location(), "/admin/account");
    assert_eq!(other.post(&link, &[]).await.is(303).location(), "/admin/account");
    user.get(&link).await.is(200).says("amy@work.example").says(&user.email);
    work(&app).await;
    assert!(sink.take().is_empty(), "looking changes nothing");
    let elsewhere = app.visitor();
    elsewhere.post("/admin/sign-in", &[("email", &user.email), ("password", PASSWORD)]).await.is(303);
    user.post_and_follow(&link, &[]).await.says("From now on you sign in as").says("amy@work.example");
    elsewhere.get("/admin").await.is(303);
    work(&app).await;
    let told = sink.take_one();
    assert_eq!((told.to.clone(), told.header("Auto-Submitted")), (vec![user.email.clone()], "auto-generated"));
    assert!(told.body.contains("was changed by you") && !told.body.contains("amy@work"), "{}", told.body);
    assert_eq!(audit_log(&app, "user.change_address").await, ["Amy Address Amy Address ()"]);
    user.post_and_follow(&link, &[]).await.says("This link does not work");
    let sign_in = |email: String| {
        let visitor = app.visitor();
        async move { visitor.post("/admin/sign-in", &[("email", &email), ("password", PASSWORD)]).await }
    };
    sign_in("AMY@work.example".to_owned()).await.is(303);
    sign_in(user.email.clone()).await.is(422);
    work(&app).await;
    assert!(sink.take_one().body.contains("on a new device"));

    // A change of the password ends a link, and so does time.
    ask("amy@home.example", PASSWORD).await.is(303);
    work(&app).await;
    let link = path_after(&sink.take_one().body, LINK);
    let change = [("current_password", PASSWORD), ("password", "copper lantern willow drum")];
    user.post("/admin/account/password", &change).await.is(303);
    user.get(&link).await.is(303);
    ask("amy@home.example", "copper lantern willow drum").await.is(303);
    let address = sink.stop().await;
    assert!(!mailing::send_due(&app.app).await.unwrap());
    let sink = SmtpSink::at(address).await;
    app.app.clock.advance(DAY + 1);
    work(&app).await;
    let late = sink.take_one();
    assert!(late.body.contains("password of your account was changed") && !late.body.contains(LINK), "{}", late.body);
}

#[tokio::test]
async fn an_administrator_changes_an_address_without_mail_too() {
    let app = TestApp::new().await;
    let (admin, user, other) = (app.admin().await, app.user(Role::Editor, "Amy Address").await, app.editor().await);
    user.get(ADDRESS).await.is(200).says("Ask an administrator");
    user.post(ADDRESS, &[("email", "amy@work.example"), ("current_password", PASSWORD)]).await.is(400);
    let path = format!("/admin/users/{}/address", user.actor.id.unwrap());
    user.get(&path).await.is(403);
    let change = async |email: &str, was: &str| admin.post(&path, &[("email", email), ("was_email", was)]).await;
    change("amy at work", &user.email).await.is(422).says("value=\"amy at work\"");
    change(&other.email, &user.email).await.is(422).says("already an account");
    change("amy@work.example", &user.email).await.is(303);
    user.get("/admin").await.is(303);
    admin.get(&format!("/admin/users/{}", user.actor.id.unwrap())).await.says("amy@work.example");
    // Another administrator, who saw the old one.
    change("amy@home.example", &user.email).await.is(409).says("amy@work.example");
    let own = format!("/admin/users/{}/address", admin.actor.id.unwrap());
    admin.post(&own, &[("email", "ada@work.example"), ("was_email", &admin.email)]).await.is(303);
    admin.get("/admin/users").await.is(200).says("ada@work.example");
}

#[tokio::test]
async fn erasing_an_address_withdraws_the_link_that_would_confirm_it() {
    const ERASE: &str = "/admin/personal-data/erase";
    let sink = SmtpSink::start().await;
    let app = portal(&sink).await;
    let (user, admin) = (app.editor().await, app.admin().await);
    for email in ["amy@home.example", "amy@work.example"] {
        user.post(ADDRESS, &[("email", email), ("current_password", PASSWORD)]).await.is(303);
        work(&app).await;
    }
    let link = path_after(&sink.take()[1].body, LINK);
    admin
        .post("/admin/personal-data", &[("address", "amy@home.example")])
        .await
        .says("No message, no e-mail, no account");
    let seen = admin.post("/admin/personal-data", &[("address", "Amy@Work.example")]).await.is(200);
    let seen = seen.says("1 link with which a user confirms it");
    send_seen(&admin, ERASE, &hidden(&seen, ERASE), &[("confirmation", "amy@work.example")]).await.is(303);
    admin.get("/admin/personal-data").await.says("Erased: 1 link that confirms it.");
    user.post_and_follow(&link, &[]).await.says("This link does not work");
    assert_eq!(app.app.read().value::<i64>("select count(*) from address_link", ()).await.unwrap(), 0);
}
