//! Languages and the direction they are written in.

use plinth::model::document::Kind;

use crate::{
    forms::hidden,
    harness::{Person, Reply, TestApp},
};

const SETTINGS: &str = "/admin/settings";

/// Opens the settings and saves them with this language.
async fn save(admin: &Person, language: &str) -> Reply {
    let opened = hidden(&admin.get(SETTINGS).await.is(200), SETTINGS);
    let mut fields =
        vec![("site_name", "Portal"), ("time_zone", "UTC"), ("retention_months", "24"), ("language", language)];
    fields.extend(opened.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    admin.post(SETTINGS, &fields).await
}

#[tokio::test]
async fn the_site_speaks_the_language_of_its_setting() {
    let app = TestApp::new().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    visitor.get("/about").await.is(200).says("<html lang=\"en-GB\" dir=\"ltr\">");
    admin.get("/admin/settings").await.is(200).says("value=\"en-GB\"").says("<html lang=\"en-GB\" dir=\"ltr\">");
    for (typed, html) in [("he", "<html lang=\"he\" dir=\"rtl\">"), ("DE_at", "<html lang=\"de-AT\" dir=\"ltr\">")] {
        save(&admin, typed).await.is(303);
        for path in ["/about", "/faq", "/search?q=x", "/nowhere"] {
            visitor.get(path).await.says(html);
        }
    }
    admin.get("/admin/settings").await.says("value=\"de-AT\"");
    for bad in ["English", "x", "de\" onload=\"x", "und"] {
        save(&admin, bad).await.is(422).says("Enter a language by its tag");
    }
    visitor.get("/about").await.says("<html lang=\"de-AT\" dir=\"ltr\">");
    save(&admin, "").await.is(303);
    visitor.get("/about").await.says("<html lang=\"en-GB\" dir=\"ltr\">");
}

#[tokio::test]
async fn what_people_wrote_has_a_direction_of_its_own() {
    let app = TestApp::new().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    let fields = [
        ("title", "שלום עולם"),
        ("slug", "shalom"),
        ("summary", "תקציר"),
        ("body", "פסקה\n\n## כותרת\n\n- א\n- ב"),
        ("layout", "article"),
        ("menu", "main"),
    ];
    admin.post("/admin/pages/new", &fields).await.is(303);
    let id = app.page_id("/shalom").await;
    app.publish(id, Kind::Page).await;
    let page = visitor.get("/shalom").await.is(200).says("<span dir=\"auto\">שלום עולם</span></h1>");
    let page = page.says("<p class=\"summary\" dir=\"auto\">תקציר").says("<div class=\"body\" dir=\"auto\">");
    page.says("dir=\"auto\">שלום עולם</a>");
    let screen = admin.get(&format!("/admin/pages/{id}")).await.is(200);
    for field in ["title", "body", "summary", "note"] {
        let tag =
            screen.text.split(&format!("name=\"{field}\"")).nth(1).and_then(|rest| rest.split('>').next()).unwrap();
        assert!(tag.contains("dir=\"auto\""), "{field}: {tag}");
    }
    let form = visitor.get("/contact").await.is(200);
    let text = form.text.split("name=\"body\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
    assert!(text.contains("dir=\"auto\""), "{text}");
}
