//! Contact forms that come from elsewhere: another site, or addresses that someone invents.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, header},
};

use crate::{
    contact::{CONTACT_FORM, contact_form, count, form_token},
    harness::TestApp,
};

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let foreign = visitor
        .request(Method::POST, "/contact")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://evil.example")
        .body(Body::from(serde_html_form::to_string(CONTACT_FORM).unwrap()))
        .unwrap();
    visitor.send(foreign).await.is(403);
    assert_eq!(count(&app).await, 0);
}

#[tokio::test]
async fn an_invented_address_buys_no_message() {
    for url in ["https://portal.example", "http://portal.example"] {
        let app = TestApp::with(&["--contact-limit", "2", "--public-url", url]).await;
        let mut visitor = app.visitor();
        "portal.example".clone_into(&mut visitor.host);
        let form_token = form_token(&visitor).await;
        app.app.clock.advance(20_000);
        let peer: SocketAddr = "198.51.100.7:4711".parse().unwrap();
        let mut taken = 0;
        for last in 0..100 {
            let name = format!("Visitor {last}");
            let form =
                serde_html_form::to_string(contact_form(&[("name", &name), ("form_token", &form_token)])).unwrap();
            let request = visitor
                .request(Method::POST, "/contact")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("x-forwarded-for", format!("203.0.{last}.7"))
                .extension(ConnectInfo(peer))
                .body(Body::from(form))
                .unwrap();
            taken += usize::from(app.respond(request).await.status == 303);
        }
        assert_eq!((taken, count(&app).await), (2, 2), "{url}");
    }
}
