//! Ids: none twice on a page, none empty, every link within a page leads somewhere, and old slugs go on leading.

use std::{collections::HashSet, fs, path::Path};

use plinth::model::page::public;

use crate::harness::{Reply, TestApp};

fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(&format!(" {attribute}=\"")).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// Asserts that the page's ids are sound, and that each entry of its contents has words.
#[track_caller]
fn is_sound(path: &str, page: &Reply) {
    let mut ids = HashSet::new();
    for id in values(&page.text, "id") {
        assert!(!id.is_empty(), "an empty id on {path}");
        assert!(ids.insert(id), "{id} twice on {path}");
    }
    for link in values(&page.text, "href").into_iter().filter_map(|link| link.strip_prefix('#')) {
        assert!(ids.contains(link), "#{link} leads nowhere on {path}");
    }
    for named in values(&page.text, "aria-labelledby").into_iter().chain(values(&page.text, "for")) {
        assert!(ids.contains(named), "{named} names nothing on {path}");
    }
    for entry in page.text.split("<a href=\"#").skip(1) {
        let words = entry.split_once('>').unwrap().1.split("</a>").next().unwrap();
        assert!(!words.trim().is_empty(), "a link without words on {path}");
    }
}

#[tokio::test]
async fn every_page_of_the_starter_has_sound_ids() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let pages = public::list_all(app.app.read(), "", 1000).await.unwrap();
    assert!(pages.len() > 100);
    for page in pages {
        is_sound(&page.path, &visitor.get(&page.path).await.is(200));
    }
    for path in ["/nowhere", "/search", "/search?q=audit", "/faq?q=audit", "/faq?q=zzz", "/resources/glossary?q=audit"]
    {
        is_sound(path, &visitor.get(path).await);
    }
    let one = "question=contents-of-an-sla";
    for query in ["area=assurance", one, &format!("{one}&choice=A"), "exam=1", "exam=1&marked=yes"] {
        is_sound(query, &visitor.get(&format!("/training/practice-questions?{query}")).await.is(200));
    }
}

#[tokio::test]
async fn screens_have_sound_ids() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let (about, home) = (app.page_id("/about").await, app.page_id("/").await);
    for path in [
        "/admin",
        "/admin/pages",
        "/admin/pages/new",
        &format!("/admin/pages/{about}"),
        &format!("/admin/pages/{home}"),
        &format!("/admin/pages/{about}/preview"),
        &format!("/admin/pages/{about}/move"),
        &format!("/admin/documents/{about}/revisions"),
        "/admin/faq",
        "/admin/faq/new",
        "/admin/faq/categories",
        "/admin/messages",
        "/admin/users",
        "/admin/audit-log",
        "/admin/settings",
        "/admin/search?q=audit",
        "/admin/trash",
        "/admin/account",
    ] {
        is_sound(path, &admin.get(path).await.is(200));
    }
}

#[test]
fn templates_use_only_names_that_no_text_gets() {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    // Ids that come from what users wrote, through the one allocator.
    let written = ["{{ category.id }}", "{{ former }}", "{{ slug }}", "{{ item.slug }}", "{{ section.id }}"];
    let mut count = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        for id in values(&fs::read_to_string(&path).unwrap(), "id") {
            count += 1;
            let own = id.starts_with('_') || id.starts_with("field-");
            assert!(own || written.contains(&id), "{id} in {}", path.display());
        }
    }
    assert!(count > 50);
}

#[tokio::test]
async fn no_heading_takes_an_id_from_the_page_or_from_another() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let text = "## 🎉\n\n##\n\n## 🎉\n\n## _search\n\n## Main\n\n## Field body\n\n## fn 1\n\nText[^n].\n\n## ![🎉](/a.png)\n\n[^n]: x";
    let fields = [("title", "Ids"), ("slug", "ids"), ("body", text), ("layout", "contact"), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    let page = app.visitor().get("/ids").await.is(200).says("id=\"field-body\"").says(">🎉</a>");
    is_sound("/ids", &page);
}

#[tokio::test]
async fn categories_questions_headings_and_footnotes_share_a_page() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for (title, slug) in [("Search", "search"), ("Main", "main"), ("Count", "count")] {
        editor.post("/admin/faq/categories/new", &[("title", title), ("slug", slug)]).await.is(303);
    }
    let all = plinth::model::faq::category::all(app.app.read()).await.unwrap();
    let count = all.iter().find(|category| category.slug == "count").unwrap().id.to_string();
    for (slug, body) in [
        ("category-count", "## Details"),
        ("costs", "## More\n\n## More\n\ntext[^1] and[^1]\n\n[^1]: note"),
        ("costs-more", "## 1\n\ntext"),
        ("fn-costs-1", "text"),
    ] {
        let fields =
            [("title", slug), ("slug", slug), ("body", body), ("category", &count), ("base", "0"), ("do", "publish")];
        editor.post("/admin/faq/new", &fields).await.is(303);
    }
    let page = app.visitor().get("/faq").await.is(200).says("id=\"costs\"").says("id=\"costs-more\"");
    is_sound("/faq", &page.says("id=\"category-count\"").says("id=\"fn-costs-1\""));
}

#[tokio::test]
async fn an_old_slug_leads_to_its_question_for_good() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let question = |slug: &'static str, base: &'static str| {
        [("title", "Why?"), ("slug", slug), ("body", "So."), ("category", "1"), ("base", base), ("do", "publish")]
    };
    let reply = editor.post("/admin/faq/new", &question("first", "0")).await.is(303);
    let path = reply.location();
    editor.post(&path, &question("second", "1")).await.is(303);
    editor.post(&path, &question("third", "2")).await.is(303);
    let page =
        visitor.get("/faq").await.says("id=\"third\"").says("<span id=\"first\"></span><span id=\"second\"></span>");
    is_sound("/faq", &page);
    // Back to its first name; and another question takes the second.
    editor.post(&path, &question("first", "3")).await.is(303);
    let mut other = question("second", "0");
    other[0].1 = "Another?";
    editor.post("/admin/faq/new", &other).await.is(303);
    let page = visitor.get("/faq").await.says("<span id=\"third\"></span>").does_not_say("<span id=\"second\"></span>");
    is_sound("/faq", &page);
    editor.post(&format!("{path}/unpublish"), &[]).await.is(303);
    visitor.get("/faq").await.does_not_say("id=\"third\"");
}
