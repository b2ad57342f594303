//! One name has many spellings: e-mail addresses, hosts and search terms are found by each of them.

use axum::{
    body::Body,
    http::{HeaderValue, Method, header},
};
use plinth::{
    model::{searchable, user},
    search::indexer,
    text::slug,
};
use tokio_util::sync::CancellationToken;

use crate::harness::{PASSWORD, TestApp};

/// What is written, and what is typed to find it.
const SAMPLES: [(&str, &[&str]); 8] = [
    ("Übersicht", &["Übersicht", "ÜBERSICHT", "ubersicht", "u\u{308}bersicht"]),
    ("José", &["José", "jose\u{301}", "JOSE"]),
    ("Rene\u{301}", &["René", "rene"]),
    ("Straßenbau", &["STRASSENBAU", "straßenbau", "ẞ"]),
    ("Σοφός", &["ΣΟΦΌΣ", "σοφος", "σοφόσ"]),
    ("İTİL", &["İTİL", "itil", "ITIL"]),
    ("Łódź", &["łódź", "lodz", "ŁÓDŹ"]),
    ("Ёлка", &["елка", "ЁЛКА"]),
];

fn query(path: &str, typed: &str) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}{}", serde_html_form::to_string([("q", typed)]).unwrap())
}

#[tokio::test]
async fn an_account_is_one_however_its_address_is_spelled() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let invited = [("name", "Ülle"), ("email", "User@müller.example"), ("role", "editor")];
    admin.post("/admin/users", &invited).await.is(200);
    for same in ["user@xn--mller-kva.example", " USER@MU\u{308}LLER.EXAMPLE. ", "user@Müller。example"] {
        let again = [("name", "Ülle"), ("email", same), ("role", "editor")];
        admin.post("/admin/users", &again).await.is(422).says("There is already an account");
        assert!(user::with_email(app.app.read(), same).await.unwrap().is_some(), "{same}");
    }
    for typed in ["müller", "muller", "MÜLLER.example", "xn--mller", "ülle", "ULLE", "u\u{308}lle"] {
        admin.get(&query("/admin/users", typed)).await.is(200).says("user@müller.example");
    }
    let id = user::with_email(app.app.read(), "user@müller.example").await.unwrap().unwrap().id;
    let link = admin.post(&format!("/admin/users/{id}/link"), &[]).await.is(200).says("user@müller.example");
    let token = link.does_not_say("xn--").text;
    let token = token.split("/admin/invitations/").nth(1).unwrap().split(['"', '<']).next().unwrap().to_owned();
    let welcome = app.visitor().get(&format!("/admin/invitations/{token}")).await.is(200);
    welcome.says("user@müller.example").does_not_say("xn--");
    let write = app.app.write(admin.actor.clone()).await.unwrap();
    let account = user::with_email(&write, "user@müller.example").await.unwrap().unwrap();
    let password = app.app.hasher.hash_new(PASSWORD, &[]).await.unwrap();
    user::set_password(&write, &account, &password).await.unwrap();
    write.commit().await.unwrap();
    for typed in ["user@müller.example", "user@xn--mller-kva.example", "User@MÜLLER.example"] {
        let user = app.visitor();
        user.post("/admin/sign-in", &[("email", typed), ("password", PASSWORD)]).await.is(303);
        user.get("/admin").await.is(200).says("Ülle");
    }
}

#[tokio::test]
async fn the_host_is_one_however_it_is_spelled() {
    let app = TestApp::with(&["--public-url", "https://müller.example"]).await;
    let visitor = app.visitor();
    let get = async |host: &[u8]| {
        let mut request = visitor.request(Method::GET, "/about").body(Body::empty()).unwrap();
        request.headers_mut().insert(header::HOST, HeaderValue::from_bytes(host).unwrap());
        visitor.send(request).await.status.as_u16()
    };
    for own in ["xn--mller-kva.example", "XN--MLLER-KVA.example.", "müller.example", "MÜLLER.example.:443"] {
        assert_eq!(get(own.as_bytes()).await, 200, "{own}");
    }
    for foreign in ["muller.example", "xn--mller-kva.example:8443", "xn--mller-kva.example.evil.example", "mü.example"]
    {
        assert_eq!(get(foreign.as_bytes()).await, 421, "{foreign}");
    }
    for nonsense in [&b"a b"[..], b"\xff\xfe", b"x:y"] {
        assert_eq!(get(nonsense).await, 400, "{nonsense:?}");
    }
    // A form sent from the page under the name with a dot comes from here.
    let mut user = app.visitor();
    user.host = "xn--mller-kva.example.".to_owned();
    for (origin, status) in [("https://xn--mller-kva.example.", 422), ("https://evil.example", 403)] {
        let request = user
            .request(Method::POST, "/admin/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, origin)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from("email="))
            .unwrap();
        assert_eq!(user.send(request).await.status.as_u16(), status, "{origin}");
    }
}

#[tokio::test]
async fn every_search_finds_every_spelling() {
    let app = TestApp::new().await;
    let index = app.app.clone();
    tokio::spawn(async move { indexer::run(&index.search, &index.db, CancellationToken::new()).await });
    let (admin, visitor) = (app.admin().await, app.visitor());
    for (written, _) in SAMPLES {
        let title = format!("Quokka {written}");
        let page = [("title", title.as_str()), ("body", written), ("layout", "article"), ("menu", "hidden")];
        admin.post("/admin/pages/new", &page).await.is(303);
        app.publish(app.page_id(&format!("/{}", slug::from_title(&title))).await).await;
        let answer = format!("It is {written}.");
        let question = [("title", title.as_str()), ("body", &answer), ("category", "1"), ("do", "publish")];
        admin.post("/admin/faq/new", &question).await.is(303);
        let message = [
            ("topic", "people"),
            ("name", title.as_str()),
            ("email", "a@müller.example"),
            ("body", written),
            ("consent", "yes"),
        ];
        visitor.post("/contact", &message).await.is(303);
    }
    app.app.search.wait_for(searchable::newest(app.app.read()).await.unwrap().id).await;
    for (written, spellings) in SAMPLES {
        let shown: String = unicode_normalization::UnicodeNormalization::nfc(written).collect();
        let title = format!("Quokka {shown}");
        for typed in spellings {
            for path in ["/admin/pages", "/admin/faq", "/admin/audit-log", "/faq"] {
                admin.get(&query(path, typed)).await.is(200).says(&title);
            }
            admin.get(&query("/admin/messages?folder=all", typed)).await.is(200).says(&title);
            if *typed != "ẞ" {
                let found = visitor.get(&query("/search", &format!("quokka {typed}"))).await.is(200);
                found.says(&format!("<mark>{shown}</mark>"));
            }
        }
    }
    for typed in ["a@müller.example", "a@xn--mller-kva.example", "MULLER"] {
        admin.get(&query("/admin/messages?folder=all", typed)).await.is(200).says("Quokka René");
    }
    admin.get(&query("/admin/messages?folder=all", "a@other.example")).await.is(200).says("No message was found");
}

#[tokio::test]
async fn the_same_sender_in_another_spelling_is_no_other_sender() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let text = "The same long text, with a question about the path from foundation to auditing.";
    for (name, email) in
        [("Ada", "ada@müller.example"), ("Ada L.", "ADA@xn--mller-kva.example"), ("Eve", "eve@x.example")]
    {
        let message = [("topic", "people"), ("name", name), ("email", email), ("body", text), ("consent", "yes")];
        visitor.post("/contact", &message).await.is(303);
    }
    let admin = app.admin().await;
    admin.get("/admin/messages/2").await.is(200).does_not_say("from another address");
    admin.get("/admin/messages/3").await.is(200).says("from another address");
}

#[tokio::test]
async fn the_slug_of_a_title_is_made_by_the_server_alone() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    for (title, slug) in
        [("Łódź", "lodz"), ("Москва 2026", "moskva-2026"), ("Straße & Über", "strasse-uber"), ("?!", ""), ("", "")]
    {
        let path = format!("/admin/slug?{}", serde_html_form::to_string([("title", title)]).unwrap());
        let reply = editor.get(&path).await.is(200);
        assert_eq!(reply.text, format!("{{\"slug\":\"{slug}\"}}"), "{title}");
        assert_eq!(reply.header("cache-control"), "no-store");
        if !slug.is_empty() {
            editor.post("/admin/pages/new", &[("title", title), ("body", "x")]).await.is(303);
            app.page_id(&format!("/{slug}")).await;
        }
    }
    app.visitor().get("/admin/slug?title=x").await.is(303);
}

#[test]
fn no_script_knows_how_text_is_folded() {
    let mut waiting = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static")];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|end| end == "js") {
            let script = std::fs::read_to_string(&path).unwrap();
            for rule in [".normalize(", "\\p{", "[^a-z0-9]"] {
                assert!(!script.contains(rule), "{rule} in {}", path.display());
            }
        }
    }
}
