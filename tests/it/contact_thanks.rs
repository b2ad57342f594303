//! The thanks for a message.

use crate::{
    contact::{contact_form, form_token},
    harness::TestApp,
};

#[tokio::test]
async fn the_sender_alone_sees_what_was_sent_and_for_an_hour() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let token = form_token(&visitor).await;
    app.app.clock.advance(20_000);
    let sent = visitor.post("/contact", &contact_form(&[("form_token", &token)])).await.is(303).location();
    let thanks = visitor.get(&sent).await.is(200).says("<h1>Thank you. Your message has arrived</h1>");
    assert_eq!(thanks.header("cache-control"), "no-store");
    thanks
        .says("You have an answer by <time datetime=")
        .says("Which level comes\nafter Foundation?")
        .says("zoe@visitor.example");
    let (without, proof) = sent.split_once("&proof=").unwrap();
    for other in [without.to_owned(), format!("{without}&proof=x{proof}"), format!("{without}&proof=")] {
        visitor.get(&other).await.is(200).says("Thank you.").does_not_say("Which level").does_not_say("zoe@");
    }
    app.app.clock.advance(3_600_000);
    visitor.get(&sent).await.is(200).says("Thank you.").does_not_say("Which level");
}
