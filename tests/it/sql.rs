//! Every SQL text of the program: the database understands it, and finds what it asks for by an index. If you
//! add a statement that goes through a whole table, say here why the table stays small or why it must be read whole.

use std::{collections::BTreeSet, fs, path::Path};

use sqlx::{Connection, SqliteConnection};

use crate::{harness::TestApp, imports, postgres};

/// Tables that stay small, whatever the size of the site.
pub const SMALL: [(&str, &str); 15] = [
    ("webhook", "at most 20"),
    ("backup_outcome", "four rows"),
    ("setting", "one row for each setting"),
    ("users", "the users"),
    ("invitation", "links that have not been used yet"),
    ("address_link", "the same, for new addresses of users"),
    ("faq_category", "the headings of few pages"),
    ("faq_item", "the questions and terms of few pages"),
    ("faq_category_former_slug", "what these headings were called before"),
    ("faq_former_slug", "what these questions and terms were called before"),
    ("missing_path", "at most 5,000 paths"),
    ("app_key", "the program's own keys"),
    ("opening_step", "a row for each step before a site is opened"),
    ("sqlite_master", "the database's own tables"),
    ("_sqlx_migrations", "the migrations"),
];

/// Statements that go through everything on purpose: how they begin, and why.
pub const WHOLE: [(&str, &str); 40] = [
    ("select (select count(*) from session where user_id", "all that belongs to one account, asked for rarely"),
    ("select created_at, quote, body from comment where author_id", "an export of one account, made rarely"),
    ("select n.created_at, m.reference, n.body from message_note", "an export of one account, made rarely"),
    ("select created_at, title, change_note from revision", "an export of one account, made rarely"),
    ("select p.published_at, r.title, p.note from publication", "an export of one account, made rarely"),
    ("select at, action || ' ' || subject, detail from audit_log", "an export of one account, made rarely"),
    ("update comment set author_name", "an account is erased"),
    ("update message_note set author_name", "an account is erased"),
    ("update message set assignee_id = null", "an account is erased"),
    ("select r.document_type, count(*) from revision r", "an index of just the revisions with a type"),
    ("select t.* from document_type_version t", "at most 100 types, read when one of them has changed"),
    ("delete from session", "all of them, after a restore"),
    ("select cast(coalesce(sum(bytes), 0) as bigint) from media_file", "the size of a backup, before it is made"),
    ("select id, hash from audit_log order by id desc limit 1", "the last entry, by its key"),
    ("select at from audit_log order by id desc limit 1", "the last entry, by its key"),
    ("select (select coalesce(max(id), 0) from revision)", "two keys, and a count for the check of the audit log"),
    ("select count(*) from message", "when an unusual number is due for deletion, and on the screens that say so"),
    ("select id from document limit 1", "stops at the first"),
    ("select * from content_change order by id", "an index of just these entries, from its end"),
    ("select d.id, d.kind, r.title, r.author_name", "an index of just the unpublished documents"),
    ("select count(case when r.author_id = $1 then 1 end) as own", "an index of just the unpublished documents"),
    ("select count(case when review_on", "only what is due, which two indexes find"),
    ("select d.id, r.title from document d", "an index of just the unpublished documents"),
    ("select distinct d.id, d.kind, r.title, l.path from (", "once for each version of the site"),
    ("select status, count(*) from message group by status", "the folders' counts, from an index"),
    ("select * from redirect_node order by path", "an import compares all of them with its lines"),
    ("select n.path, n.id, n.live from page_node n", "an import of redirects compares all of them with its lines"),
    ("select r.* from redirect_node r where r.document_id is null", "an export writes all of them"),
    ("select p.path, p.position, cast(null as bigint) as category_id", "an export writes all of them"),
    ("select n.path, n.title from page_node n", "stops at the limit"),
    ("select * from page_node where (search_text like $1", "a search reads all titles"),
    ("select count(*) from (select id from message", "stops at the limit"),
    ("select d.id, d.kind, r.title from document d join", "an index of just the redirects for whole sections"),
    ("select d.id, d.kind, r.title, p.path as detail", "an index of just the redirects for whole sections"),
    ("select l.fragment, r.title from link l", "an index of just the redirects for whole sections"),
    ("select p.path from page p where p.document_id", "an index of just the redirects for whole sections"),
    ("select path, hits, last_at from missing_path m", "an index of just the redirects for whole sections"),
    (
        "select c.*, p.path, i.slug, (select n.path from collection n where n.id = i.page_id and n.live) as item_page \
         from (select * from live_publication",
        "an index of just these, and stops at the limit",
    ),
    (
        "select p.path from live_page p join revision r",
        "the text of all public pages, when an administrator asks for it",
    ),
    ("select id, name, body from answer_template", "as many as users write, in the order of an index"),
];

/// What only one of the engines is asked, and what makes its statements of parts; the tests of `copy` run all of them.
const POSTGRES_ONLY: [&str; 2] = ["src/db/postgres", "src/model/copy"];
pub const SQLITE_ONLY: [&str; 5] =
    ["src/db/checkpoint.rs", "src/db/migrator.rs", "src/db/opening.rs", "src/db/sqlite.rs", "src/model/copy"];

/// All statements but those in some files or folders, with the macro of the inbox filled in.
pub fn statements(but: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(path) = waiting.pop() {
        if but.iter().any(|other| path.ends_with(other)) {
            continue;
        }
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // Unit tests at the end of a file make tables of their own.
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let literals = literals(text);
        found.extend(literals.iter().map(|(_, literal)| literal.clone()).filter(|literal| is_statement(literal)));
        found.extend(filtered(text, &literals));
    }
    found
}

fn is_statement(text: &str) -> bool {
    ["select ", "insert into ", "update ", "delete from ", "with recursive "].iter().any(|verb| text.starts_with(verb))
        // The beginning of a statement that `filtered!` completes.
        && !text.starts_with("select m.")
        && text != "select count(*)"
}

/// The statements that `filtered!(select, rest)` makes.
fn filtered(text: &str, literals: &[(usize, String)]) -> Vec<String> {
    let inbox = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model/message/inbox.rs")).unwrap();
    let (_, middle) = self::literals(&inbox).into_iter().find(|(_, text)| text.starts_with(" from message m")).unwrap();
    text.match_indices("filtered!(")
        .map(|(at, _)| {
            let mut behind = literals.iter().filter(|(place, _)| *place > at).map(|(_, literal)| literal);
            format!("{}{middle}{}", behind.next().unwrap(), behind.next().unwrap())
        })
        .collect()
}

/// The string literals of a source and where they begin, as the compiler reads them.
fn literals(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut chars = source.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '/' if chars.peek().is_some_and(|(_, next)| *next == '/') => {
                while chars.next().is_some_and(|(_, c)| c != '\n') {}
            }
            '\'' if source[at..].starts_with("'\"'") => {
                chars.next();
                chars.next();
            }
            '"' => {
                let mut literal = String::new();
                while let Some((_, c)) = chars.next().filter(|(_, c)| *c != '"') {
                    match (c, c == '\\') {
                        (_, true) => match chars.next().unwrap().1 {
                            '\n' => while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                            'n' => literal.push('\n'),
                            other => literal.push(other),
                        },
                        (c, false) => literal.push(c),
                    }
                }
                found.push((at, literal));
            }
            _ => {}
        }
    }
    found
}

/// A step of a plan that goes through a whole table or index, and which.
fn goes_through<'a>(step: &'a str, statement: &str) -> Option<&'a str> {
    let mut words = step.split_whitespace();
    let verb = words.next()?;
    let table = words.next()?;
    // An index made for this one statement goes through everything to be made.
    if verb == "SCAN" || step.contains("AUTOMATIC") {
        return Some(table).filter(|table| *table != "CONSTANT");
    }
    // “is not null” is found by an index that holds nearly everything.
    let column = step.rsplit_once('(')?.1.strip_suffix(">?)")?;
    let disguised =
        statement.contains(&format!("{column} is not null")) && !statement.contains(&format!("{column} > $"));
    (verb == "SEARCH" && disguised).then_some(table)
}

/// A statement with the text of the views that it names, and of those that they name.
fn with_views(statement: &str, views: &[(String, String)]) -> String {
    let mut whole = statement.to_owned();
    for _ in 0..2 {
        for (name, sql) in views {
            if whole.contains(name.as_str()) && !whole.contains(sql.as_str()) {
                whole.push(' ');
                whole.push_str(sql);
            }
        }
    }
    whole
}

/// The table behind an alias; views come from tables.
fn table(alias: &str, statement: &str, views: &[(String, String)]) -> String {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let is_table = |word: &str| {
        !["from", "join", "into", "update", "recursive"].contains(&word)
            && !word.ends_with(',')
            && views.iter().all(|(view, _)| view != word)
    };
    let named = words.windows(2).find(|pair| pair[1] == alias && is_table(pair[0]));
    named.map_or(alias, |pair| pair[0]).to_owned()
}

#[test]
fn literals_are_read_as_the_compiler_does() {
    let found: Vec<_> =
        literals("a(\"b \\\n   c\", 'd', '\"', \"\\\\%\") // \"e\"\n\"f\"").into_iter().map(|f| f.1).collect();
    assert_eq!(found, ["b c", "\\%", "f"]);
}

#[test]
fn no_statement_is_written_twice() {
    let mut seen = BTreeSet::new();
    let mut twice = BTreeSet::new();
    for (path, text) in imports::files("src/model") {
        if path.parent().unwrap().ends_with("copy") {
            continue;
        }
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for (_, literal) in literals(text).into_iter().filter(|(_, literal)| is_statement(literal)) {
            if !seen.insert(literal.clone()) {
                twice.insert(literal);
            }
        }
    }
    assert!(twice.is_empty(), "make it a function, or what they share a view: {twice:#?}");
}

#[tokio::test]
async fn every_statement_is_understood_and_uses_an_index() {
    if postgres::skips("the plans of PostgreSQL have a test of their own") {
        return;
    }
    let app = TestApp::new().await;
    let url = format!("sqlite:{}", app.data.path().join("plinth.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let statements = statements(&POSTGRES_ONLY);
    assert!(statements.len() > 120, "only {} statements were found", statements.len());
    let views: Vec<(String, String)> = sqlx::query_as("select name, sql from sqlite_master where type = 'view'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mut faults = Vec::new();
    let mut excused = BTreeSet::new();
    for statement in &statements {
        let explain = sqlx::AssertSqlSafe(format!("explain query plan {statement}"));
        let steps: Vec<(i64, i64, i64, String)> = match sqlx::query_as(explain).fetch_all(&mut connection).await {
            Ok(steps) => steps,
            Err(error) => {
                faults.push(format!("{error}: {statement}"));
                continue;
            }
        };
        let whole = with_views(statement, &views);
        let is_common = |table: &str| {
            ["with recursive", "),"].iter().any(|before| statement.contains(&format!("{before} {table} (")))
        };
        for (.., step) in &steps {
            let Some(alias) = goes_through(step, &whole) else { continue };
            let table = table(alias, &whole, &views);
            // Where others refer to what is put in, the plan names them, but there is nothing to look for.
            let referring = statement.starts_with("insert into") && !statement.contains(&format!(" {table}"));
            if referring || is_common(&table) || SMALL.iter().any(|(small, _)| *small == table) {
                continue;
            }
            match WHOLE.iter().position(|(begins, _)| statement.starts_with(begins)) {
                Some(place) => drop(excused.insert(place)),
                None => faults.push(format!("{step}: {statement}")),
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    let idle: Vec<_> = (0..WHOLE.len()).filter(|place| !excused.contains(place)).map(|place| WHOLE[place].0).collect();
    assert!(idle.is_empty(), "these need no excuse any more: {idle:#?}");
}
