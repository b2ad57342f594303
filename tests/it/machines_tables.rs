//! The tables of pages as files for spreadsheets.

use axum::{body::Body, http::Method};
use plinth::model::page::public::{self, ListedPage};

use crate::{
    harness::{TestApp, publish_version, save_content},
    machines::publish,
};

const TABLES: &str = "|Before|\n|-|\n\n## Offers, “and” more\n\n|No.|Offer|\n|-|-|\n|1|=1+1|\n|2|[Ä <b>](/about) `c`, d<br>e|\n|3|\"f\"|\n\n\
                      ### Others\n\n|a|\n|-|\n|b|\n|c|\n\n|a|\n|-|\n|b|\n|c|\n|d|\n";

/// The lines of a file, without the mark before the first.
fn lines(text: &str) -> Vec<&str> {
    text.strip_prefix('\u{feff}').expect("spreadsheets are told that it is UTF-8").split_terminator("\r\n").collect()
}

#[tokio::test]
async fn every_table_is_a_file_beside_its_page() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let mut tables = 0;
    for ListedPage { path, .. } in public::list_all(app.app.read(), "", 1000).await.unwrap() {
        // The tables of its answers are none of its text.
        if path == "/faq" {
            continue;
        }
        let page = visitor.get(&path).await.is(200);
        let frames = page.text.matches("class=\"table-frame\" role=\"group\" tabindex").count();
        let name = if path == "/" { "/index".to_owned() } else { path.clone() };
        let at = |number| if number == 1 { format!("{name}.csv") } else { format!("{name}.{number}.csv") };
        for number in 1..=frames {
            let file = visitor.get(&at(number)).await.is(200);
            assert!(lines(&file.text).len() > 1, "{}", at(number));
        }
        visitor.get(&at(frames + 1)).await.is(404);
        for link in page.text.split("<p class=\"table-file\"><a href=\"").skip(1) {
            visitor.get(link.split('"').next().unwrap()).await.is(200);
        }
        tables += frames;
    }
    assert!(tables > 20, "{tables}");
}

#[tokio::test]
async fn a_table_is_a_file_for_spreadsheets_and_runs_nothing() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    publish(&app, &editor, "", &[("title", "Tables"), ("slug", "tables"), ("body", TABLES)]).await;
    let page = visitor.get("/tables").await.is(200);
    // Those worth a link have one that says which table it is.
    let page = page
        .says("<caption class=\"visually-hidden\">Offers, “and” more</caption>")
        .says("href=\"/tables.2.csv\" type=\"text/csv\">Download as CSV<span class=\"visually-hidden\">: Offers, “and” more</span></a>")
        .says("aria-label=\"Table: Others, table 2\"")
        .says("href=\"/tables.4.csv\"")
        .does_not_say("/tables.csv")
        .does_not_say("/tables.3.csv");
    let file = visitor.get("/tables.2.csv").await.is(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"tables.2.csv\"");
    assert_eq!(file.header("link"), "<http://127.0.0.1:3000/tables>; rel=\"canonical\"");
    assert_eq!(file.header("cache-control"), page.header("cache-control"));
    assert!(!file.header("etag").is_empty(), "it is kept");
    let expected = ["\"No.\",\"Offer\"", "\"1\",\"'=1+1\"", "\"2\",\"Ä <b> c, d e\"", "\"3\",\"“f”\""];
    assert_eq!(lines(&file.text), expected);
    assert_eq!(lines(&visitor.get("/tables.csv?utm_source=x").await.is(200).text), ["\"Before\""]);

    // It follows its page, and nothing but what is public is to be had.
    let id = app.page_id("/tables").await;
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    let version = save_content(&write, id, |content| content.with("slug", "lists").with("body", "|new|\n|-|")).await;
    write.commit().await.unwrap();
    visitor.get("/tables.2.csv").await.is(200).does_not_say("new");
    editor.get(&format!("/admin/pages/{id}/preview")).await.is(200).does_not_say("csv");
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    publish_version(&write, id, version).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(visitor.get("/tables.csv").await.is(308).location(), "/lists.csv");
    assert_eq!(lines(&visitor.get("/lists.csv").await.is(200).text), ["\"new\""]);
    for missing in
        ["/lists.1.csv", "/lists.2.csv", "/lists.02.csv", "/imprint.csv", "/lists.csv/", "/.csv", "/admin.csv"]
    {
        visitor.get(missing).await.is(404);
        let put = visitor.request(Method::PUT, missing).body(Body::empty()).unwrap();
        visitor.send(put).await.is(404);
    }
    for method in [Method::PUT, Method::POST] {
        let other = visitor.request(method, "/lists.csv").body(Body::empty()).unwrap();
        assert_eq!(visitor.send(other).await.is(405).header("allow"), "GET, HEAD");
    }
}
