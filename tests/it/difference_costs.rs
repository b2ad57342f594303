//! Differences of long texts: what is shown of them is bounded, and one network does not take all their places.

use std::sync::Arc;

use axum::{body::Body, http::Method};
use plinth::model::actor::Actor;

use crate::harness::{Reply, TestApp, publish_version, save_content};

/// A page with published versions of these texts; gives its id. The first of them is version 2.
async fn page(app: &TestApp, texts: &[String]) -> i64 {
    let id = app.page_id("/about").await;
    for text in texts {
        let write = app.app.write(Actor::system("test")).await.unwrap();
        let version = save_content(&write, id, |mut content| {
            content.body.clone_from(text);
            content
        });
        let version = version.await;
        publish_version(&write, id, version).await.unwrap();
        write.commit().await.unwrap();
    }
    id
}

fn paragraphs(word: &str, count: usize) -> String {
    format!("{word}\n\n").repeat(count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shown_of_a_difference_is_bounded() {
    let app = TestApp::new().await;
    let (visitor, editor) = (app.visitor(), app.editor().await);
    let same = paragraphs("a", 12_000);
    let changed = format!("{same}Here it changes.\n\n{same}");
    // Every second word of one paragraph.
    let words = |other: &str| format!("same {other} ").repeat(15_000);
    let long = |sign: &str| sign.repeat(390_000);
    let texts =
        [format!("{same}{same}"), changed, paragraphs("b", 24_000), words("one"), words("two"), long("\""), long("<")];
    let id = page(&app, &texts).await;

    let shown = async |version: i64| {
        let earlier = version - 1;
        let public = visitor.get(&format!("/versions/P-{id}/{version}/since/{earlier}")).await.is(200);
        let compare = format!("/admin/documents/{id}/compare?old={earlier}&new={version}");
        let internal = editor.get(&compare).await.is(200);
        for page in [&public, &internal] {
            assert!(page.text.len() < 1_000_000, "{version}: {} bytes", page.text.len());
        }
        [public, internal]
    };
    for page in shown(3).await {
        let page = page.says("Here it changes.").says("11,999 passages without a change").does_not_say("too long");
        assert!(page.text.len() < 50_000, "{} bytes", page.text.len());
    }
    for version in [4, 5, 7, 8] {
        for page in shown(version).await {
            page.says("too long to be shown in").says("missing from");
        }
    }
    // Compared coarsely when there is no time, and then it fits.
    shown(6).await;
    assert!(editor.get(&format!("/admin/documents/{id}/revisions/2")).await.is(200).text.len() < 2_000_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shown_before_publishing_is_bounded() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let same = paragraphs("a", 12_000);
    let id = page(&app, &[format!("{same}{same}")]).await;
    let screens = [format!("/admin/documents/{id}/publication"), format!("/admin/documents/{id}/discard")];
    let fields = |base: &'static str, body: &str| {
        let fields = [("title", "About"), ("slug", "about"), ("layout", "article"), ("base", base), ("do", "save")];
        let fields = fields.map(|(name, value)| (name, value.to_owned()));
        fields.into_iter().chain([("body", body.to_owned())]).collect::<Vec<_>>()
    };
    let post = async |fields: Vec<(&str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        editor.post(&format!("/admin/pages/{id}"), &fields).await
    };
    post(fields("2", &format!("{same}Here it changes.\n\n{same}"))).await.is(303);
    for screen in &screens {
        let shown = editor.get(screen).await.is(200).says("Here it changes.").says("lines without a change");
        assert!(shown.text.len() < 50_000, "{} bytes of {screen}", shown.text.len());
    }
    post(fields("3", &paragraphs("b", 24_000))).await.is(303);
    for screen in &screens {
        let shown = editor.get(screen).await.is(200).says("too long to be shown in whole");
        assert!(shown.text.len() < 1_000_000, "{} bytes of {screen}", shown.text.len());
    }
    // Two who rewrote all of it.
    let conflict = post(fields("2", &paragraphs("c", 24_000))).await.is(409).says("too long to be shown in whole");
    assert!(conflict.text.len() < 1_500_000, "{} bytes", conflict.text.len());
}

async fn get(app: Arc<TestApp>, path: String, address: &'static str) -> Reply {
    let request = app.visitor().request(Method::GET, &path).header("x-forwarded-for", address);
    app.respond(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_network_leaves_places_for_differences_to_the_others() {
    let app = Arc::new(TestApp::with(&["--trusted-proxies", "127.0.0.0/8"]).await);
    let texts: Vec<String> = (0..8).map(|n| paragraphs(&n.to_string(), 6_000)).collect();
    let id = page(&app, &texts).await;
    let path = |(version, earlier)| format!("/versions/P-{id}/{version}/since/{earlier}");
    let asked: Vec<_> = (4..=9)
        .flat_map(|version| [(version, 2), (version, 3)])
        .map(|pair| tokio::spawn(get(app.clone(), path(pair), "192.0.2.1")))
        .collect();
    let mut answers = Vec::new();
    for one in asked {
        answers.push(one.await.unwrap());
    }
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    let answered = answers.iter().filter(|answer| answer.status == 200).count();
    assert!(answered >= 4 && answered + refused.len() == answers.len(), "{answered} of {}", answers.len());
    assert!(!refused.is_empty());
    assert!(refused.iter().all(|answer| !answer.header("retry-after").is_empty()));
    get(app.clone(), path((9, 8)), "198.51.100.1").await.is(200);
    // What was refused is answered when its network has asked for less.
    get(app.clone(), path((9, 3)), "192.0.2.1").await.is(200);
}
