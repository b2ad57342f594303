//! An error page of the admin area never loses what was typed.

use crate::{
    contact,
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
};
use axum::http::Method;
use plinth::{
    admin::shared::kept_form::is_shown,
    model::{
        document::{content::Content, revision},
        page::editing,
        settings::Settings,
    },
};

const TYPED: &str = "An afternoon of <work>";
const SHOWN: &str = "An afternoon of &lt;work&gt;";

fn page<'a>(under: &'a str, intent: &'a str) -> [(&'a str, &'a str); 7] {
    [
        ("title", "A course"),
        ("slug", "a-course"),
        ("body", TYPED),
        ("menu", "main"),
        ("layout", "article"),
        ("under", under),
        ("do", intent),
    ]
}

async fn new_section(user: &TestUser) -> String {
    let fields = [("title", "Section"), ("slug", "section"), ("layout", "section"), ("do", "publish")];
    let edit = user.post("/admin/pages/new", &fields).await.is(303).location();
    edit.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_new_page_whose_place_is_gone_keeps_its_text_and_offers_another() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.editor().await);
    let section = new_section(&other).await;
    let training = app.page_id("/training").await.to_string();
    other.post(&format!("/admin/pages/{section}/delete"), &[]).await.is(303);
    for intent in ["save", "publish"] {
        let screen = editor.post("/admin/pages/new", &page(&section, intent)).await.is(422).says(SHOWN);
        let screen = screen.says("The page above is not there any more").says("href=\"#field-under\"");
        let screen = screen.says("<select id=\"field-under\" name=\"under\"").says("Choose a place");
        screen.says(&format!("<option value=\"{training}\">")).does_not_say(&format!("<option value=\"{section}\""));
    }
    // Nothing is chosen for them.
    for damaged in ["choose", "x", "99999999999999999999"] {
        editor.post("/admin/pages/new", &page(damaged, "save")).await.is(422).says(SHOWN).says("id=\"field-under\"");
    }
    let home = app.page_id("/").await.to_string();
    editor.post("/admin/pages/new", &page(&home, "save")).await.is(422).says("beside the front page").says(SHOWN);
    editor.get(&format!("/admin/pages/new?under={section}")).await.is(200).says("id=\"field-under\"");
    editor.post("/admin/pages/new/preview", &page(&section, "save")).await.is(200).says(SHOWN);
    editor.post("/admin/pages/new", &page(&training, "save")).await.is(303);
    app.page_id("/training/a-course").await;
}

#[tokio::test]
async fn another_place_is_found_however_many_there_are() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    for number in 0..230 {
        let content = Content { slug: format!("zone-{number:03}"), ..Content::empty(&format!("Zone {number}")) };
        editing::create(&write, None, content).await.unwrap();
    }
    write.commit().await.unwrap();
    let all: i64 = app.app.read().value("select count(*) from page where path <> '/'", ()).await.unwrap();
    let last = app.page_id("/zone-229").await.to_string();
    let option = format!("<option value=\"{last}\"");
    let gone = "99999";
    let screen = editor.post("/admin/pages/new", &page(gone, "save")).await.is(422).says(SHOWN).does_not_say(&option);
    screen.says(&format!("The list offers 200 of {all} pages. Find the others by"));
    let find = |under, find| [&page(under, "find")[..], &[("find", find)]].concat();
    let screen = editor.post("/admin/pages/new", &find("choose", "ZONE-22")).await.is(422).says(SHOWN).says(&option);
    let screen = screen.says("The list offers all 10 pages that contain “ZONE-22”.").says("value=\"ZONE-22\"");
    screen.says("href=\"#field-under\"").does_not_say("(/zone-219)");
    let screen = editor.post("/admin/pages/new", &find(&last, "zone 7")).await.is(422);
    screen.says(&format!("{option} selected>")).says("11 pages").says("(/zone-070)");
    let screen = editor.post("/admin/pages/new", &find("choose", "no such words")).await.is(422).says(SHOWN);
    screen.says("there are no pages that contain “no such words”").says("The top level");
    let screen = editor.post("/admin/pages/new", &find("choose", "zone 229")).await.is(422);
    screen.says("The list offers the 1 page that contains “zone 229”.");
    editor.post("/admin/pages/new", &page(&last, "save")).await.is(303);
    app.page_id("/zone-229/a-course").await;
    let id = app.page_id("/about").await;
    editor.get(&format!("/admin/pages/{id}/move")).await.is(200).does_not_say("The list offers");
}

#[tokio::test]
async fn a_new_page_goes_along_when_its_place_was_moved_or_unpublished() {
    let app = TestApp::new().await;
    let (editor, other, visitor) = (app.editor().await, app.editor().await, app.visitor());
    let section = new_section(&other).await;
    other.post(&format!("/admin/pages/{section}/move"), &[("parent", "/training")]).await.is(303);
    other.post(&format!("/admin/pages/{section}/unpublish"), &[]).await.is(303);
    let sheet = editor.post_and_follow("/admin/pages/new", &page(&section, "publish")).await.is(200);
    sheet.says("is saved").says("Publish both").says("Section");
    let id = app.page_id("/training/section/a-course").await;
    visitor.get("/training/section/a-course").await.is(404);
    let decision = [("version", "1"), ("above", &*format!("{section}.1"))];
    editor.post(&format!("/admin/documents/{id}/publication"), &decision).await.is(303);
    visitor.get("/training/section/a-course").await.is(200);
}

#[tokio::test]
async fn a_question_whose_category_is_gone_keeps_its_text() {
    let app = TestApp::new().await;
    let (editor, other) = (app.editor().await, app.editor().await);
    other.post("/admin/faq/categories/new", &[("title", "Short-lived")]).await.is(303);
    let gone = app.newest_category().await.id.to_string();
    let fields = [("title", "Why?"), ("body", TYPED), ("category", gone.as_str())];
    let edit = editor.post("/admin/faq/new", &[("title", "Kept?"), ("body", "x"), ("category", "1")]).await.location();
    other.press("/admin/faq/categories", &format!("/admin/faq/categories/{gone}/delete")).await.is(303);
    let mut change = fields.to_vec();
    change.push(("base", "1"));
    for reply in [editor.post("/admin/faq/new", &fields).await, editor.post(&edit, &change).await] {
        let screen = reply.is(422).says(SHOWN).says("this one does not exist any more");
        let category = screen.text.split("name=\"category\"").nth(1).expect("a field").split("</select>").next();
        assert!(!category.unwrap().contains(" selected"), "no other category is chosen for them");
    }
    // Not even when there is no category at all.
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    write.execute("delete from faq_item", ()).await.unwrap();
    write.execute("delete from faq_category", ()).await.unwrap();
    write.record(plinth::model::audit_log::AuditEntry::new("faq_category.delete", "faq_category", None, "all"));
    write.commit().await.unwrap();
    let screen = editor.post("/admin/faq/new", &fields).await.is(422).says(SHOWN);
    screen.says("/admin/faq/categories/new\" target=\"_blank\"");
}

#[tokio::test]
async fn no_form_of_the_admin_area_ends_on_an_error_page_without_what_was_typed() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let routes: Vec<_> = app.routes.iter().filter(|route| route.method == Method::POST).collect();
    let mut walked = 0;
    for route in routes.into_iter().filter(|route| route.path.starts_with("/admin/")) {
        if route.path.starts_with("/admin/sign-in")
            || [
                "/admin/sign-out",
                "/admin/setup/{token}",
                "/admin/invitations/{token}",
                "/admin/forgotten-password",
                "/admin/unsubscribe/{token}",
            ]
            .contains(&route.path)
        {
            continue;
        }
        let path = route.path.replace("{id}", "999999").replace("{version}", "7");
        for user in [&admin, &editor] {
            let fields = [
                ("body", TYPED),
                ("title", TYPED),
                ("index", TYPED),
                ("parent", TYPED),
                ("synonyms", TYPED),
                ("password", "velvet-and-not-shown"),
            ];
            let reply = user.post(&path, &fields).await;
            if reply.status.is_redirection() || reply.status.is_success() {
                continue;
            }
            walked += 1;
            // A form with faults shows what was typed into its own fields.
            let is_form = reply.status == 422 && reply.text.contains("data-error-summary");
            assert!(is_form || reply.text.contains(SHOWN), "{} {path}: {}", reply.status, reply.text);
            assert!(!reply.text.contains("velvet-and-not-shown"), "{path} shows a password");
        }
    }
    assert!(walked > 20, "only {walked} forms were refused");
    // What cannot be read at all is shown as well.
    let id = app.page_id("/about").await;
    let twice = [("body", TYPED), ("version", "1"), ("version", "2")];
    editor.post(&format!("/admin/documents/{id}/publication"), &twice).await.is(400).says(SHOWN);
    assert_eq!(revision::latest(app.app.read(), id).await.unwrap().version, 1);
}

/// What a form of hidden fields and text boxes sends, in its order.
#[track_caller]
fn sent_again(screen: &Reply, action: &str) -> Vec<(String, String)> {
    let (_, form) = screen.text.split_once(&format!("action=\"{action}\"")).expect("a form with this action");
    let form = form.split("</form>").next().unwrap();
    let plain = |text: &str| {
        text.replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    };
    let parts = form.split('<').filter(|tag| tag.starts_with("input type=\"hidden\"") || tag.starts_with("textarea"));
    parts
        .map(|tag| {
            let (_, rest) = tag.split_once(" name=\"").expect("a name");
            let (name, rest) = rest.split_once('"').unwrap();
            let value = match rest.split_once("value=\"") {
                Some((_, value)) => value.split('"').next().unwrap(),
                None => rest.split_once(">\n").expect("a text").1,
            };
            (name.to_owned(), plain(value))
        })
        .collect()
}

/// Not even who sent it can be told then; the text is on the page all the same.
#[tokio::test]
async fn a_form_is_kept_when_nothing_can_be_read() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields = [("under", ""), ("title", "A course"), ("body", "An afternoon\r\nof <work>"), ("do", "save")];
    app.app.db.close().await;
    let reply = editor.post("/admin/pages/new", &fields).await.is(503);
    reply.says("An afternoon\r\nof &lt;work&gt;");
}

#[tokio::test]
async fn a_form_that_the_storage_refused_is_sent_again_as_it_was() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let path = "/admin/pages/new";
    app.fail_next_write().await;
    let fields = [
        ("under", ""),
        ("title", "A course"),
        ("body", "An afternoon\r\nof <work>"),
        ("submission", "a-mark"),
        ("do", "publish"),
    ];
    let reply = editor.post(path, &fields).await.is(503);
    assert_eq!(reply.header("retry-after"), "60");
    let reply = reply.says("The storage of this site does not work").says("Nothing was saved.");
    let reply = reply.says(">Title</label>").says(">Text</label>").says("You pressed “Publish”.");
    let reply = reply.says("Send it again: Publish").does_not_say("may have been saved").does_not_say("Go back");
    let again = sent_again(&reply, path);
    let again: Vec<_> = again.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(again, fields, "exactly the same form");
    editor.post(path, &again).await.is(303);
    app.page_id("/a-course").await;

    // A button alone can be pressed again too.
    let id = app.page_id("/a-course").await;
    app.fail_next_write().await;
    let fields = [("submission", "b-mark")];
    let unpublish = format!("/admin/pages/{id}/unpublish");
    let reply = editor.post(&unpublish, &fields).await.is(503).says("Nothing was changed.").says("Send it again");
    assert_eq!(sent_again(&reply, &unpublish), [("submission".to_owned(), "b-mark".to_owned())]);
    editor.post(&unpublish, &fields).await.is(303);
}

#[tokio::test]
async fn what_is_shown_again_has_the_labels_of_its_form() {
    let app = TestApp::new().await;
    let (admin, gone) = (app.admin().await, app.visitor());
    let reference = contact::send(&app, &[]).await;
    let message = format!("/admin/messages/{}", contact::message(&app, &reference).await.id);
    let about = format!("/admin/pages/{}", app.page_id("/about").await);
    let moving = format!("{about}/move");
    let mut compared = 0;
    for (screen, action) in [
        ("/admin/pages/new", "/admin/pages/new"),
        (&about, &about),
        (&moving, &moving),
        ("/admin/faq/new", "/admin/faq/new"),
        ("/admin/faq/categories/new", "/admin/faq/categories/new"),
        (&message, &message),
        ("/admin/settings", "/admin/settings"),
        ("/admin/account", "/admin/account"),
        ("/admin/users/new", "/admin/users"),
    ] {
        let screen = admin.get(screen).await.is(200);
        let labels = screen.text.split("<label for=\"field-").skip(1).map(|rest| rest.split_once("\">").unwrap());
        for (name, rest) in labels.filter(|(name, _)| is_shown(name)) {
            let label = rest.split('<').next().unwrap().trim();
            let page = gone.post(action, &[(name, "typed")]).await.is(401);
            page.says(&format!(">{label}</label>"));
            compared += 1;
        }
    }
    assert!(compared > 20, "only {compared} labels were found");
}

#[tokio::test]
async fn a_form_that_met_an_error_can_be_sent_again() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let path = "/admin/settings?from=here";
    let opened = hidden(&admin.get("/admin/settings").await.is(200), "/admin/settings");
    let settings = Settings::load(app.app.read()).await.unwrap();
    let mut fields = vec![
        ("site_name", "Kept and sent"),
        ("tagline", TYPED),
        ("contact_address", &settings.contact_address),
        ("footer", &settings.footer),
        ("language", &settings.language),
        ("time_zone", &settings.time_zone),
        ("retention_months", "24"),
    ];
    fields.extend(opened.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mark = opened.iter().find(|(name, _)| name == "submission").unwrap().clone();

    // What was refused was not saved, and fields that the form adds itself are not shown.
    let refused = editor.post(path, &fields).await.is(403).says("Nothing was saved").says(SHOWN);
    refused.does_not_say("Was site name</label>").does_not_say("may have been saved");

    app.refuse_rows("setting", true).await;
    let failed = admin.post(path, &fields).await;
    assert!(failed.status.is_server_error(), "{}", failed.status);
    let failed =
        failed.says("may have been saved").says(SHOWN).does_not_say("Nothing was saved").does_not_say("was lost");
    app.refuse_rows("setting", false).await;

    let kept = sent_again(&failed, path);
    assert_eq!(kept.iter().filter(|(name, _)| name == "submission").collect::<Vec<_>>(), [&mark]);
    let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post(path, &kept).await.is(303);
    assert_eq!(Settings::load(app.app.read()).await.unwrap().site_name, "Kept and sent");
}
