//! Languages and the direction they are written in.

use std::sync::Arc;

use plinth::model::{actor::Role, faq};
use tempfile::TempDir;

use crate::{
    forms::hidden,
    harness::{Reply, TestApp, TestUser},
};

const SETTINGS: &str = "/admin/settings";

/// Opens the settings and saves them with this language.
pub async fn save(admin: &TestUser, language: &str) -> Reply {
    let opened = hidden(&admin.get(SETTINGS).await.is(200), SETTINGS);
    let mut fields =
        vec![("site_name", "2026"), ("time_zone", "UTC"), ("retention_months", "24"), ("language", language)];
    fields.extend(opened.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    admin.post(SETTINGS, &fields).await
}

#[tokio::test]
async fn the_site_speaks_the_language_of_its_setting() {
    let app = TestApp::new().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    visitor.get("/about").await.is(200).says("<html lang=\"en-GB\" dir=\"ltr\"");
    admin.get("/admin/settings").await.is(200).says("value=\"en-GB\"").says("<html lang=\"en-GB\" dir=\"ltr\">");
    for (typed, html) in [("he", "<html lang=\"he\" dir=\"rtl\""), ("DE_at", "<html lang=\"de-AT\" dir=\"ltr\"")] {
        save(&admin, typed).await.is(303);
        for path in ["/about", "/faq", "/search?q=x", "/nowhere"] {
            visitor.get(path).await.says(html);
        }
    }
    admin.get("/admin/settings").await.says("value=\"de-AT\"");
    for bad in ["English", "x", "de\" onload=\"x", "und"] {
        save(&admin, bad).await.is(422).says("Enter a language by its tag");
    }
    visitor.get("/about").await.says("<html lang=\"de-AT\" dir=\"ltr\"");
    save(&admin, "").await.is(303);
    visitor.get("/about").await.says("<html lang=\"en-GB\" dir=\"ltr\"");
}

#[tokio::test]
async fn what_users_wrote_has_a_direction_of_its_own() {
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
    app.publish(id).await;
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

/// What is written on a page: texts, and attributes that are read out; with whether it is marked as English.
fn written(html: &str) -> Vec<(String, bool)> {
    let (_, body) = html.split_once("<body").expect("a page");
    let mut found = Vec::new();
    let mut open: Vec<(String, bool)> = vec![("body".to_owned(), false)];
    for piece in body.split_once('>').unwrap().1.split('<') {
        let Some((tag, text)) = piece.split_once('>') else { continue };
        let name = tag.split([' ', '\n']).next().unwrap();
        if name == "/html" {
            break;
        }
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop().map(|(open, _)| open).as_deref(), Some(name), "{tag}");
        } else if !name.starts_with('!') {
            let lang = tag.split(" lang=\"").nth(1).map(|rest| rest.starts_with("en"));
            let english = lang.unwrap_or(open.last().is_some_and(|(_, english)| *english));
            for attribute in ["aria-label", "placeholder", "value"] {
                let value = tag.split(&format!(" {attribute}=\"")).nth(1).and_then(|rest| rest.split('"').next());
                let is_read = attribute != "value" || !tag.contains("hidden") && name == "input";
                found.extend(value.filter(|_| is_read).map(|value| (value.to_owned(), english)));
            }
            if !["input", "br", "hr", "img", "meta", "link"].contains(&name) {
                open.push((name.to_owned(), english));
            }
        }
        found.push((text.to_owned(), open.last().is_some_and(|(_, english)| *english)));
    }
    found
}

/// The texts in the language of the site that are marked as English, and those in English that are not.
fn wrongly_marked(html: &str) -> Vec<String> {
    let is_hebrew = |c: char| ('\u{5d0}'..='\u{5ea}').contains(&c);
    let is_english = |text: &str| text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| word.len() > 1);
    let wrong = written(html).into_iter().filter(|(text, english)| {
        let text = text.replace("&quot;", " ").replace("&amp;", " ").replace("&#39;", " ").replace("&lt;", " ");
        match english {
            // A name of a part may be made of both: an attribute has one language.
            true => text.contains(is_hebrew) && !text.starts_with("Section: "),
            // The program's own name is the same in every language.
            false => is_english(&text) && text != "Plinth (starter site)",
        }
    });
    wrong.map(|(text, _)| text).collect()
}

/// A site in Hebrew alone, with every layout.
async fn hebrew_site() -> TestApp {
    let app = TestApp::over(Arc::new(TempDir::new().unwrap()), &["--starter", "none"]).await;
    let admin = app.user(Role::Administrator, "דנה").await;
    save(&admin, "he").await.is(303);
    let home = app.page_id("/").await;
    let fields =
        [("title", "בית"), ("menu_label", ""), ("body", "שלום"), ("base", "1"), ("layout", "home"), ("do", "publish")];
    admin.post(&format!("/admin/pages/{home}"), &fields).await.is(303);
    let body = "טקסט\n\n## א\n\n## ב\n\n## ג";
    let pages = [
        ("", "s", "section"),
        ("/s", "a", "article"),
        ("/s", "b", "article"),
        ("", "p", "path"),
        ("/p", "c", "article"),
        ("", "o", "outline"),
        ("/o", "d", "article"),
        ("/o/d", "e", "article"),
        ("/o/d", "f", "article"),
        ("", "q", "faq"),
        ("", "u", "practice"),
        ("", "v", "glossary"),
        ("", "w", "contact"),
    ];
    for (above, slug, layout) in pages {
        let under = if above.is_empty() { String::new() } else { app.page_id(above).await.to_string() };
        let number = if above.starts_with("/o") { "1" } else { "" };
        let menu = if slug == "w" { "footer" } else { "main" };
        let fields = [
            ("title", "כותרת"),
            ("slug", slug),
            ("summary", "תקציר"),
            ("body", body),
            ("layout", layout),
            ("menu", menu),
            ("under", under.as_str()),
            ("number", number),
            ("owner", "רשם"),
            ("note", "חדש"),
            ("review_by", "2020-01-01"),
            ("do", "publish"),
        ];
        admin.post("/admin/pages/new", &fields).await.is(303);
    }
    for category in ["c1", "c2"] {
        admin.post("/admin/faq/categories/new", &[("title", "קבוצה"), ("slug", category)]).await.is(303);
    }
    for category in faq::category::all(app.app.read()).await.unwrap() {
        let slug = format!("why-{}", category.id);
        let id = category.id.to_string();
        let fields = [("title", "למה?"), ("slug", &slug), ("body", "ככה"), ("category", &id), ("do", "publish")];
        admin.post("/admin/faq/new", &fields).await.is(303);
    }
    app
}

#[tokio::test]
async fn the_programs_own_words_are_marked_on_a_site_in_another_language() {
    let app = hebrew_site().await;
    crate::search::index(&app).await;
    let visitor = app.visitor();
    let query = |q: &str| format!("/search?{}", serde_html_form::to_string([("q", q)]).unwrap());
    let mut pages = Vec::new();
    for path in ["/", "/s", "/s/a", "/s/b", "/p", "/o", "/o/d", "/o/d/f", "/q", "/w", "/search", "/v"] {
        pages.push(visitor.get(path).await.is(200));
    }
    for path in [query("כותרת"), query("כותרות"), query("אאאאאאא"), query("תקציר זזזזזזז"), "/q?q=%D7%9C".to_owned()]
    {
        pages.push(visitor.get(&path).await.is(200));
    }
    for path in ["/nowhere", "/s/%D7%9B%D7%95%D7%AA%D7%A8%D7%AA"] {
        pages.push(visitor.get(path).await.is(404));
    }
    pages.push(visitor.post("/w", &[("name", "דנה"), ("body", "שלום")]).await.is(422).says("value=\"דנה\""));
    let form_token =
        pages[9].text.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    app.app.clock.advance(20_000);
    let mut fields = crate::contact::contact_form(&[("body", "שלום")]);
    fields.push(("form_token", &form_token));
    pages.push(visitor.post_and_follow("/w", &fields).await.says("Thank you"));
    for page in pages {
        assert_eq!(wrongly_marked(&page.text), [""; 0], "{}", page.text);
        assert!(page.text.contains("lang=\"en-GB\">Skip to the text"));
    }
    // Where the site is English, nothing needs a mark.
    let english = TestApp::new().await.visitor().get("/about").await;
    assert_eq!(english.text.matches(" lang=").count(), 1, "{}", english.text);
}

#[tokio::test]
async fn in_a_line_from_the_right_names_are_on_its_side() {
    let app = hebrew_site().await;
    let page = app.visitor().get("/s/a").await.is(200);
    page.says("<dd><bdi lang=\"he\">רשם</bdi></dd>")
        .says("<dd><bdi lang=\"he\">דנה</bdi></dd>")
        .says("<div class=\"footer-text\">");
}

/// Declarations that name a side of the screen, where there is a word for the side of the line.
fn physical(css: &str) -> Vec<String> {
    let mut text = css.to_owned();
    while let Some(start) = text.find("/*") {
        let end = text[start..].find("*/").map_or(text.len(), |end| start + end + 2);
        text.replace_range(start..end, "");
    }
    let sided = |name: &str| {
        let name = name.strip_prefix("scroll-").unwrap_or(name);
        ["left", "right"].contains(&name)
            || ["margin-", "padding-", "border-"].iter().any(|start| name.starts_with(start))
                && (name.contains("-left") || name.contains("-right"))
    };
    let uneven = |name: &str, value: &str| {
        // Brackets hold the sums of one value together.
        let mut depth = 0;
        let spaced: String = value
            .chars()
            .map(|c| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                if depth > 0 && c == ' ' { '_' } else { c }
            })
            .collect();
        let parts: Vec<&str> = spaced.split_whitespace().filter(|value| *value != "!important").collect();
        ["margin", "padding", "inset"].contains(&name) && parts.len() == 4 && parts[1] != parts[3]
    };
    let declarations = text.split(['{', '}', ';']).filter_map(|piece| piece.trim().split_once(':'));
    declarations
        .filter(|(name, value)| {
            let (name, value) = (name.trim(), value.trim());
            let says = ["left", "right"].contains(&value);
            sided(name) || ["text-align", "float", "clear"].contains(&name) && says || uneven(name, value)
        })
        .map(|(name, value)| format!("{}: {}", name.trim(), value.trim()))
        .collect()
}

#[test]
fn style_sheets_know_the_sides_of_a_line_and_not_of_the_screen() {
    let bad =
        "a { margin-left: 1px; padding: 0 1px 0 2px } b:hover { left: 0; float: right; border-top-left-radius: 1px }";
    assert_eq!(physical(bad).len(), 5, "{:?}", physical(bad));
    assert_eq!(physical("a { padding: 0 1px; inset: auto 0 0; margin: 0 max(1px, 2px) 3px max(1px, 2px) }"), [""; 0]);
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/static")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "css") {
            continue;
        }
        let css = std::fs::read_to_string(&path).unwrap();
        let mut found = physical(&css);
        // A column of a Markdown table whose author asked for the right side of the screen: numbers end there in any script.
        found.retain(|declaration| !css.contains(&format!("[align=\"right\"] {{ {declaration}; }}")));
        assert_eq!(found, [""; 0], "{}", path.display());
    }
}
