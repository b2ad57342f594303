//! The list of pages: a tree that unfolds by links, and what filters find.

use plinth::{
    clock::DAY,
    model::{actor::Actor, document::content::Content, faq::item, page::editing},
};

use crate::{
    admin_reviews::day,
    harness::{Reply, TestApp, TestUser},
};

/// The ids of the rows of a list, in their order.
fn rows(text: &str) -> Vec<i64> {
    let Some(body) = text.split("<tbody").nth(1) else { return Vec::new() };
    let body = body.split("</tbody>").next().unwrap();
    body.split(" data-id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

/// The link of a row that unfolds or folds what is below it.
fn fold(text: &str, id: i64) -> String {
    let row = text.split(&format!("data-id=\"{id}\"")).nth(1).unwrap().split("</tr>").next().unwrap();
    let link = row.split("class=\"fold-link\" href=\"").nth(1).expect("a link that unfolds");
    link.split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn the_tree_unfolds_in_place_by_links() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let (scheme, levels) = (app.page_id("/scheme").await, app.page_id("/scheme/levels").await);
    let foundation = app.page_id("/scheme/levels/foundation").await;
    let closed = editor.get("/admin/pages").await.is(200).text;
    assert!(rows(&closed).contains(&scheme) && !rows(&closed).contains(&levels));
    let open = editor.get(&fold(&closed, scheme)).await.is(200).says("aria-expanded=\"true\"").text;
    let shown = rows(&open);
    let at = |id: i64| shown.iter().position(|row| *row == id).unwrap();
    assert!(at(levels) > at(scheme) && !shown.contains(&foundation));
    assert!(open.contains(&format!("data-id=\"{levels}\"")) && open.contains("data-level=\"2\""));
    let deep = editor.get(&fold(&open, levels)).await.is(200).says("data-level=\"3\"").text;
    assert!(rows(&deep).contains(&foundation));
    // Folding the upper one keeps that the lower one was open.
    let folded = editor.get(&fold(&deep, scheme)).await.is(200).text;
    assert_eq!(rows(&folded), rows(&closed));
    assert_eq!(rows(&editor.get(&fold(&folded, scheme)).await.text), rows(&deep));
    // A move leads back to the same tree.
    let list = fold(&open, levels);
    let query = list.split_once('?').unwrap().1;
    let moved = editor.post(&format!("/admin/pages/{levels}/position"), &[("index", "9"), ("list", query)]).await;
    assert_eq!(moved.is(303).location(), list);
    let forged = [("index", "0"), ("list", "//x.example\r\nX: 1")];
    let to = editor.post(&format!("/admin/pages/{levels}/position"), &forged).await.is(303).location();
    assert_eq!(to, "/admin/pages");
    // What is gone or no number opens nothing.
    editor.get("/admin/pages?open=99999.x..-1").await.is(200);
}

#[tokio::test]
async fn filters_and_sorting_are_in_the_address() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let make = async |slug: &str, day: &str, intent: &str| {
        let fields = [("title", slug), ("slug", slug), ("body", "x"), ("review_by", day), ("do", intent)];
        editor.post("/admin/pages/new", &fields).await.is(303);
        app.page_id(&format!("/{slug}")).await
    };
    let today = |days: i64| day(&app, days);
    let (zebra, apple) = (make("zz-zebra", &today(3), "save").await, make("zz-apple", &today(2), "publish").await);
    let found = async |query: &str| rows(&editor.get(&format!("/admin/pages?q=zz-&{query}")).await.is(200).text);
    assert_eq!(found("").await, [apple, zebra]);
    assert_eq!(found("state=live").await, [apple]);
    assert_eq!(found("state=draft").await, [zebra]);
    assert_eq!(found("review=soon").await, [apple, zebra]);
    assert_eq!(found("sort=saved").await, [apple, zebra]);
    assert_eq!(found("sort=review").await, [apple, zebra]);
    app.app.clock.advance(1000);
    let change = [("base", "1"), ("title", "zz-a zebra"), ("slug", "zz-zebra"), ("body", "y"), ("do", "save")];
    editor.post(&format!("/admin/pages/{zebra}"), &change).await.is(303);
    assert_eq!(found("sort=saved").await, [zebra, apple]);
    assert_eq!(found("sort=title").await, [zebra, apple]);
    assert_eq!(found("sort=review").await, [apple, zebra], "one without a day comes last");
    assert_eq!(found("state=changed").await, Vec::<i64>::new());
    app.app.clock.advance(3 * DAY);
    let editor = app.editor().await;
    let late = editor.get("/admin/pages?review=overdue").await.is(200).says("zz-apple").does_not_say("zz-zebra");
    late.says("<option value=\"overdue\" selected>").says("Show the tree").says("aria-label=\"Status\"");
    let sorted = editor.get("/admin/pages?sort=title").await.says("aria-sort=\"ascending\"").text;
    // From page to page, and back.
    let next = |text: &str, rel: &str| {
        let link = text.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
        Some(link.split('"').next().unwrap().replace("&amp;", "&"))
    };
    let second = editor.get(&next(&sorted, "next").unwrap()).await.is(200).text;
    assert!(rows(&second).iter().all(|id| !rows(&sorted).contains(id)));
    assert_eq!(rows(&editor.get(&next(&second, "prev").unwrap()).await.text), rows(&sorted));
    // A key that is gone leads to the first page.
    assert_eq!(rows(&editor.get("/admin/pages?sort=title&after=99999").await.text), rows(&sorted));
}

/// Makes pages right below another one.
async fn fill(app: &TestApp, parent: i64, count: usize) {
    let write = app.app.write(Actor::system("test")).await.unwrap();
    for n in 0..count {
        let content = Content::empty(&format!("Entry {n:04}")).with("slug", &format!("entry-{n:04}"));
        editing::create(&write, Some(parent), content).await.unwrap();
    }
    write.commit().await.unwrap();
}

async fn pages_of(editor: &TestUser, first: &str) -> Vec<Vec<i64>> {
    let mut all = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(address) = next {
        let text = editor.get(&address).await.is(200).text;
        all.push(rows(&text));
        next =
            text.split("rel=\"next\" href=\"").nth(1).map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    }
    all
}

#[tokio::test]
async fn a_page_with_very_many_below_is_listed_in_pieces() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let parent = app.page_id("/resources").await;
    let count = "select count(*) from page where parent_id = $1";
    let before: i64 = app.app.read().value(count, (parent,)).await.unwrap();
    let before = usize::try_from(before).unwrap();
    fill(&app, parent, 240).await;
    let all = format!("/admin/pages?under={parent}");
    let open = editor.get(&format!("/admin/pages?open={parent}")).await.is(200);
    let open = open.says(&format!("<a href=\"{all}\">Show all {} pages below “Resources”</a>", before + 240));
    open.says("Move Entry 0000 up");
    let pieces = pages_of(&editor, &all).await;
    assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [100, 100, before + 40]);
    // New pages are the last, and have growing ids.
    let shown = pieces.concat();
    assert!(shown[before..].is_sorted() && shown.len() == before + 240, "{shown:?}");
    // The first of a piece can go above the last of the piece before.
    let second = editor.get(&format!("{all}&after={}", pieces[0][99])).await.is(200);
    second.says(&format!("name=\"before\" value=\"{}\"", pieces[0][99]));
    let back = editor.get(&format!("{all}&before={}", pieces[1][0])).await.is(200).text;
    assert_eq!(rows(&back), pieces[0]);
}

#[tokio::test]
async fn a_place_that_is_no_number_is_refused_with_a_sentence() {
    let app = TestApp::new().await;
    let (admin, page) = (app.admin().await, app.page_id("/scheme/levels").await);
    let category = "/admin/faq/categories/1/position";
    for path in [&*format!("/admin/pages/{page}/position"), category, &format!("/admin/menu/main/-{page}/position")] {
        for typed in ["first", "-1", "1.5", "99999999999999999999999"] {
            let refused = admin.post(path, &[("number", typed)]).await.is(422);
            refused.says("Enter the place as a whole number, 1 for the first.").says("<table");
        }
        admin.post(path, &[("index", "first")]).await.is(400);
    }
    let question = item::list(app.app.read(), "").await.unwrap()[0].id;
    admin.post(&format!("/admin/faq/{question}/position"), &[("number", "x")]).await.is(422).says("a whole number");
}

/// Presses "Undo" in the notice of a move.
async fn undo(who: &TestUser, notice: &Reply) -> Reply {
    let at = notice.text.split("action=\"/admin/undo/").nth(1).expect("an undo").split('"').next().unwrap();
    who.post_and_follow(&format!("/admin/undo/{at}"), &[("to", "/admin/pages")]).await
}

#[tokio::test]
async fn a_move_is_undone_while_only_others_have_come_and_gone() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    fill(&app, app.page_id("/about").await, 6).await;
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(app.page_id(&format!("/about/entry-000{number}")).await);
    }
    let about = app.page_id("/about").await;
    let now = async || {
        let all = rows(&editor.get(&format!("/admin/pages?under={about}")).await.is(200).text);
        all.iter().filter_map(|id| ids.iter().position(|known| known == id)).collect::<Vec<_>>()
    };
    let move_to = async |which: usize, side: &str, of: usize| {
        let path = format!("/admin/pages/{}/position", ids[which]);
        editor.post_and_follow(&path, &[(side, &ids[of].to_string())]).await.is(200)
    };
    let moved = move_to(1, "after", 3).await;
    assert_eq!(now().await, [0, 2, 3, 1, 4, 5]);
    // One before it is gone, so it has another number, and so has the place where it was.
    editor.post(&format!("/admin/pages/{}/delete", ids[0]), &[]).await.is(303);
    move_to(5, "before", 2).await;
    assert_eq!(now().await, [5, 2, 3, 1, 4]);
    undo(&editor, &moved).await.says("is back in its old place");
    assert_eq!(now().await, [5, 1, 2, 3, 4]);

    // When it was moved itself, nothing happens.
    let moved = move_to(4, "before", 2).await;
    move_to(4, "before", 5).await;
    undo(&editor, &moved).await.says("has come to another place since");
    assert_eq!(now().await, [4, 5, 1, 2, 3]);
}
