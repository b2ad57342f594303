//! The trash: what was deleted, and restoring it.

use plinth::{
    db::transaction::Transaction,
    model::{
        audit_log::{self, AuditFilter},
        document::{record::Document, revision},
        faq::{item, location},
        trash,
    },
};

use crate::harness::{TestApp, TestUser};

const PATH: &str = "/admin/trash";

async fn delete(app: &TestApp, user: &TestUser, id: i64) {
    let write = app.app.write(user.actor.clone()).await.unwrap();
    let document = Document::get(&write, id).await.unwrap();
    let title = revision::latest(&write, id).await.unwrap().content.title;
    trash::delete(&write, &document, &title).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn a_page_goes_and_comes_back_with_all_below_it() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    editor.get(PATH).await.is(200).says("The trash is empty");
    let id = app.page_id("/scheme/levels").await;
    let child = app.page_id("/scheme/levels/foundation").await;
    let title = revision::latest(app.app.read(), id).await.unwrap().content.title;
    visitor.get("/scheme/levels/foundation").await.is(200);
    delete(&app, &editor, id).await;
    for path in ["/scheme/levels", "/scheme/levels/foundation", "/scheme/levels/foundation/"] {
        visitor.get(path).await.is(410);
    }
    visitor.get("/sitemap.xml").await.is(200).does_not_say("/scheme/levels");
    editor.get(PATH).await.is(200).says("and 4 pages below it").says(&format!("/admin/trash/{id}/restore"));
    editor.post(&format!("{PATH}/{child}/restore"), &[]).await.is(404);

    let back = editor.post(&format!("{PATH}/{id}/restore"), &[]).await.is(303);
    assert_eq!(back.location(), format!("/admin/pages/{id}"));
    editor.get(PATH).await.says("The trash is empty");
    assert_eq!(app.page_id("/scheme/levels/foundation").await, child);
    for page in [id, child] {
        assert!(!Document::find(app.app.read(), page).await.unwrap().unwrap().is_live());
    }
    visitor.get("/scheme/levels").await.is(404);
    app.publish(id).await;
    visitor.get("/scheme/levels").await.is(200);
    visitor.get("/scheme/levels/foundation").await.is(404);
    app.publish(child).await;
    visitor.get("/scheme/levels/foundation").await.is(200);
    editor.post(&format!("{PATH}/{id}/restore"), &[]).await.is(303);

    let filter = AuditFilter { text: "page.restore".to_owned(), ..AuditFilter::default() };
    let entry = audit_log::list(app.app.read(), &filter, 9).await.unwrap().remove(0);
    assert_eq!((entry.subject.as_str(), entry.detail.as_str()), (title.as_str(), "with 4 pages below it"));
}

#[tokio::test]
async fn a_question_comes_back_unpublished_and_where_it_was() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let listed = item::list(app.app.read(), "law").await.unwrap().remove(0);
    let path = format!("/admin/faq/{}", listed.id);
    visitor.get("/faq").await.says("id=\"is-it-law\"");
    editor
        .post_and_follow(&format!("{path}/delete"), &[])
        .await
        .says("to the trash")
        .does_not_say(&format!("href=\"{path}\""));
    visitor.get("/faq").await.does_not_say("id=\"is-it-law\"");
    editor.get(PATH).await.says("Is ISO/IEC 20000 law?").says("question");
    let screen = editor.post_and_follow(&format!("{PATH}/{}/restore", listed.id), &[]).await.is(200);
    screen.says("is back").says("Visitors do not see this question");
    visitor.get("/faq").await.does_not_say("id=\"is-it-law\"");
    let location::ItemLocation { category_id: category, slug, .. } =
        location::of(app.app.read(), listed.id).await.unwrap();
    assert_eq!((category, slug.as_deref()), (listed.category_id, Some("is-it-law")));
    app.publish(listed.id).await;
    visitor.get("/faq").await.says("id=\"is-it-law\"");
}

#[tokio::test]
async fn a_question_whose_slug_was_taken_comes_back_all_the_same() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = item::list(app.app.read(), "law").await.unwrap()[0].id;
    editor.post(&format!("/admin/faq/{id}/delete"), &[]).await.is(303);
    let fields = [("title", "New?"), ("body", "New."), ("category", "1"), ("slug", "is-it-law"), ("do", "publish")];
    editor.post("/admin/faq/new", &fields).await.is(303);
    editor.post_and_follow(&format!("{PATH}/{id}/restore"), &[]).await.is(200).says("value=\"is-it-law-2\"");
    let slug = location::of(app.app.read(), id).await.unwrap().slug;
    assert_eq!(slug.as_deref(), Some("is-it-law-2"));
}

#[tokio::test]
async fn its_pages_lead_there_and_back() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let items = item::list(app.app.read(), "").await.unwrap();
    for item in &items[..6] {
        delete(&app, &editor, item.id).await;
    }
    // Fifty more, deleted in the same moment, as copies of one that is there.
    let tx = Transaction::begin(&app.app.db).await.unwrap();
    for _ in 0..50 {
        let id: i64 = tx
            .value(
                "insert into document (kind, latest_revision_id, created_at, trashed_at) \
                 select kind, latest_revision_id, created_at, 1000 from document where id = $1 returning id",
                (items[6].id,),
            )
            .await
            .unwrap();
        tx.execute("update document set trashed_with_id = id where id = $1", (id,)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let first = editor.get(PATH).await.is(200).text;
    assert_eq!(first.matches("/restore\"").count(), 50);
    let older = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let second = editor.get(&older).await.is(200).text;
    assert_eq!(second.matches("/restore\"").count(), 6);
    let newer = second.split("rel=\"prev\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let back = editor.get(&newer).await.is(200).text;
    assert_eq!(back.matches("/restore\"").count(), 50);
    assert!(!back.contains("rel=\"prev\""));
    editor.get("/admin/trash?before=1-x").await.is(200);
}

#[tokio::test]
async fn what_is_not_in_the_trash_cannot_come_back() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let live = app.page_id("/about").await;
    editor.post_and_follow(&format!("{PATH}/{live}/restore"), &[]).await.is(200).says("is not in the trash");
    for id in ["99999", "x"] {
        editor.post(&format!("{PATH}/{id}/restore"), &[]).await.is(404);
    }
    app.visitor().get(PATH).await.is(303);
}
