//! Lists of redirects from spreadsheets and for them.

use std::fmt::Write;

use plinth::model::settings::site_version;

use crate::{harness::TestApp, media::send_files};

const LIST: &str = "/admin/redirects";
const IMPORT: &str = "/admin/redirects/import";
const EXPORT: &str = "/admin/redirects/export";

#[tokio::test]
async fn a_list_is_imported_whole_and_a_second_time_changes_nothing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let lines =
        "From;To\r\n/a;https://other.example/a\r\n/b/*;https://other.example/docs\r\n\"/c\";/d\r\n/d;/e\r\n/e;/\r\n";
    let done = editor.post_and_follow(IMPORT, &[("lines", lines)]).await.is(200);
    done.says("5 redirects were added, 0 changed; 0 were so already.");
    assert_eq!(visitor.get("/b/x?y=1").await.is(308).location(), "https://other.example/docs/x?y=1");
    // What leads to another line leads to the end of that.
    for path in ["/c", "/d", "/e"] {
        assert_eq!(visitor.get(path).await.is(308).location(), "/", "{path}");
    }
    let version = site_version(app.app.read()).await.unwrap();
    let again = editor.post_and_follow(IMPORT, &[("lines", lines)]).await.is(200);
    again.says("0 redirects were added, 0 changed; 5 were so already.");
    assert_eq!(site_version(app.app.read()).await.unwrap(), version);

    let file = editor.get(EXPORT).await.is(200);
    assert!(file.header("content-disposition").contains("attachment; filename=\"redirects-"));
    assert!(file.text.starts_with("from,to,hits,last use\r\n/a,https://other.example/a,0,\r\n/b/*,"), "{}", file.text);
    let again = editor.post_and_follow(IMPORT, &[("lines", &file.text)]).await.is(200);
    again.says("0 redirects were added, 0 changed; 5 were so already.");
    let changed = editor.post_and_follow(IMPORT, &[("lines", "/a,/")]).await.is(200);
    changed.says("0 redirects were added, 1 changed; 0 were so already.");
    app.admin().await.get("/admin/audit-log").await.says("imported redirects").says("5 added, 0 changed");
}

#[tokio::test]
async fn a_list_means_the_same_in_any_order_of_its_lines() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let was = "/b,https://old.example/b\n/w/*,https://old.example/w";
    editor.post_and_follow(IMPORT, &[("lines", was)]).await.says("2 redirects were added");
    let lines = ["/a,/b/", "/b,https://new.example/b", "/c,/w/x", "/w/*,https://new.example/w", "/d,/a"];
    let in_turn = lines.join("\n");
    let backwards = lines.iter().rev().copied().collect::<Vec<_>>().join("\n");
    for (lines, changed) in [(in_turn, 2), (backwards, 0)] {
        let done = editor.post_and_follow(IMPORT, &[("lines", &lines)]).await;
        done.says(&format!("{changed} changed"));
        for (path, to) in [("/a", "b"), ("/b", "b"), ("/c", "w/x"), ("/w/x", "w/x"), ("/d", "b")] {
            assert_eq!(visitor.get(path).await.is(308).location(), format!("https://new.example/{to}"), "{path}");
        }
    }
}

#[tokio::test]
async fn cells_are_divided_as_the_spreadsheet_does_it() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let first = "sep=;\r\nFrom;To\r\n/a;https://a.example/x,y\r\n\"/b\";\"/a\"\r\n";
    editor.post_and_follow(IMPORT, &[("lines", first)]).await.is(200).says("2 redirects were added");
    editor.post_and_follow(IMPORT, &[("lines", "/c,https://a.example/x;y")]).await.is(200).says("1 redirect was added");
    for (path, to) in [("/a", "x,y"), ("/b", "x,y"), ("/c", "x;y")] {
        assert_eq!(visitor.get(path).await.is(308).location(), format!("https://a.example/{to}"));
    }
}

#[tokio::test]
async fn chains_of_any_length_lead_to_their_end_with_few_statements() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let mut lines = String::new();
    for n in (0..500).rev() {
        writeln!(lines, "/chain-{n},/chain-{}#part-{n}", n + 1).unwrap();
    }
    lines += "/chain-500,/\n/far-0,/far-1\n/far-1,https://far.example/\n/lost,/nowhere-at-all\n";
    let refused = editor.post(IMPORT, &[("lines", &lines)]).await.is(422);
    refused.says("1 line has a mistake").says("There is no page at /nowhere-at-all");
    let done = editor.post_and_follow(IMPORT, &[("lines", &lines), ("good", "yes")]).await.is(200);
    done.says("503 redirects were added").says("1 line was left out");
    for (path, to) in [("/chain-0", "/#part-0"), ("/chain-499", "/#part-499"), ("/far-0", "https://far.example/")] {
        assert_eq!(visitor.get(path).await.is(308).location(), to, "{path}");
    }
}

#[tokio::test]
async fn a_list_with_mistakes_is_refused_by_line_and_kept() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let lines = "/good,/\nno-path,/\n/alone\n/nowhere,/not/here\n/good,/\n/round,/trip\n/trip,/round\n/evil,javascript:alert(1)\n/admin/x,/";
    let refused = editor.post(IMPORT, &[("lines", lines)]).await.is(422);
    let refused = refused.says("8 lines have mistakes, so nothing was imported").says("/nowhere,/not/here");
    for says in [
        "Line 2: “no-path” is not a path",
        "Line 3: “/alone” has no second cell",
        "Line 4: There is no page at /not/here",
        "Line 5: Line 1 is about /good too",
        "Line 6: There is no page at /trip",
        "Line 7: There is no page at /round",
        "Line 8: “javascript:alert(1)” begins with javascript:",
        "Line 9: The portal itself answers at /admin/x",
    ] {
        assert!(refused.text.contains(says), "{says}: {}", refused.text);
    }
    visitor.get("/good").await.is(404);
    let done = editor.post_and_follow(IMPORT, &[("lines", lines), ("good", "yes")]).await.is(200);
    done.says("1 redirect was added, 0 changed; 0 were so already. 8 lines were left out because of mistakes.");
    visitor.get("/good").await.is(308);
    editor.post(IMPORT, &[("lines", " \n")]).await.is(422).says("Enter one redirect a line");
}

#[tokio::test]
async fn twenty_thousand_lines_with_mistakes_in_them_leave_nothing_behind() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let mut lines = String::new();
    for number in 0..20_000 {
        let to = if number % 100 == 7 { "/not/here" } else { "https://other.example/somewhere" };
        writeln!(lines, "/old/section/page-{number},{to}").unwrap();
    }
    let refused = editor.post(IMPORT, &[("lines", &lines)]).await.is(422);
    refused.says("200 lines have mistakes, so nothing was imported").says("Line 8: ").says("There are 100 more.");
    editor.get(LIST).await.says("No redirects yet");
    let done = editor.post_and_follow(IMPORT, &[("lines", &lines), ("good", "yes")]).await.is(200);
    done.says("19,800 redirects were added");
    app.visitor().get("/old/section/page-19999").await.is(308);
}

#[tokio::test]
async fn the_text_of_a_file_is_shown_in_the_form_without_a_script() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let file = "/admin/redirects/import/file";
    let list = "From;To\r\n/caf\u{e9};https://other.example/a\r\n";
    let screen = send_files(&editor, file, &[], &[("list.csv", list.as_bytes())]).await.is(200);
    screen.says("/caf\u{e9};https://other.example/a").says("data-guard=\"dirty\"");
    editor.get(LIST).await.says("No redirects yet");
    send_files(&editor, file, &[], &[("", b"")]).await.is(422).says("Choose a file with a list");
    send_files(&editor, file, &[], &[("list.csv", &vec![b'x'; 9_000_000])]).await.is(400).says("too large for a list");
    send_files(&app.visitor(), file, &[], &[("list.csv", list.as_bytes())]).await.is(303);
}

#[tokio::test]
async fn a_line_with_a_character_that_nobody_sees_is_named() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let lines = "/good,https://other.example/\n/a\u{200b}b,/\n/c d,/\n\"/e\nf\",/\n/g,https://other.example/h\\i\n";
    let refused = editor.post(IMPORT, &[("lines", lines)]).await.is(422);
    let refused = refused.says("4 lines have mistakes, so nothing was imported");
    for says in [
        "Line 2: There is a character that cannot be seen, U+200B,",
        "Line 3: There is a space between",
        "Line 4: There is a line break between",
        "Line 6: There is a backslash",
    ] {
        assert!(refused.text.contains(says), "{says}: {}", refused.text);
    }
    editor.get(LIST).await.says("No redirects yet");
}
