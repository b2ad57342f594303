//! The filters of the list of questions, and its orders.

use plinth::clock::DAY;

use crate::{
    admin_faq::{form, write},
    admin_reviews,
    harness::TestApp,
};

#[tokio::test]
async fn the_list_is_filtered_and_sorted() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let day = |days| admin_reviews::day(&app, days);
    let (later, sooner) = (day(20), day(3));
    let zebra = write(&editor, &[("title", "zz-zebra?"), ("slug", "zz-zebra"), ("review_by", &later)]).await;
    let apple = [("title", "zz-apple?"), ("slug", "zz-apple"), ("review_by", &*sooner), ("category", "2")];
    let apple = write(&editor, &[&apple[..], &[("do", "publish")]].concat()).await;
    let found = async |query: &str| {
        let text = editor.get(&format!("/admin/faq?q=zz-&{query}")).await.is(200).text;
        let ids = text.split("<tr id=\"_item-").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap());
        ids.collect::<Vec<i64>>()
    };
    let by_category = found("").await;
    assert_eq!(by_category.len(), 2);
    assert_eq!(found("state=live").await, [apple]);
    assert_eq!(found("state=draft").await, [zebra]);
    assert_eq!((found("state=changed").await, found("state=template").await), (vec![], vec![]));
    assert_eq!(found("review=overdue").await, Vec::<i64>::new());
    assert_eq!(found("sort=title").await, [apple, zebra]);
    assert_eq!(found("sort=review").await, [apple, zebra]);
    app.app.clock.advance(1000);
    let change = form(&[("title", "zz-zebra?"), ("slug", "zz-zebra"), ("base", "1"), ("body", "y"), ("review_by", "")]);
    editor.post(&format!("/admin/faq/{zebra}"), &change).await.is(303);
    assert_eq!(found("sort=saved").await, [zebra, apple]);
    assert_eq!(found("sort=review").await, [apple, zebra], "one without a day comes last");
    assert_eq!(found("review=soon").await, [apple]);
    assert_eq!(found("sort=x&state=y&review=z").await, by_category, "what makes no sense asks for nothing");

    let sorted = editor.get("/admin/faq?sort=title&q=zz-").await.is(200);
    let sorted = sorted
        .says("aria-sort=\"ascending\"")
        .says("<span class=\"meta\"><bdi>General</bdi>")
        .says("href=\"/admin/faq?q=zz-\"");
    sorted
        .does_not_say("data-sortable")
        .does_not_say("class=\"group\"")
        .says("name=\"list\" value=\"q=zz-&amp;sort=title\"");
    app.app.clock.advance(4 * DAY);
    let editor = app.editor().await;
    editor.get("/admin/faq?review=overdue").await.is(200).says("zz-apple?").says("Overdue").does_not_say("zz-zebra?");
}
