//! "Before you open": the steps tick themselves off, and the list can be put away.

use std::sync::Arc;

use plinth::{
    app::backup,
    clock::DAY,
    config::backup::{LockOptions, UnlockOptions},
    model::{actor::Role, settings::Settings},
};

use tempfile::TempDir;

use crate::harness::{Reply, TestApp, TestUser, config};

const PATH: &str = "/admin";

/// The part of the dashboard that says what is done: `Imprint (to do) Complete the 9 marked places, and publish it.`
fn step(page: &Reply, label: &str) -> String {
    let list = page.text.split("id=\"_opening\"").nth(1).expect("the list").split("</section>").next().unwrap();
    let item = list.split("<li").find(|item| item.contains(&format!(">{label}</a>"))).expect("the step");
    item.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.trim()).collect::<Vec<_>>().join(" ")
}

async fn save_settings(app: &TestApp, change: impl FnOnce(&mut Settings)) {
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
    let mut settings = Settings::load(&write).await.unwrap();
    change(&mut settings);
    settings.save(&write).await.unwrap();
    write.commit().await.unwrap();
}

async fn publish(user: &TestUser, edit: &str, title: &str, slug: &str, body: &str) {
    let fields =
        [("base", "1"), ("title", title), ("slug", slug), ("body", body), ("menu", "footer"), ("do", "publish")];
    user.post(edit, &fields).await.is(303);
}

#[tokio::test]
async fn each_step_of_the_starter_site_ticks_itself_off() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let page = admin.get(PATH).await.is(200).says("Before you open").says("0 of 7 done");
    for label in ["Imprint", "Privacy"] {
        assert!(step(&page, label).contains("marked places, and publish it"), "{}", step(&page, label));
    }
    assert!(step(&page, "Contact address").contains("is an example"), "{}", step(&page, "Contact address"));
    assert!(step(&page, "Time zone").contains("(to do)") && step(&page, "Backup").contains("(to do)"));
    assert!(step(&page, "A second user").contains("Invite someone"), "{}", step(&page, "A second user"));
    // Only those who can do something about it.
    app.editor().await.get(PATH).await.does_not_say("Before you open");

    let page = admin.get(PATH).await.says("1 of 7 done");
    assert!(step(&page, "A second user").contains("2 users can sign in"), "the editor");
    for (path, title, slug) in [("/imprint", "Imprint", "imprint"), ("/privacy", "Privacy", "privacy")] {
        let edit = format!("/admin/pages/{}", app.page_id(path).await);
        publish(&admin, &edit, title, slug, "All that is asked for.").await;
        assert!(step(&admin.get(PATH).await, title).contains("is live and linked on every page"));
    }
    save_settings(&app, |settings| {
        "office@portal.org".clone_into(&mut settings.contact_address);
        "Europe/Berlin".clone_into(&mut settings.time_zone);
    })
    .await;
    let page = admin.get(PATH).await.says("5 of 7 done");
    assert!(step(&page, "Contact address").contains("Visitors may write to office@portal.org"));
    assert!(step(&page, "Time zone").contains("Europe/Berlin"));
    admin.post_and_follow("/admin/opening/mail", &[("do", "confirm")]).await.says("6 of 7 done");
    admin.post_and_follow("/admin/opening/backup", &[("do", "confirm")]).await.does_not_say("Before you open");
}

#[tokio::test]
async fn the_empty_site_is_told_what_it_does_not_have() {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--starter", "none"]).await;
    let admin = app.admin().await;
    let page = admin.get(PATH).await.is(200).says("0 of 7 done");
    assert!(step(&page, "Imprint").contains("Write the page"), "{}", step(&page, "Imprint"));
    assert!(step(&page, "Contact address").contains("Enter the address"));
    let new = "/admin/pages/new?title=Imprint&slug=imprint&menu=footer";
    let page = page.says(&new.replace('&', "&amp;"));
    let form = admin.get(new).await.is(200).says("value=\"Imprint\"").says("value=\"imprint\"");
    form.says("<option value=\"footer\" selected>");
    drop(page);
    // In another language, and at first in no menu.
    let fields = [("title", "Impressum"), ("slug", "impressum"), ("body", "x"), ("menu", "hidden"), ("do", "publish")];
    let edit = admin.post("/admin/pages/new", &fields).await.is(303).location();
    let page = admin.get(PATH).await;
    assert!(step(&page, "Imprint").contains("List the page at the foot"), "{}", step(&page, "Imprint"));
    publish(&admin, &edit, "Impressum", "impressum", "x").await;
    assert!(step(&admin.get(PATH).await, "Imprint").contains("“Impressum” is live"));
}

#[tokio::test]
async fn an_administrator_says_what_is_done_another_way_and_puts_the_list_away() {
    let app = TestApp::new().await;
    let admin = app.user(Role::Administrator, "Ada <Admin>").await;
    let page = admin.post_and_follow("/admin/opening/time_zone", &[("do", "confirm")]).await.is(200);
    assert!(step(&page, "Time zone").contains("Marked as done by Ada &lt;Admin&gt;"), "{}", step(&page, "Time zone"));
    let page = page.says("1 of 7 done");
    drop(page);
    let page = admin.post_and_follow("/admin/opening/time_zone", &[("do", "reopen")]).await.says("0 of 7 done");
    assert!(step(&page, "Time zone").contains("(to do)"));
    admin.post("/admin/opening/nothing", &[("do", "confirm")]).await.is(404);

    let page = admin.post_and_follow("/admin/opening", &[("do", "put_away")]).await.is(200);
    page.does_not_say("id=\"_opening\"").says("Show “Before you open” again");
    admin.get(PATH).await.does_not_say("id=\"_opening\"");
    admin.post_and_follow("/admin/opening", &[("do", "bring_back")]).await.says("id=\"_opening\"");
    let log = admin.get("/admin/audit-log").await.says("as done before opening");
    log.says("put the list of what to do before opening away")
        .says("brought the list of what to do before opening back");
}

#[tokio::test]
async fn a_backup_is_known_to_the_site_and_missed_when_it_is_old() {
    if crate::postgres::skips("PostgreSQL makes its backups itself") {
        return;
    }
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.get("/admin/backup").await.is(200).says("No backup has been made yet").says("plinth backup FILE");
    let file = app.data.path().join("site.tar");
    let keys = (LockOptions::default(), &UnlockOptions::default());
    backup::run(config(app.data.path(), &[]), &file, keys).await.unwrap();
    let page = admin.get(PATH).await.says("1 of 7 done");
    assert!(step(&page, "Backup").contains("The last one was made just now"), "{}", step(&page, "Backup"));
    admin.get("/admin/backup").await.says("The last backup was made");
    app.app.clock.advance(8 * DAY);
    let admin = app.admin().await;
    admin.get(PATH).await.says("The last backup was made 8 days ago");
}

#[tokio::test]
async fn search_engines_leave_out_what_is_to_be_filled_in() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    visitor.get("/imprint").await.is(200).says("<meta name=\"robots\" content=\"noindex\">");
    visitor.get("/about").await.is(200).does_not_say("noindex");
    let edit = format!("/admin/pages/{}", app.page_id("/imprint").await);
    app.editor().await.get(&edit).await.is(200).says("places are marked “to be completed before going live”");
}
