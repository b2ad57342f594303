//! What the audit log proves, and what only a head that was kept elsewhere can show. The forger has only the file.

use plinth::{
    db::transaction::Transaction,
    model::{
        audit_log::{self, AuditHead},
        audit_log_check,
        audit_log_report::{Discrepancy, EarlierHead, Report},
        stored_content,
    },
};
use sqlx::{AssertSqlSafe, Executor};

use crate::{
    forger::{columns, drop_triggers, file, recompute, run},
    harness::{TestApp, config},
    postgres,
};

const PATH: &str = "/admin/audit-log/check";

async fn check(app: &TestApp, earlier: Option<&AuditHead>) -> Report {
    audit_log_check::check(app.app.read(), earlier.cloned(), |_| {}).await.unwrap()
}

async fn head(app: &TestApp) -> AuditHead {
    audit_log::head(app.app.read()).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_screen_checks_when_it_is_asked_to() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let now = head(&app).await.to_string();
    let screen = admin.get(PATH).await.is(200).says(&now).says("Check the audit log");
    screen.does_not_say("no change found").does_not_say("could not be finished");
    let good = admin.post_and_follow(PATH, &[]).await.is(200).says("no change found");
    good.says("checked: each follows from the one before it").says(&now);
    let kept = admin.post_and_follow(PATH, &[("head", &format!(" {} ", now.to_uppercase()))]).await.is(200);
    kept.says("is the one that you noted: nothing up to it was changed since");
    for bad in ["x", "1", "1:abc", &now[..now.len() - 1]] {
        admin.post(PATH, &[("head", bad)]).await.is(422).says("Enter an earlier head").says(bad);
    }
    let other = format!("{}:{}", head(&app).await.id, "0".repeat(64));
    admin.post_and_follow(PATH, &[("head", &other)]).await.says("does not fit").says("was rewritten since");
}

#[tokio::test]
async fn a_check_is_running_until_it_has_said_nothing_for_minutes() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let seen = async |minutes: i64| {
        let seen = app.app.now().minus(minutes * 60_000).0;
        let sql = format!("update audit_check set begun_at = 1, seen_at = {seen}, ended_at = null, entries = 1234");
        let tx = Transaction::begin(&app.app.db).await.unwrap();
        tx.execute(String::leak(sql), ()).await.unwrap();
        tx.commit().await.unwrap();
    };
    seen(2).await;
    admin.get(PATH).await.is(200).says("1,234 entries checked so far");
    admin.post_and_follow(PATH, &[]).await.says("running already").says("1,234 entries");
    seen(4).await;
    admin.get(PATH).await.is(200).says("could not be finished");
    admin.post_and_follow(PATH, &[]).await.is(200).says("no change found").does_not_say("running already");
    admin.post_and_follow(PATH, &[]).await.is(200).says("no change found").does_not_say("running already");
}

/// A typing error in the number of a head raises no alarm: nothing of it is kept, and the log is silent.
#[tokio::test]
async fn a_mistyped_number_is_not_taken_for_a_removed_entry() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let now = head(&app).await;
    let other = |id: i64| format!("{id}:{}", now.hash);
    let unknown = format!("{}:{}", now.id + 1000, "0".repeat(64));
    for far in [&other(now.id * 10), &unknown] {
        let number = far.split(':').next().unwrap();
        let screen = admin.post(PATH, &[("head", far)]).await.is(422).says(&format!("There is no entry {number} yet"));
        screen.says(&format!("the newest is {}", head(&app).await.id)).says("Check the number").says(far);
        admin.get(PATH).await.is(200).does_not_say("Last check");
    }
    // With another number it proves nothing: entries may have been renumbered.
    let screen = admin.post_and_follow(PATH, &[("head", &other(now.id - 1))]).await.says("does not fit");
    screen.says(&format!("but that of entry {}: check the number. If it is right, entries were renumbered", now.id));
}

/// A discard moves the newest version back, and undoing it moves it on; both are recorded.
#[tokio::test]
async fn which_version_is_the_newest_is_proven_after_discards_too() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let mut ids = Vec::new();
    for title in ["One", "Two"] {
        let fields = [("title", title), ("body", "Agreed."), ("do", "publish")];
        let edit = editor.post("/admin/pages/new", &fields).await.is(303).location();
        let id: i64 = edit.split(['/', '?']).nth(3).unwrap().parse().unwrap();
        for (base, body) in [("1", "A try."), ("2", "Another try.")] {
            let fields = [("title", title), ("body", body), ("base", base), ("do", "save")];
            editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
        }
        editor.post(&format!("/admin/documents/{id}/discard"), &[("version", "3")]).await.is(303);
        ids.push(id);
    }
    assert_eq!(check(&app, None).await.discrepancy, None);
    let [one, two] = ids[..] else { panic!() };
    editor.post(&format!("/admin/documents/{one}/discard/undo"), &[("version", "3")]).await.is(303);
    let fields = [("title", "Two"), ("body", "Agreed again."), ("base", "1"), ("do", "save")];
    editor.post(&format!("/admin/pages/{two}"), &fields).await.is(303);
    assert_eq!(check(&app, None).await.discrepancy, None);
    let mut file = file(&app).await;
    for id in [one, two] {
        run(&mut file, "create temp table old as select * from document").await;
        run(&mut file, &format!("update document set latest_revision_id = published_revision_id where id = {id}"))
            .await;
        assert_eq!(check(&app, None).await.discrepancy, Some(Discrepancy::Newest(id)));
        run(
            &mut file,
            &format!("update document set latest_revision_id = (select latest_revision_id from old where id = {id}) where id = {id}"),
        )
        .await;
        run(&mut file, "drop table old").await;
        assert_eq!(check(&app, None).await.discrepancy, None);
    }
}

#[tokio::test]
async fn everything_that_is_stored_is_recorded() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields = [("title", "Recorded"), ("body", "One."), ("base", "0")];
    let path = editor.post("/admin/pages/new", &fields).await.is(303).location();
    let id: i64 = path.split(['/', '?']).nth(3).unwrap().parse().unwrap();
    app.publish(id).await;
    let id = id.to_string();
    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    app.publish(id.parse().unwrap()).await;
    editor.post(&format!("/admin/pages/{id}/delete"), &[]).await.is(303);
    let report = check(&app, None).await;
    assert_eq!(report.discrepancy, None);
    let named = audit_log::list_after(app.app.read(), 0, 10_000).await.unwrap();
    assert!(named.len() > 300 && report.entries == i64::try_from(named.len()).unwrap());
    assert_eq!(report.head, Some(head(&app).await));
}

#[tokio::test]
async fn the_database_refuses_to_change_what_was_stored() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let mut file = file(&app).await;
    for sql in [
        "update audit_log set actor_name = 'x' where id = 1",
        "delete from audit_log where id = 1",
        "update revision set body = 'x' where id = 1",
        "delete from revision where id = (select max(id) from revision)",
        "delete from publication where id = 1",
        "update publication set publisher_name = 'x' where id = 1",
        "update publication set ended_at = 1, publisher_name = 'x' where id = 1",
        "update publication set ended_at = null where id = 1",
    ] {
        assert!(file.execute(AssertSqlSafe(sql.to_owned())).await.is_err(), "{sql}");
    }
    for table in ["audit_log", "revision", "publication"] {
        for sql in [
            format!("delete from {table} where id = 1"),
            format!("update {table} set id = id + 100000 where id = 1"),
            format!("update or replace {table} set id = 2 where id = 1"),
            format!("insert or replace into {table} select * from {table} where id = 1"),
        ] {
            let error = file.execute(AssertSqlSafe(sql.clone())).await.expect_err(&sql).to_string();
            assert!(
                ["never", "append-only", "does not change"].iter().any(|why| error.contains(why)),
                "{sql}: {error}"
            );
        }
    }
    // Another id with the same version would replace the first one in the same way.
    let columns = columns(&mut file, "revision").await.join(", ").replacen("id", "null", 1);
    let error = file.execute(AssertSqlSafe(format!("insert or replace into revision select {columns} from revision")));
    assert!(error.await.unwrap_err().to_string().contains("never replaced"));
    run(&mut file, "update publication set ended_at = 1 where id = 1").await;
    assert!(file.execute("update publication set ended_at = 2 where id = 1").await.is_err());
}

#[tokio::test]
async fn a_change_beside_the_program_is_found() {
    use stored_content::StoredKind as Stored;
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let missing = Discrepancy::Missing(Stored::Publication, 9);
    let cases = [
        ("update audit_log set actor_name = 'Someone else' where id = 5", Discrepancy::Entry(5)),
        ("delete from audit_log where id = 7", Discrepancy::Entry(8)),
        ("update audit_log set detail = x'00' where id = 9", Discrepancy::Entry(9)),
        ("update revision set body = cast(body as blob) where id = 9", Discrepancy::Changed(Stored::Revision, 9)),
        ("update publication set note = x'00' where id = 9", Discrepancy::Changed(Stored::Publication, 9)),
        ("update revision set body = 'Forged.' where id = 9", Discrepancy::Changed(Stored::Revision, 9)),
        ("update publication set publisher_name = 'x' where id = 9", Discrepancy::Changed(Stored::Publication, 9)),
        ("update publication set ended_at = 1 where id = 9", Discrepancy::Unrecorded(Stored::PublicationEnd, 0)),
        ("pragma foreign_keys = off; delete from publication where id = 9", missing),
        ("update document set published_revision_id = published_revision_id + 1 where id = 3", Discrepancy::Live(3)),
        ("update document set published_revision_id = null where id = 3", Discrepancy::Live(3)),
        ("update document set latest_revision_id = latest_revision_id + 1 where id = 3", Discrepancy::Newest(3)),
        ("update document set latest_revision_id = null where id = 3", Discrepancy::Newest(3)),
        ("pragma foreign_keys = off; delete from document where id = 3", Discrepancy::Gone(3)),
        (
            "insert into document (id, kind, latest_revision_id, created_at) values (9000, 'page', 3, 1)",
            Discrepancy::Newest(9000),
        ),
        (
            "insert into audit_log select -1, 1, null, 'x', 'x', 'x', null, 'x', 'x', '', '', '', ''",
            Discrepancy::Numbers("audit_log"),
        ),
        (
            "insert into revision select -1, 3, 77, document_type, title, slug, category_id, clause_number, menu_label, menu, layout, summary, \
          'Forged.', owner, review_by, change_note, fields, author_id, author_name, created_at, search_text, made_from from revision \
          where id = 9",
            Discrepancy::Numbers("revision"),
        ),
        (
            "insert into publication select -1, document_id, revision_id, published_at, null, 2, null, 'x', null, '', '' \
          from publication where id = 9",
            Discrepancy::Numbers("publication"),
        ),
        ("insert into document (id, kind, created_at) values (-1, 'page', 1)", Discrepancy::Numbers("document")),
    ];
    assert!(Discrepancy::Entry(5).sentence().starts_with("Entry 5 does not fit"));
    for (sql, finding) in cases {
        let app = TestApp::new().await;
        let mut file = file(&app).await;
        drop_triggers(&mut file).await;
        let noted = AuditHead { id: 7, hash: audit_log::hash_of(app.app.read(), 7).await.unwrap().unwrap() };
        run(&mut file, sql).await;
        let report = check(&app, Some(&noted)).await;
        assert_eq!(report.discrepancy, Some(finding), "{sql}");
        let earlier = if finding == Discrepancy::Entry(8) { EarlierHead::Missing } else { EarlierHead::Part };
        assert_eq!(report.earlier, Some((noted, earlier)), "{sql}");
        let screen = app.admin().await.post_and_follow(PATH, &[]).await;
        screen.says("does not fit").says(&finding.sentence());
    }
}

#[tokio::test]
async fn a_log_that_was_renumbered_does_not_pass_with_a_head() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let mut file = file(&app).await;
    drop_triggers(&mut file).await;
    let noted = head(&app).await;
    run(&mut file, "update audit_log set id = id + 1000000").await;
    let report = check(&app, Some(&noted)).await;
    let moved = EarlierHead::Elsewhere(noted.id + 1_000_000);
    assert_eq!((report.is_good(), report.earlier), (false, Some((noted, moved))));
}

/// Columns that are no part of a hash, because the program derives them from others.
const DERIVED: [(&str, &str); 2] = [("audit_log", "search_text"), ("revision", "search_text")];

#[tokio::test]
async fn every_column_that_is_not_derived_is_checked() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let mut file = file(&app).await;
    drop_triggers(&mut file).await;
    run(&mut file, "pragma foreign_keys = off").await;
    for table in ["audit_log", "revision", "publication"] {
        for column in columns(&mut file, table).await {
            let other = match column.as_str() {
                "menu" => "case menu when 'hidden' then 'main' else 'hidden' end".to_owned(),
                _ => format!(
                    "case when typeof({column}) = 'text' then {column} || 'x' else coalesce({column}, 0) + 100000 end"
                ),
            };
            run(&mut file, &format!("create temp table old as select * from {table} where id = 9")).await;
            run(&mut file, &format!("update {table} set {column} = {other} where id = 9")).await;
            let found = check(&app, None).await.discrepancy;
            assert_eq!(found.is_none(), DERIVED.contains(&(table, column.as_str())), "{table}.{column}: {found:?}");
            run(&mut file, &format!("delete from {table} where id in (9, 100009)")).await;
            run(&mut file, &format!("insert into {table} select * from old; drop table old")).await;
            assert_eq!(check(&app, None).await.discrepancy, None, "{table}.{column} is back");
        }
    }
}

#[tokio::test]
async fn a_revision_put_in_beside_the_program_is_found() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let mut file = file(&app).await;
    run(
        &mut file,
        "insert into revision select null, document_id, version + 1, document_type, title, slug, category_id, clause_number, \
         menu_label, menu, layout, summary, 'Forged.', owner, review_by, change_note, fields, author_id, author_name, \
         created_at, search_text, made_from from revision where id = 9",
    )
    .await;
    let (id,): (i64,) = sqlx::query_as("select max(id) from revision").fetch_one(&mut file).await.unwrap();
    let found = check(&app, None).await.discrepancy;
    assert_eq!(found, Some(Discrepancy::Unrecorded(stored_content::StoredKind::Revision, id)));
}

#[tokio::test]
async fn a_publication_put_in_beside_the_program_is_found() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let page = app.page_id("/about").await;
    app.editor().await.post(&format!("/admin/pages/{page}/unpublish"), &[]).await.is(303);
    let mut file = file(&app).await;
    let sql = "insert into publication (document_id, revision_id, published_at, published_by, publisher_name, note) \
               select document_id, revision_id, published_at, published_by, publisher_name, note from publication";
    run(&mut file, &format!("{sql} where document_id = {page}")).await;
    let (id,): (i64,) = sqlx::query_as("select max(id) from publication").fetch_one(&mut file).await.unwrap();
    let found = check(&app, None).await.discrepancy;
    assert_eq!(found, Some(Discrepancy::Unrecorded(stored_content::StoredKind::Publication, id)));
}

#[tokio::test]
async fn an_audit_log_without_entries_has_no_head() {
    let data = tempfile::TempDir::new().unwrap();
    let db = plinth::app::start::open(&config(data.path(), &[])).await.unwrap();
    let report = audit_log_check::check(db.read(), None, |_| {}).await.unwrap();
    assert_eq!((report.entries, report.head, report.discrepancy), (0, None, None));
}

#[tokio::test]
async fn only_a_head_kept_elsewhere_shows_a_log_that_was_computed_once_more() {
    if postgres::skips("the forger writes to the file of SQLite") {
        return;
    }
    let app = TestApp::new().await;
    let kept = head(&app).await;
    let admin = app.admin().await;
    let page = app.page_id("/about").await;
    admin.post(&format!("/admin/pages/{page}/unpublish"), &[]).await.is(303);
    app.publish(page).await;
    for _ in 0..3 {
        admin.post("/admin/audit-log/check", &[]).await.is(303);
        app.editor().await;
    }
    let last = head(&app).await;
    let shown = AuditHead { id: last.id + 50, hash: "0".repeat(64) };
    app.app.shown_heads.tell(&shown);
    let shown = shown.to_string();
    assert!(check(&app, Some(&kept)).await.is_good());
    assert!(check(&app, Some(&last)).await.is_good());

    let mut file = file(&app).await;
    drop_triggers(&mut file).await;
    run(&mut file, &format!("delete from audit_log where id > {}", last.id - 2)).await;
    run(&mut file, "update audit_log set actor_name = 'Someone else' where actor_name = 'Ada Admin'").await;
    run(
        &mut file,
        &format!(
            "update revision set body = 'A forged text.' where id = (select published_revision_id from document where id = {page})"
        ),
    )
    .await;
    assert!(!check(&app, None).await.is_good(), "nothing is computed again yet");
    recompute(&mut file).await;

    // Within the file everything is consistent again; this is the limit, and the screen says so.
    let alone = check(&app, None).await;
    assert_eq!((alone.is_good(), alone.discrepancy), (true, None));
    let report = check(&app, Some(&kept)).await;
    assert_eq!(report.earlier, Some((kept.clone(), EarlierHead::Differs)));
    assert!(report.sentences()[0].contains("was rewritten since"));
    let report = check(&app, Some(&last)).await;
    assert_eq!(report.earlier, Some((last.clone(), EarlierHead::Ahead(last.id - 2))));
    let admin = app.admin().await;
    admin.post_and_follow(PATH, &[("head", &kept.to_string())]).await.says("was rewritten since");
    // Its number was shown on the screen, so it is not a typing error.
    let told = admin.post_and_follow(PATH, &[("head", &shown)]).await.says("does not fit");
    told.says("entries were removed");
    admin.get(PATH).await.says("only a head kept elsewhere shows that");
}
