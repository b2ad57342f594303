//! What an import takes, what it leaves out and says so, and what it refuses. By the command line, as a maintainer does.

use std::{fs, path::Path};

use plinth::{
    app::start,
    model::{
        document::fields::FieldTable,
        settings::{self, Settings},
        transfer::{export, folder::FileMap},
    },
};
use tempfile::TempDir;

use crate::{
    command_line::{fails, plinth, succeeds},
    harness::{TestApp, config},
};

const TEXT: &str = "+++\ntitle = \"A title\"\n+++\n\nText.\n";

/// A folder with these files, and a front page where there is none.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    let home = [("pages/index.md", TEXT)];
    for (name, text) in home.iter().chain(files) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn import(data: &Path, folder: &Path) -> std::process::Output {
    // Whatever the engine is, the command and the portal have the same database.
    crate::postgres::of(data);
    plinth(data, &["import", folder.to_str().unwrap()], "")
}

async fn exported(data: &Path) -> FileMap {
    let db = start::open(&config(data, &[])).await.unwrap();
    let files = export::read(db.read(), &FieldTable::default()).await.unwrap();
    db.close().await;
    files
}

#[tokio::test]
async fn an_import_drops_no_text_and_says_what_else_it_changes() {
    let data = TempDir::new().unwrap();
    let category = "+++\ntitle = \"General\"\n+++\n";
    let folder = folder(&[("items/general/_category.md", category), ("items/general/one.md", TEXT)]);
    succeeds(&import(data.path(), folder.path()));

    let below = format!("{category}\nAn introduction.\n");
    fs::write(folder.path().join("items/general/_category.md"), below).unwrap();
    let told = "items/general/_category.md: has text below its fields";
    fails(&import(data.path(), folder.path()), 1, &[told]);

    fs::write(folder.path().join("items/general/_category.md"), category.replace("General", "All")).unwrap();
    fs::write(folder.path().join("site.toml"), "site_name = \"Another\"\nfooter = \"New\"\n").unwrap();
    let said = succeeds(&import(data.path(), folder.path()));
    assert!(said.contains("Changed in the settings of the site: name of the site and footer.\n"), "{said}");
    assert!(said.contains("The category general is called “All” now, not “General”.\n"), "{said}");
    let said = succeeds(&import(data.path(), folder.path()));
    assert!(!said.contains("settings") && said.contains("Nothing had to be changed."), "{said}");
}

#[tokio::test]
async fn markdown_is_content_whatever_its_ending_and_its_lines() {
    let data = TempDir::new().unwrap();
    let folder = folder(&[
        ("pages/loud.MD", "\u{feff}+++ \r\ntitle = \"Loud\"\r\n+++\t\r\n\r\nText.\r\n"),
        ("pages/long.markdown", TEXT),
        ("items/general/one.Markdown", TEXT),
    ]);
    let said = succeeds(&import(data.path(), folder.path()));
    assert_eq!(said, "Imported 3 pages and 1 question; 4 versions were new.\n");
    let files = exported(data.path()).await;
    let loud: String =
        files["pages/loud.md"].split_inclusive('\n').filter(|line| !line.starts_with("published = ")).collect();
    assert_eq!(loud, "+++\ntitle = \"Loud\"\nposition = 3\n+++\n\nText.\n");
    assert!(files.contains_key("pages/long.md") && files.contains_key("items/general/one.md"));
    assert!(files["items/general/_category.md"].contains("title = \"general\""));
}

#[tokio::test]
async fn the_page_that_the_documents_show_is_one() {
    let document = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/site-files.md")).unwrap();
    let shown = document.split_once("```markdown\n").unwrap().1.split_once("```").unwrap().0;
    let (data, folder) = (TempDir::new().unwrap(), folder(&[("pages/about.md", shown)]));
    succeeds(&import(data.path(), folder.path()));
    let text = &exported(data.path()).await["pages/about.md"];
    for part in ["menu_label = \"About\"", "number = \"1.2\"", "review_by = \"2027-06-30\"", "[the questions](/faq)"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn one_page_is_one_page() {
    let (data, folder) = (TempDir::new().unwrap(), folder(&[]));
    let said = succeeds(&import(data.path(), folder.path()));
    assert_eq!(said, "Imported 1 page and 0 questions; 1 version was new.\n");
    let again = succeeds(&import(data.path(), folder.path()));
    assert_eq!(again, "Imported 1 page and 0 questions; 0 versions were new. Nothing had to be changed.\n");
}

#[test]
fn what_is_plainly_no_content_is_left_out_and_named() {
    let (data, folder) = (
        TempDir::new().unwrap(),
        folder(&[
            (".git/config", "x"),
            ("README.md", "x"),
            ("LICENSE", "x"),
            ("pages/.DS_Store", "x"),
            ("pages/Thumbs.db", "x"),
            ("items/a.md~", "x"),
        ]),
    );
    let said = succeeds(&import(data.path(), folder.path()));
    for name in [
        ".git: hidden",
        "README.md: not part",
        "LICENSE: not part",
        "pages/.DS_Store: hidden",
        "pages/Thumbs.db: made",
        "items/a.md~: made",
    ] {
        assert!(said.contains(&format!("Left out {name}")), "{name} is not in: {said}");
    }
}

#[test]
fn what_looks_like_content_and_is_not_read_stops_the_import() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("data");
    for (name, says) in [
        ("items/loose.md", "move it to a folder of one, such as items/faq/general/loose.md"),
        ("items/a/b/c.md", "there is no page at /a that shows items"),
        ("pages/logo.png", "is no Markdown file"),
        ("pages/notes.txt", "is no Markdown file"),
        ("pages/site.toml", "is no Markdown file"),
        ("about.md", "pages belong in pages/"),
        ("Pages/about.md", "pages belong in pages/"),
        ("SITE.TOML", "settings in site.toml"),
        ("pages/My Page.md", "“My Page” cannot be part of a path"),
        ("pages/Team.md", "“Team” cannot be part of a path"),
        ("pages/Team/x.md", "“Team” cannot be part of a path"),
        ("pages/team.v2.md", "“team.v2” cannot be part of a path"),
        ("items/Über/x.md", "“Über” cannot be part of a path"),
        ("pages/admin.md", "/admin is used by the portal itself"),
        ("pages/empty.md", "title: Enter a title"),
        ("pages/far.md", "line 3 cannot be read"),
        ("site.toml", "unknown field `site_nam`"),
        ("redirects.toml", "/old leads to /nowhere, where there is no page"),
        ("pages/a/b.md", "there is no page at /a"),
    ] {
        let text = match name {
            "pages/empty.md" => "+++\n+++\n",
            "pages/far.md" => "+++\ntitle = \"x\"\nposition = first\n+++\n",
            "site.toml" => "site_nam = \"x\"\n",
            "redirects.toml" => "\"/old\" = \"/nowhere\"\n",
            _ => TEXT,
        };
        let folder = folder(&[(name, text)]);
        let shown = if name == "Pages/about.md" { "Pages" } else { name };
        fails(&import(&data, folder.path()), 1, &["Nothing was imported", shown, says]);
    }
}

#[test]
fn links_and_what_is_no_text_are_named() {
    let (data, folder) = (TempDir::new().unwrap(), folder(&[("pages/empty.md", "+++\n+++\n")]));
    fs::write(folder.path().join("pages/latin.md"), b"+++\ntitle = \"\xfc\"\n+++\n").unwrap();
    std::os::unix::fs::symlink("index.md", folder.path().join("pages/link.md")).unwrap();
    std::os::unix::fs::symlink("/", folder.path().join("pages/all")).unwrap();
    let says = ["pages/latin.md: is not UTF-8", "pages/link.md: is a link", "pages/all: is a link"];
    let says = [&says[..], &["pages/empty.md: title: Enter a title"]].concat();
    fails(&import(data.path(), folder.path()), 1, &says);
}

#[test]
fn a_document_has_one_file_and_lies_where_it_says() {
    let data = TempDir::new().unwrap();
    let named = "+++\ntitle = \"Team\"\nslug = \"our-team\"\n+++\n";
    let folder = folder(&[
        ("pages/team.md", named),
        ("pages/team/child.md", TEXT),
        ("pages/twice.md", TEXT),
        ("pages/twice.MD", TEXT),
        ("items/a/same.md", TEXT),
        ("items/b/same.md", TEXT),
        ("items/a/moved.md", "+++\ntitle = \"Moved\"\ncategory = \"b\"\n+++\nText.\n"),
    ]);
    let says = [
        "pages/team.md: lies at /team, but its slug says “our-team”",
        "pages/twice.md: is the same document as pages/twice.MD",
        "items/b/same.md: has the same name as items/a/same.md, and both are on one page",
        "items/a/moved.md: its front matter names the place b/moved",
    ];
    fails(&import(data.path(), folder.path()), 1, &says);
}

#[tokio::test]
async fn a_second_import_changes_nothing() {
    let data = TempDir::new().unwrap();
    let renamed = "+++\ntitle = \"Team\"\nslug = \"our-team\"\n+++\n";
    let folder = folder(&[
        ("site.toml", "tagline = \" Spaces  around \"\nlanguage = \"en-gb\"\nfooter = \"\\n\\nTwo  \\nlines\\n\"\n"),
        (
            "redirects.toml",
            "\"/old/\" = \"/team/\"\n\"/docs/*\" = \"https://docs.example\"\n\"/find\" = \"/search?q=x\"\n\"/part\" = \"/team#x\"\n",
        ),
        ("pages/team.md", TEXT),
        ("pages/team.draft.md", renamed),
        ("pages/team/child.md", TEXT),
        ("pages/only.draft.md", renamed),
        ("pages/only/child.draft.md", TEXT),
        ("items/a/_category.md", "+++\ntitle = \"A\"\nposition = 2\n+++\n"),
        ("items/a/stays.draft.md", "+++\ntitle = \"Q\"\ncategory = \"b\"\nslug = \"goes\"\n+++\nText.\n"),
        ("items/b/x.md", TEXT),
    ]);
    succeeds(&import(data.path(), folder.path()));
    let first = exported(data.path()).await;
    assert!(first["pages/only.draft.md"].contains("slug = \"our-team\""));
    assert!(first.contains_key("pages/only/child.draft.md") && first.contains_key("items/a/stays.draft.md"));
    let redirects = "\"/docs/*\" = \"https://docs.example/\"\n\"/find\" = \"/search?q=x\"\n\"/old\" = \"/team\"\n\"/part\" = \"/team#x\"\n";
    assert_eq!(first["redirects.toml"], redirects);
    for _ in 0..2 {
        let said = succeeds(&import(data.path(), folder.path()));
        assert!(said.contains("0 versions were new. Nothing had to be changed."), "{said}");
    }
    let db = start::open(&config(data.path(), &[])).await.unwrap();
    assert_eq!(settings::site_version(db.read()).await.unwrap(), 1, "only the first import changed the site");
    assert_eq!(export::read(db.read(), &FieldTable::default()).await.unwrap(), first);
}

#[tokio::test]
async fn what_a_second_import_changes_is_counted_and_put_in_its_place() {
    let data = TempDir::new().unwrap();
    let question =
        |position: &str, text: &str| format!("+++\ntitle = \"Question\"\nposition = {position}\n+++\n\n{text}\n");
    let (one, two) = (question("1", "Text."), question("2", "Text."));
    let first = folder(&[("items/a/x.md", one.as_str()), ("items/a/y.md", two.as_str()), ("pages/team.md", TEXT)]);
    succeeds(&import(data.path(), first.path()));
    let (changed, moved) = (question("1", "Other text."), question("0", "Text."));
    let second =
        folder(&[("items/a/x.md", changed.as_str()), ("items/a/y.md", moved.as_str()), ("pages/team.md", TEXT)]);
    let said = succeeds(&import(data.path(), second.path()));
    assert!(said.contains("1 version was new.") && !said.contains("Nothing had to be changed"), "{said}");
    let files = exported(data.path()).await;
    assert!(files["items/a/y.md"].contains("position = 0"), "{}", files["items/a/y.md"]);
    assert!(files["items/a/x.md"].contains("Other text."));
}

#[tokio::test]
async fn a_shorter_retention_that_would_delete_messages_is_not_taken() {
    let data = std::sync::Arc::new(TempDir::new().unwrap());
    let first = folder(&[("site.toml", "retention_months = 20\n")]);
    let said = succeeds(&import(data.path(), first.path()));
    assert!(!said.contains("Not taken"), "no message would be deleted: {said}");
    let app = TestApp::over(data.clone(), &[]).await;
    let write = app.app.write(plinth::model::actor::Actor::system("test")).await.unwrap();
    let old = write.now.minus(300 * plinth::clock::DAY);
    let sql = "insert into message (reference, received_at, status, topic, name, email, role, country, body, \
               spam_score, spam_reasons, search_text, kept_from) \
               values ('R', $1, 'unread', 'other', 'N', 'n@example.org', '', '', 'B', 0, '', '', $1)";
    write.execute(sql, (old,)).await.unwrap();
    write.record(plinth::model::audit_log::AuditEntry::new("message.receive", "message", None, "test"));
    write.commit().await.unwrap();
    let second = folder(&[("site.toml", "retention_months = 6\ntagline = \"Taken\"\n")]);
    let said = succeeds(&import(data.path(), second.path()));
    assert!(said.contains("Not taken from site.toml: retention_months = 6 would delete messages"), "{said}");
    assert!(said.contains("still 20") && said.contains("/admin/settings"), "{said}");
    let settings = Settings::load(app.app.read()).await.unwrap();
    assert_eq!((settings.retention_months, settings.tagline.as_str()), (20, "Taken"));
    let longer = folder(&[("site.toml", "retention_months = 30\n")]);
    assert!(!succeeds(&import(data.path(), longer.path())).contains("Not taken"));
    assert_eq!(Settings::load(app.app.read()).await.unwrap().retention_months, 30);
}

#[tokio::test]
async fn what_a_folder_does_not_mention_stays() {
    let data = TempDir::new().unwrap();
    let first = folder(&[
        ("site.toml", "site_name = \"One\"\ntagline = \"Two\"\nfooter = \"Three\"\ntime_zone = \"Europe/Berlin\"\n"),
        ("items/general/_category.md", "+++\ntitle = \"In general\"\n+++\n"),
    ]);
    succeeds(&import(data.path(), first.path()));
    let second = TempDir::new().unwrap();
    fs::write(second.path().join("site.toml"), "tagline = \"Four\"\n").unwrap();
    fs::create_dir_all(second.path().join("items/general")).unwrap();
    fs::write(second.path().join("items/general/q.md"), TEXT).unwrap();
    succeeds(&import(data.path(), second.path()));
    let db = start::open(&config(data.path(), &[])).await.unwrap();
    let settings = Settings::load(db.read()).await.unwrap();
    assert_eq!(
        [settings.site_name, settings.tagline, settings.footer, settings.time_zone],
        ["One", "Four", "Three", "Europe/Berlin"]
    );
    db.close().await;
    assert!(exported(data.path()).await["items/general/_category.md"].contains("In general"));
}

#[tokio::test]
async fn all_is_looked_at_before_the_first_write() {
    let data = TempDir::new().unwrap();
    let folder = folder(&[
        ("pages/alone/child.md", TEXT),
        ("pages/draft.draft.md", TEXT),
        ("pages/draft/child.md", TEXT),
        ("items/a/q.draft.md", "+++\ntitle = \"Q\"\ncategory = \"nowhere\"\n+++\nText.\n"),
        ("redirects.toml", "\"/draft/child\" = \"/\"\n"),
    ]);
    let says = [
        "pages/alone/child.md: there is no page at /alone",
        "pages/draft/child.md: the page above, /draft, is a draft",
        "items/a/q.draft.md: there is no category nowhere",
        "redirects.toml: there is a page at /draft/child",
    ];
    fails(&import(data.path(), folder.path()), 1, &says);
    fs::remove_file(folder.path().join("pages/index.md")).unwrap();
    fails(&import(data.path(), folder.path()), 1, &["pages/index.md: is missing"]);
    assert_eq!(exported(data.path()).await.len(), 1, "nothing but the settings is there");
}

#[tokio::test]
async fn pages_are_as_deep_as_everywhere_else() {
    let data = std::sync::Arc::new(TempDir::new().unwrap());
    let name = |depth: usize| format!("pages/{}.md", vec!["a"; depth].join("/"));
    let names: Vec<String> = (1..=33).map(name).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), TEXT)).collect();
    fails(&import(data.path(), folder(&files).path()), 1, &["lies too deep; pages can be 32 levels deep"]);
    succeeds(&import(data.path(), folder(&files[..32]).path()));

    let app = TestApp::over(data, &[]).await;
    let editor = app.editor().await;
    let deepest = app.page_id(&"/a".repeat(32)).await.to_string();
    let below = |parent: &'static str| [("title", "Below"), ("slug", "below"), ("body", "x"), ("under", parent)];
    let mut fields = below("").to_vec();
    fields[3].1 = &deepest;
    editor.post("/admin/pages/new", &fields).await.is(422).says("Pages can be 32 levels deep");
    let top = app.page_id("/a").await;
    editor.post("/admin/pages/new", &[below("").as_slice(), &[("do", "publish")]].concat()).await.is(303);
    let moved = editor.post(&format!("/admin/pages/{top}/move"), &[("parent", "/below")]).await;
    moved.is(422).says("Pages can be 32 levels deep");
    app.visitor().get(&"/a".repeat(32)).await.is(200);
}
