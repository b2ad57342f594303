//! Every limit of a text: exactly that much is accepted, one more is refused.

use plinth::model::{
    message::{
        contact_message::{ContactInput, ContactMessage},
        reply,
    },
    settings::Settings,
    user,
};

use crate::harness::TestApp;

/// This many characters that take more than one byte each.
fn long(count: usize) -> String {
    "é".repeat(count)
}

#[tokio::test]
async fn every_field_of_a_page_and_a_question() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields = [("title", 200), ("number", 20), ("menu_label", 60), ("summary", 400), ("owner", 100), ("note", 300)];
    for (list, kind) in [("/admin/pages/new", "page"), ("/admin/faq/new", "question")] {
        let of_pages = ["number", "menu_label", "summary"];
        for (field, limit) in fields.into_iter().filter(|(field, _)| kind == "page" || !of_pages.contains(field)) {
            for (count, status) in [(limit, 303), (limit + 1, 422)] {
                let (value, slug) = (long(count), format!("{kind}-{}-{count}", field.replace('_', "-")));
                let mut form = vec![("title", "T"), ("slug", &slug), ("body", "x"), ("category", "1")];
                form.retain(|(name, _)| *name != field);
                form.push((field, &value));
                let reply = editor.post(list, &form).await;
                assert_eq!(reply.status.as_u16(), status, "{kind}, {field} of {count}: {}", reply.text);
            }
        }
        // An address is of ASCII; a text is limited in bytes.
        for (field, limit) in [("slug", 100), ("body", 400_000)] {
            for (count, status) in [(limit, 303), (limit + 1, 422)] {
                let value = "a".repeat(count);
                let slug = format!("{kind}-{field}-{count}");
                let mut form = vec![("title", "T"), ("slug", &*slug), ("body", "x"), ("category", "1")];
                form.retain(|(name, _)| *name != field);
                form.push((field, &value));
                let reply = editor.post(list, &form).await;
                assert_eq!(reply.status.as_u16(), status, "{kind}, {field} of {count}");
            }
        }
    }
}

#[tokio::test]
async fn the_names_of_categories_and_users() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for (count, status) in [(100, 303), (101, 422)] {
        let title = long(count);
        let slug = format!("c-{count}");
        admin.post("/admin/faq/categories/new", &[("title", &*title), ("slug", &*slug)]).await.is(status);
        assert_eq!(user::parse_name(&title).is_ok(), status == 303, "a name of {count}");
    }
}

#[test]
fn the_settings() {
    let fits = |change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        settings.check().is_ok()
    };
    for (count, good) in [(0, false), (1, true), (100, true), (101, false)] {
        assert_eq!(fits(&|settings| settings.site_name = long(count)), good, "site_name of {count}");
    }
    for (count, good) in [(0, true), (200, true), (201, false)] {
        assert_eq!(fits(&|settings| settings.tagline = long(count)), good, "tagline of {count}");
    }
    for (count, good) in [(0, true), (2000, true), (2001, false)] {
        assert_eq!(fits(&|settings| settings.footer = long(count)), good, "footer of {count}");
    }
    for (months, good) in [(0, false), (1, true), (120, true), (121, false)] {
        assert_eq!(fits(&|settings| settings.retention_months = months), good, "{months} months");
    }
}

#[test]
fn a_message_and_its_answer() {
    // This many bytes, in parts of the longest allowed length at most.
    let email = |count: usize| {
        let [local, one, two] = ["l", "d", "e"].map(|letter| letter.repeat(60));
        format!("{local}@{one}.{two}.{}.example", "f".repeat(count - 191))
    };
    let takes = |field: &str, value: &str| {
        let pick = |name: &str, usual: &'static str| if name == field { value.to_owned() } else { usual.to_owned() };
        let (name, email, role) = (pick("name", "N"), pick("email", "a@b.example"), pick("role", ""));
        let (country, body) = (pick("country", ""), pick("body", "x"));
        let typed = ContactInput {
            topic: "people",
            name: &name,
            email: &email,
            role: &role,
            country: &country,
            body: &body,
            consent: "yes",
        };
        ContactMessage::parse(typed).map(drop).map_err(|invalid| invalid.to_string())
    };
    for (field, limit) in [("name", 120), ("role", 120), ("country", 80), ("body", 5000)] {
        assert!(takes(field, &long(limit)).is_ok(), "{field} of {limit}");
        assert!(takes(field, &long(limit + 1)).is_err(), "{field} of {limit} and one");
    }
    assert!(takes("email", &email(254)).is_ok());
    assert!(takes("email", &email(255)).unwrap_err().contains("Shorten your e-mail address"));
    assert!(reply::parse(&long(10_000)).is_ok() && reply::parse(&long(10_001)).is_err());
}

#[tokio::test]
async fn a_text_within_its_limit_is_read_however_it_is_sent() {
    let app = TestApp::new().await;
    // Each line break is sent in six bytes and stored in one.
    let body = "\r\n".repeat(389_990) + "The end";
    let reply = app.editor().await.post("/admin/pages/new", &[("title", ""), ("body", &body)]).await;
    reply.is(422).says("Enter a title").says("The end");
}
