//! The sources of pages in Markdown, and `llms.txt`, which leads to them.

use axum::{body::Body, http::Method};
use plinth::model::page::public::{self, ListedPage};

use crate::{
    harness::{TestApp, publish_version, save_content},
    machines::{HOSTILE, overwrite, publish},
};

const ORIGIN: &str = "http://127.0.0.1:3000";

#[tokio::test]
async fn every_page_has_its_source_beside_it() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    for ListedPage { path, title, .. } in public::list_all(app.app.read(), "", 1000).await.unwrap() {
        let page = public::at(app.app.read(), &path).await.unwrap().unwrap();
        let at = if path == "/" { "/index.md".to_owned() } else { format!("{path}.md") };
        let source = visitor.get(&at).await.is(200);
        assert_eq!(source.header("content-type"), "text/markdown; charset=utf-8");
        assert_eq!(source.header("link"), format!("<{ORIGIN}{path}>; rel=\"canonical\""));
        assert!(!source.header("etag").is_empty(), "{at} is kept");
        let url = format!("\nurl: \"{ORIGIN}{path}\"\n");
        assert!(source.isolated.starts_with("---\ntitle: \"") && source.isolated.contains(&url), "{at}");
        let heading = source.isolated.lines().find(|line| line.starts_with("# ")).unwrap();
        assert!(heading.replace('\\', "").ends_with(&title), "{at}: {heading}");
        assert!(source.isolated.contains(page.revision.content.body.trim()), "{at}");
        visitor.get(&path).await.says(&format!("rel=\"alternate\" type=\"text/markdown\" href=\"{at}\""));
    }
    // What layouts show below the text is there too.
    visitor.get("/standards.md").await.says("- [Part 1").says("](/standards/part-1.md)");
    let faq = visitor.get("/faq.md").await.is(200).text;
    assert_eq!(faq.matches("\n### ").count(), 80);
    // So are the fields of the questions' types.
    let practice = visitor.get("/training/practice-questions.md").await.is(200).text;
    assert_eq!(practice.matches("\n- **Option A**: ").count(), practice.matches("\n### ").count());
    assert!(practice.contains("\n- **Option A**: They need no record until the service has been restored\n"));
}

#[tokio::test]
async fn a_source_follows_its_page() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    publish(&app, &editor, "", &[("title", "Old"), ("slug", "old"), ("body", "x")]).await;
    let body = "[a](/old) [b](old#x)";
    publish(&app, &editor, "", &[("title", "Names"), ("slug", "names"), ("body", body)]).await;
    visitor.get("/names.md").await.is(200).says("[a](/old) [b](/old#x)");
    let id = app.page_id("/old").await;
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    let version = save_content(&write, id, |content| content.with("slug", "new")).await;
    publish_version(&write, id, version).await.unwrap();
    write.commit().await.unwrap();
    visitor.get("/names.md").await.is(200).says("[a](/new) [b](/new#x)");
    assert_eq!(visitor.get("/old.md").await.is(308).location(), "/new.md");
    // Nothing but what is public is to be had.
    let draft = [("title", "Draft"), ("slug", "draft"), ("body", "secret"), ("under", "")];
    editor.post("/admin/pages/new", &draft).await.is(303);
    visitor.get("/draft.md").await.is(404).does_not_say("secret");
    let write = app.app.write(editor.actor.clone()).await.unwrap();
    save_content(&write, id, |content| content.with("body", "secret")).await;
    write.commit().await.unwrap();
    visitor.get("/new.md").await.is(200).does_not_say("secret");
    for missing in ["/.md", "/new/.md", "/new.md/", "/new.mdx", "/admin.md"] {
        visitor.get(missing).await.is(404);
    }
    let put = visitor.request(Method::PUT, "/new.md").body(Body::empty()).unwrap();
    assert_eq!(visitor.send(put).await.is(405).header("allow"), "GET, HEAD");
}

#[tokio::test]
async fn llms_txt_leads_to_the_sources() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    publish(&app, &editor, "", &[("title", "Hidden away"), ("slug", "hidden"), ("body", "x"), ("menu", "hidden")])
        .await;
    let reply = visitor.get("/llms.txt").await.is(200).does_not_say("Hidden away");
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    let text = reply.isolated;
    assert!(text.starts_with("# ISO 20000 Certification Portal\n\n> "), "{text}");
    assert!(text.contains("\n## The Standards\n\n- [") && text.contains("\n## Optional\n\n- ["), "{text}");
    let links: Vec<&str> = text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    assert!(links.len() > 80, "{}", links.len());
    for link in links {
        visitor.get(link.strip_prefix(ORIGIN).unwrap()).await.is(200);
    }
}

#[tokio::test]
async fn hostile_words_are_inert_in_markdown() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let fields = [("title", HOSTILE), ("slug", "hostile"), ("body", "x"), ("summary", HOSTILE), ("menu", "main")];
    publish(&app, &editor, "", &fields).await;
    let quoted = HOSTILE.replace('\'', "''");
    overwrite(&app, &[
        format!("update setting set value = '{quoted}' where name = 'tagline'"),
        format!("insert into setting (name, value) values ('site_name', '{quoted}') on conflict (name) do update set value = excluded.value"),
    ])
    .await;
    publish(&app, &editor, "", &[("title", "Another"), ("slug", "another"), ("body", "x")]).await;
    for path in ["/hostile.md", "/llms.txt"] {
        let text = visitor.get(path).await.is(200).isolated;
        assert!(text.contains("\\</script\\>") && text.contains("\\[x\\](javascript:y)"), "{path}: {text}");
        let words = text.lines().filter(|line| line.starts_with(['#', '>', '-']) && *line != "---");
        for line in words {
            assert!(!line.contains(" <") && !line.contains(" [x"), "{line}");
        }
        assert!(!text.contains(['\u{202e}', '\u{200f}', '\u{2028}', '\u{b}', '\u{1b}']), "{text:?}");
    }
    let source = visitor.get("/hostile.md").await.isolated;
    let (front, _) = source.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    assert_eq!(front.lines().count(), 6, "each value on its line: {front}");
    for line in front.lines() {
        let (_, value) = line.split_once(": ").unwrap();
        serde_json::from_str::<serde_json::Value>(value).unwrap();
    }
}
