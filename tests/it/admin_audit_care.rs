//! What the audit log proves of the reviews and the owners of documents. The forger has only the file.

use plinth::model::{
    audit_log_check,
    audit_log_report::{Discrepancy, Report},
    stored_content::StoredKind as Stored,
};

use crate::{
    forger::{columns, drop_triggers, file, run},
    harness::TestApp,
    postgres,
};

async fn check(app: &TestApp) -> Report {
    audit_log_check::check(app.app.read(), None, |_| {}).await.unwrap()
}

#[tokio::test]
async fn reviews_and_owners_are_as_recorded() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let pages = [app.page_id("/about").await, app.page_id("/faq").await];
    let [first, last] = [pages[0].min(pages[1]), pages[0].max(pages[1])];
    for id in [first, last] {
        let path = format!("/admin/documents/{id}/review");
        editor.post(&path, &[("version", "1"), ("next_review", "2090-01-01")]).await.is(303);
        let path = format!("/admin/documents/{id}/owner");
        editor.post(&path, &[("owner", "role-editor"), ("was_owner", "")]).await.is(303);
    }
    assert_eq!(check(&app).await.discrepancy, None);
    let mut file = file(&app).await;
    run(&mut file, "pragma foreign_keys = off; pragma ignore_check_constraints = on").await;
    for (table, kind) in [("document_review", Stored::Review), ("document_owner", Stored::Owner)] {
        run(&mut file, &format!("create temp table old as select * from {table}")).await;
        let back = format!("delete from {table}; insert into {table} select * from old");
        let mut cases = vec![
            (format!("delete from {table} where document_id = {last}"), Discrepancy::Missing(kind, last)),
            (format!("delete from {table} where document_id = {first}"), Discrepancy::Missing(kind, first)),
            (
                format!("update {table} set document_id = 1 where document_id = {first}"),
                Discrepancy::Unrecorded(kind, 1),
            ),
        ];
        for column in columns(&mut file, table).await.iter().filter(|column| *column != "document_id") {
            for value in ["77", "'x'", "x'00'"] {
                let sql = format!("update {table} set {column} = {value} where document_id = {last}");
                cases.push((sql, Discrepancy::Changed(kind, last)));
            }
        }
        for (sql, finding) in cases {
            run(&mut file, &sql).await;
            let found = check(&app).await.discrepancy;
            assert_eq!(found, Some(finding), "{sql}");
            run(&mut file, &back).await;
            assert_eq!(check(&app).await.discrepancy, None, "after {sql}");
        }
        run(&mut file, "drop table old").await;
    }
    // A document that is given to nobody has no owner to be found.
    let path = format!("/admin/documents/{last}/owner");
    editor.post(&path, &[("owner", ""), ("was_owner", "role-editor")]).await.is(303);
    assert_eq!(check(&app).await.discrepancy, None);
    run(&mut file, &format!("insert into document_owner (document_id, role) values ({last}, 'editor')")).await;
    assert_eq!(check(&app).await.discrepancy, Some(Discrepancy::Unrecorded(Stored::Owner, last)));
}

#[tokio::test]
async fn versions_of_types_are_as_recorded() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.post("/admin/types/new", &[("label", "Supplier"), ("for_pages", "yes"), ("layout", "article")]).await.is(303);
    let field = [("label", "Town"), ("control", "line"), ("shown", "fact"), ("base", "1")];
    admin.post("/admin/types/supplier/fields/new", &field).await.is(303);
    assert_eq!(check(&app).await.discrepancy, None);
    let last: i64 = app.app.read().value("select max(id) from document_type_version", ()).await.unwrap();
    let mut file = file(&app).await;
    drop_triggers(&mut file).await;
    run(&mut file, "create temp table old as select * from document_type_version").await;
    let copied = format!(
        "insert into document_type_version select id + 1, key, version + 1, definition, changes, author_id, author_name, \
         created_at from old where id = {last}"
    );
    let delete = format!("delete from document_type_version where id = {last}");
    let mut cases = vec![
        (delete, Discrepancy::Missing(Stored::Type, last)),
        (copied, Discrepancy::Unrecorded(Stored::Type, last + 1)),
    ];
    for column in columns(&mut file, "document_type_version").await.iter().filter(|column| *column != "id") {
        for value in ["77", "'x'", "x'00'"] {
            let sql = format!("update document_type_version set {column} = {value} where id = {last}");
            cases.push((sql, Discrepancy::Changed(Stored::Type, last)));
        }
    }
    for (sql, finding) in cases {
        run(&mut file, &sql).await;
        assert_eq!(check(&app).await.discrepancy, Some(finding), "{sql}");
        run(&mut file, "delete from document_type_version; insert into document_type_version select * from old").await;
    }
    assert_eq!(check(&app).await.discrepancy, None);
}
