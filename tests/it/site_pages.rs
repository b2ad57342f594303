//! What visitors read.

use crate::harness::TestApp;

#[tokio::test]
async fn the_starter_site_is_there() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    visitor.get("/").await.is(200).says("ISO 20000 Certification Portal");
    visitor.get("/scheme/levels").await.is(200).says("Foundation").says("Auditing");
    visitor.get("/nowhere").await.is(404);
}
