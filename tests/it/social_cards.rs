//! The picture of a page where someone shares it.

use axum::{body::Body, http::Method};

use crate::{
    harness::{TestApp, TestUser},
    machines::{meta, publish},
};

/// The head of a PNG of 1200×630 as text.
const HEAD: &str = "PNG\r\n\u{1a}\n\0\0\0\rIHDR\0\0\u{4}\u{fffd}\0\0\u{2}v";

/// The address of the card that a page names, and the picture there.
async fn card(visitor: &TestUser, page: &str) -> (String, String) {
    let shown = visitor.get(page).await.is(200);
    let address = meta(&shown, "og:image").expect("a picture").to_owned();
    assert_eq!((meta(&shown, "og:image:width"), meta(&shown, "og:image:height")), (Some("1200"), Some("630")));
    let path = address.split_once("//").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned())).unwrap();
    let picture = visitor.get(&path).await.is(200);
    assert_eq!(picture.headers["content-type"], "image/png");
    assert!(picture.isolated.contains(HEAD), "{path}");
    (address, picture.isolated)
}

#[tokio::test]
async fn a_public_page_has_a_card_that_follows_its_title() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    publish(&app, &editor, "", &[("title", "First words"), ("slug", "shared"), ("body", "x")]).await;
    let first = card(&visitor, "/shared").await;
    assert!(first.0.contains("/shared/card.png?v="), "{}", first.0);
    let id = app.page_id("/shared").await;
    let fields = |base, title| [("base", base), ("title", title), ("slug", "shared"), ("body", "x"), ("do", "publish")];
    editor.post(&format!("/admin/pages/{id}"), &fields("1", "Other words")).await.is(303);
    let second = card(&visitor, "/shared").await;
    assert!(first.0 != second.0 && first.1 != second.1, "{} {}", first.0, second.0);
    // Whatever is behind the address, it is the card as it is now.
    assert_eq!(visitor.get("/shared/card.png?v=1&x=2").await.is(200).isolated, second.1);
    editor.post(&format!("/admin/pages/{id}"), &fields("2", "<svg onload=x> 日本語 \u{202e}")).await.is(303);
    card(&visitor, "/shared").await;
    let home = card(&visitor, "/").await;
    assert!(home.0.contains("/card.png?v="), "{}", home.0);

    let put = visitor.request(Method::PUT, "/shared/card.png").body(Body::empty()).unwrap();
    visitor.send(put).await.is(405);
    let draft = [("title", "A draft"), ("slug", "draft"), ("body", "x")];
    editor.post("/admin/pages/new", &draft).await.is(303);
    visitor.get("/draft/card.png").await.is(404);
    visitor.get("/nowhere/card.png").await.is(404);
}
