//! The settings of the site.

use plinth::model::{
    audit_log::{self, AuditFilter},
    settings::Settings,
};

use crate::{
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
};

const PATH: &str = "/admin/settings";

fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("site_name", "Portal of Tests"),
        ("tagline", "All checked"),
        ("contact_address", "contact@portal.example"),
        ("footer", "A *plain* foot."),
        ("language", "en-GB"),
        ("time_zone", "Europe/Berlin"),
        ("retention_months", "12"),
    ];
    for (name, value) in changes {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = value,
            None => fields.push((name, value)),
        }
    }
    fields
}

/// Opens the form, fills it in and sends it.
pub async fn save(admin: &TestUser, changes: &[(&str, &str)]) -> Reply {
    let opened = hidden(&admin.get(PATH).await.is(200), PATH);
    let mut fields = form(changes);
    fields.extend(opened.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    admin.post(PATH, &fields).await
}

#[tokio::test]
async fn what_is_saved_visitors_see_at_once() {
    let app = TestApp::new().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    admin.get(PATH).await.is(200).says("value=\"ISO 20000 Certification Portal\"");
    let odd = [("site_name", " Portal\t of \u{0} Tests\r\n"), ("footer", "A *plain* foot.\r\n")];
    save(&admin, &odd).await.is(303);
    admin.get(PATH).await.is(200).says("The settings are saved").says("value=\"Portal of Tests\"");
    let page = visitor.get("/about").await.is(200).says("Portal of Tests").says("All checked");
    page.says("A <em>plain</em> foot.").says("mailto:contact@portal.example");
    let settings = Settings::load(app.app.read()).await.unwrap();
    assert_eq!((settings.time_zone.as_str(), settings.retention_months), ("Europe/Berlin", 12));
    admin.get("/admin/audit-log").await.says(" CE").does_not_say(" UTC<");

    let entries = audit_log::list(app.app.read(), &AuditFilter::default(), 1).await.unwrap();
    assert_eq!(entries[0].action, "settings.change");
    assert!(entries[0].detail.contains("time zone from “UTC” to “Europe/Berlin”"), "{}", entries[0].detail);
    save(&admin, &[]).await.is(303);
    admin.get(PATH).await.says("You changed nothing");
    assert_eq!(audit_log::list(app.app.read(), &AuditFilter::default(), 1).await.unwrap()[0].id, entries[0].id);
}

#[tokio::test]
async fn bad_settings_come_back_with_what_was_typed() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let before = Settings::load(app.app.read()).await.unwrap();
    let long = "f".repeat(2001);
    let bad = [
        ("site_name", " "),
        ("contact_address", "nobody"),
        ("footer", long.as_str()),
        ("time_zone", "Mars/Olympus"),
        ("retention_months", "a year"),
    ];
    let page = admin.post(PATH, &form(&bad)).await.is(422).says("There is a problem");
    let page = page.says("Enter the name of the site").says("Enter an e-mail address").says("Shorten the footer");
    page.says("Enter a time zone by its name").says("months from 1 to 120").says("value=\"a year\"").says(&long);
    for months in ["0", "121", "-1", "1.5", "", "99999999999999999999"] {
        admin.post(PATH, &form(&[("retention_months", months)])).await.is(422).says(&format!("value=\"{months}\""));
    }
    admin.post(PATH, &[]).await.is(422);
    assert_eq!(Settings::load(app.app.read()).await.unwrap(), before);
}

#[tokio::test]
async fn what_was_refused_is_not_called_saved_because_of_an_earlier_save() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut old = form(&[("tagline", "Mine")]);
    let opened = hidden(&admin.get(PATH).await.is(200), PATH);
    old.extend(opened.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    old.retain(|(name, _)| *name != "submission");
    // Saved in another window, which has not shown it yet.
    save(&admin, &[("tagline", "Theirs")]).await.is(303);
    admin.post(PATH, &old).await.is(409).says("Mine").does_not_say("The settings are saved");
    admin.post(PATH, &form(&[("site_name", "")])).await.is(422).does_not_say("The settings are saved");
    admin.get(PATH).await.is(200).says("The settings are saved");
    admin.get(PATH).await.is(200).does_not_say("The settings are saved");
}

#[tokio::test]
async fn a_hostile_footer_is_harmless() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let hostile = [("footer", "<script>alert(1)</script> [x](javascript:alert(1))"), ("site_name", "A <b>\"name\"")];
    save(&admin, &hostile).await.is(303);
    let page = app.visitor().get("/").await.is(200).does_not_say("<script>alert").does_not_say("href=\"javascript");
    page.says("A &lt;b&gt;&quot;name&quot;");
}

#[tokio::test]
async fn only_administrators_change_settings() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.get(PATH).await.is(403);
    editor.post(PATH, &form(&[])).await.is(403);
    app.visitor().get(PATH).await.is(303);
    assert_ne!(Settings::load(app.app.read()).await.unwrap().site_name, "Portal of Tests");
}
