//! The journal, as it is read.

use plinth::model::{actor::Actor, journal::Entry};

use crate::harness::{PASSWORD, TestApp};

const PATH: &str = "/admin/journal";

#[tokio::test]
async fn it_reads_in_words_and_can_be_searched() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let editor = app.editor().await;
    let item = plinth::model::faq::item::list(app.app.read(), "law").await.unwrap()[0].id;
    editor.post(&format!("/admin/faq/{item}/unpublish"), &[]).await.is(303);
    let page = admin.get(PATH).await.is(200).says("Edith Editor");
    page.says("unpublished the question “<bdi>Is ISO/IEC 20000 law?</bdi>”");
    let found =
        admin.get("/admin/journal?q=Unpublished+the").await.is(200).says("law?").says("value=\"Unpublished the\"");
    found.does_not_say("imported a site");
    admin.get("/admin/journal?q=edith").await.says("law?");
    admin.get("/admin/journal?q=faq_item.unpub").await.says("law?");
    admin.get("/admin/journal?q=nobody%27s").await.is(200).says("No entry contains “nobody&#39;s”");
    admin.get("/admin/journal?before=x&after=y").await.is(200).says("Edith Editor");
}

#[tokio::test]
async fn what_people_do_to_themselves_reads_as_such() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    editor.post("/admin/account", &[("was_name", "Edith Editor"), ("name", "Edna Editor")]).await.is(303);
    let about = app.page_id("/training").await;
    editor.post(&format!("/admin/pages/{about}/delete"), &[]).await.is(303);
    app.visitor().post("/admin/sign-in", &[("email", "no@portal.example"), ("password", PASSWORD)]).await.is(422);
    let page = admin.get(PATH).await.is(200).says("changed their own name");
    let page = page.says("failed to sign in with an unknown e-mail address").does_not_say("no such account");
    page.says("moved the page “<bdi>Training</bdi>” to the trash")
        .says("with 3 pages below it")
        .does_not_say(" in all");
}

#[tokio::test]
async fn its_pages_lead_there_and_back() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let write = app.app.write(Actor::system("test")).await.unwrap();
    for n in 0..120 {
        write.record(Entry::new("site.import", "site", None, "x").detail(format!("needle {n:03}.")));
    }
    write.commit().await.unwrap();
    let link = |page: &str, rel: &str| {
        let (before, _) = page.split_once(&format!("rel=\"{rel}\""))?;
        let rest = page[before.len()..].split_once("href=\"")?.1;
        Some(rest.split_once('"')?.0.replace("&amp;", "&"))
    };
    let first = admin.get("/admin/journal?q=needle").await.is(200).says("needle 119.").says("needle 070.").text;
    assert!(!first.contains("needle 069."));
    assert_eq!(link(&first, "prev"), None);
    let second = admin.get(&link(&first, "next").unwrap()).await.is(200).says("needle 069.").says("needle 020.").text;
    let third = admin.get(&link(&second, "next").unwrap()).await.is(200).says("needle 019.").says("needle 000.").text;
    assert_eq!(link(&third, "next"), None);
    let back = admin.get(&link(&third, "prev").unwrap()).await.is(200).says("needle 069.").says("needle 020.").text;
    assert!(!back.contains("needle 070.") && !back.contains("needle 019."));
    let top = admin.get(&link(&back, "prev").unwrap()).await.is(200).says("needle 119.").text;
    assert_eq!(link(&top, "prev"), None);
}

#[tokio::test]
async fn only_administrators_read_it() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.get(PATH).await.is(403);
    editor.get("/admin/journal/check").await.is(403);
    editor.post("/admin/journal/check", &[]).await.is(403);
    app.visitor().get(PATH).await.is(303);
    editor.get("/admin").await.is(200).does_not_say("href=\"/admin/journal\"");
}
