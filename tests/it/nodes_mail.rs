//! E-mails where several nodes share one database: each is sent once.

use std::sync::Arc;

use plinth::app::mailing;
use tempfile::TempDir;

use crate::{
    admin_messages::{expected_version, path},
    contact::{message, send},
    harness::TestApp,
    nodes::Site,
    smtp_sink::SmtpSink,
};

#[tokio::test]
async fn two_nodes_send_each_email_once() {
    let Some(site) = Site::new() else { return };
    let sink = SmtpSink::start().await;
    let options = sink.options();
    let options = [&options.each_ref().map(String::as_str)[..], &["--database-url", &site.url]].concat();
    let one = TestApp::over(Arc::new(TempDir::new().unwrap()), &options).await;
    let two = TestApp::over(Arc::new(TempDir::new().unwrap()), &options).await;
    let editor = one.editor().await;
    let mut references = Vec::new();
    for n in 0..6 {
        let reference = send(&one, &[("body", &format!("Question {n}, please."))]).await;
        let path = path(&message(&one, &reference).await);
        let version = expected_version(&editor.get(&path).await);
        editor.post(&path, &[("expected_version", &version), ("do", "send"), ("answer", "Yes.")]).await.is(303);
        references.push(reference);
    }
    let (first, second) = tokio::join!(mailing::send_due(&one.app), mailing::send_due(&two.app));
    assert!(first.unwrap() && second.unwrap());
    let arrived = sink.take();
    assert_eq!(arrived.len(), references.len());
    for reference in &references {
        let about = arrived.iter().filter(|mail| mail.header("Subject").ends_with(reference.as_str()));
        assert_eq!(about.count(), 1, "{reference}");
    }
}
