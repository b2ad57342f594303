//! What is measured does not depend on what the machine's clock is set to.

use crate::{contact, harness::TestApp};

#[tokio::test]
async fn the_age_of_a_form_is_measured_and_not_read_off_the_machines_clock() {
    let app = TestApp::new().await;
    for days in [3, -9] {
        let visitor = app.visitor();
        let form_token = contact::form_token(&visitor).await;
        app.app.clock.advance(20_000);
        app.app.clock.jump(days * 24 * 60 * 60 * 1000);
        let name = format!("Zoë {days}");
        let reply =
            visitor.post("/contact", &contact::contact_form(&[("name", &name), ("form_token", &form_token)])).await;
        let sent = contact::message(&app, &contact::reference(&reply)).await;
        assert!(
            !sent.spam_reasons.contains("three seconds") && !sent.spam_reasons.contains("older"),
            "{}",
            sent.spam_reasons
        );
    }
}
