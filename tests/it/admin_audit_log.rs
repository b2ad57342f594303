//! The audit log, as it is read.

use plinth::model::{actor::Actor, audit_log::AuditEntry};

use crate::harness::{PASSWORD, TestApp};

const PATH: &str = "/admin/audit-log";

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
        admin.get("/admin/audit-log?q=Unpublished+the").await.is(200).says("law?").says("value=\"Unpublished the\"");
    found.does_not_say("imported a site");
    admin.get("/admin/audit-log?q=edith").await.says("law?");
    admin.get("/admin/audit-log?q=faq_item.unpub").await.says("law?");
    admin.get("/admin/audit-log?q=nobody%27s").await.is(200).says("No entry contains “nobody&#39;s”");
    admin.get("/admin/audit-log?before=x&after=y").await.is(200).says("Edith Editor");
}

#[tokio::test]
async fn what_users_do_to_themselves_reads_as_such() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    editor.post("/admin/account", &[("was_name", "Edith Editor"), ("name", "Edna Editor")]).await.is(303);
    let about = app.page_id("/training").await;
    editor.confirm(&format!("/admin/pages/{about}/delete")).await.is(303);
    app.visitor().post("/admin/sign-in", &[("email", "no@portal.example"), ("password", PASSWORD)]).await.is(422);
    let page = admin.get(PATH).await.is(200).says("changed their own name");
    let page = page.does_not_say("failed to sign in");
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
        write.record(AuditEntry::new("site.import", "site", None, "x").detail(format!("needle {n:03}.")));
    }
    write.commit().await.unwrap();
    let link = |page: &str, rel: &str| {
        let (before, _) = page.split_once(&format!("rel=\"{rel}\""))?;
        let rest = page[before.len()..].split_once("href=\"")?.1;
        Some(rest.split_once('"')?.0.replace("&amp;", "&"))
    };
    let first = admin.get("/admin/audit-log?q=needle").await.is(200).says("needle 119.").says("needle 070.").text;
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
async fn moves_in_a_row_are_one_line_wherever_a_page_of_the_list_ends() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    // A page is filled by lines, not entries: 70 of them, between which one thing was moved 120 and then 300 times.
    let write = app.app.write(admin.actor.clone()).await.unwrap();
    let line = |n: i64| {
        write.record(AuditEntry::new("settings.change", "settings", None, "x").detail(format!("line {n:03}.")));
    };
    let moves = |id: i64, count: i64| {
        for place in 0..count {
            write.record(AuditEntry::new("page.reorder", "page", Some(id), "Moved").detail(format!("place {place}")));
        }
    };
    (0..20).for_each(line);
    moves(1, 120);
    (20..69).for_each(line);
    moves(2, 300);
    line(69);
    write.commit().await.unwrap();
    let shown = |page: &str| page.matches("<td data-label=\"Entry\">").count();
    let turned = |page: &str, rel: &str| {
        let (_, rest) = page.split_once(&format!("rel=\"{rel}\" href=\"")).expect("a link");
        rest.split_once('"').unwrap().0.replace("&amp;", "&")
    };
    let first = admin.get(PATH).await.is(200).says("place 299; the last of 300 moves").says("line 021.").text;
    assert!(shown(&first) == 50 && !first.contains("line 020."), "{first}");
    let second = admin.get(&turned(&first, "next")).await.is(200).says("line 020.").says("the last of 120 moves").text;
    assert!(second.contains("line 000.") && !second.contains("300 moves"), "{second}");
    let back = admin.get(&turned(&second, "prev")).await.is(200).says("the last of 300 moves").text;
    assert_eq!(shown(&back), 50);
    assert!(back.contains("line 069.") && back.contains("line 021.") && !back.contains("line 020."), "{back}");

    // The same when a page ends among the moves.
    let write = app.app.write(admin.actor.clone()).await.unwrap();
    let line = |n: i64| {
        write.record(AuditEntry::new("settings.change", "settings", None, "x").detail(format!("late {n:03}.")));
    };
    (0..49).for_each(line);
    write.commit().await.unwrap();
    let first = admin.get(PATH).await.is(200).says("late 048.").says("late 000.").says("line 069.").text;
    let second = admin.get(&turned(&first, "next")).await.is(200).says("the last of 300 moves").text;
    let back = admin.get(&turned(&second, "prev")).await.is(200).text;
    assert!(shown(&back) == 50 && !back.contains("300 moves"), "{back}");
}

#[tokio::test]
async fn only_administrators_read_it() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    editor.get(PATH).await.is(403);
    editor.get("/admin/audit-log/check").await.is(403);
    editor.post("/admin/audit-log/check", &[]).await.is(403);
    app.visitor().get(PATH).await.is(303);
    editor.get("/admin").await.is(200).does_not_say("href=\"/admin/audit-log\"");
}
