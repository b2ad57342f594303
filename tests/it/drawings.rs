//! Drawings of the pages below a page: they show what the tree has, and lead there.

use plinth::model::document::revision;

use crate::harness::{TestApp, TestUser};

/// The links of the first picture of a page, in their order: where to, and what they are called.
fn links(page: &str) -> Vec<(String, String)> {
    let drawing = page.split("<figure class=\"drawing\">").nth(1).expect("a drawing");
    let picture = drawing.split("</svg>").next().unwrap();
    let value = |text: &str, name: &str| {
        text.split(&format!("{name}=\"")).nth(1).expect("an attribute").split('"').next().unwrap().to_owned()
    };
    picture.split("<a ").skip(1).map(|link| (value(link, "href"), value(link, "aria-label"))).collect()
}

/// Publishes a page with these fields changed.
async fn change(app: &TestApp, editor: &TestUser, path: &str, changes: &[(&str, &str)]) {
    let id = app.page_id(path).await;
    let newest = revision::latest(app.app.read(), id).await.unwrap();
    let base = newest.version.to_string();
    let content = newest.content.to_input();
    let mut fields = vec![("base".to_owned(), base), ("do".to_owned(), "publish".to_owned())];
    let keys = ["title", "slug", "summary", "body", "number", "menu_label", "menu", "layout", "drawing"];
    for key in keys {
        let new = changes.iter().find(|(changed, _)| *changed == key);
        fields.push((key.to_owned(), new.map_or_else(|| content.get(key), |(_, value)| value).to_owned()));
    }
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    editor.post(&format!("/admin/pages/{id}"), &fields).await.is(303);
}

#[tokio::test]
async fn drawings_follow_the_tree() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let family = links(&visitor.get("/standards").await.is(200).text);
    assert_eq!(family[0].0, "/standards/part-1");
    assert!(family[0].1.starts_with("Part 1 Service management system requirements"), "{}", family[0].1);
    assert!(family.iter().any(|(path, _)| path == "/standards/part-18"));
    assert!(!family.iter().any(|(path, _)| path == "/standards/editions-compared"), "it has no number");

    let structure = links(&visitor.get("/standards/part-1").await.is(200).text);
    let names: Vec<_> = structure.iter().map(|(_, name)| name.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["4", "5", "6", "7", "8", "8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "8.7", "9", "10"]);

    let path = links(&visitor.get("/scheme/levels").await.is(200).text);
    let names: Vec<_> = path.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["1 Foundation", "2 Professional", "3a Management", "3b Auditing"]);

    // A new name and a new path are there at once, and a title is no markup.
    change(&app, &editor, "/scheme/levels/auditing", &[("title", "<b>Audit</b> & more"), ("slug", "audit")]).await;
    let page = visitor.get("/scheme/levels").await.is(200).does_not_say("<b>Audit").text;
    assert_eq!(links(&page)[3].0, "/scheme/levels/audit");
    let id = app.page_id("/scheme/levels/audit").await;
    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    let path = links(&visitor.get("/scheme/levels").await.is(200).text);
    let names: Vec<_> = path.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["1 Foundation", "2 Professional", "3 Management"]);
}

#[tokio::test]
async fn an_editor_chooses_the_drawing_of_a_page() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    visitor.get("/scheme/organisations").await.is(200).does_not_say("class=\"drawing\"");
    change(&app, &editor, "/scheme/organisations", &[("drawing", "path")]).await;
    let path = links(&visitor.get("/scheme/organisations").await.is(200).text);
    assert_eq!(path.len(), 6);
    assert!(path[5].1.starts_with("6 "));
    let id = app.page_id("/scheme/organisations").await;
    editor.get(&format!("/admin/pages/{id}")).await.says("name=\"drawing\"").says("value=\"family\"");
    let bad = [("base", "2"), ("title", "x"), ("slug", "organisations"), ("drawing", "cinema")];
    editor.post(&format!("/admin/pages/{id}"), &bad).await.is(422).says("Choose one of the list");

    // Where nothing below fits, there is none.
    change(&app, &editor, "/scheme/organisations", &[("drawing", "structure")]).await;
    visitor.get("/scheme/organisations").await.is(200).does_not_say("class=\"drawing\"");
    // A page without pages below draws nothing, and one with a long word breaks it.
    change(&app, &editor, "/about", &[("drawing", "path")]).await;
    visitor.get("/about").await.is(200).does_not_say("class=\"drawing\"");
    let long = "Antidisestablishmentarianism".repeat(5);
    change(&app, &editor, "/standards/part-2", &[("menu_label", &long[..60])]).await;
    visitor.get("/standards").await.is(200).does_not_say(&format!(">{}</text>", &long[..30]));
}
