//! Terms as items: the page that shows them, the links that texts make of them, and what machines read of them.

use serde_json::Value;

use crate::{
    harness::{TestApp, TestUser},
    machines::{data, publish},
};

const PAGE: &str = "/resources/glossary";
/// Terms of the starter site.
const TERMS: usize = 150;

async fn category(app: &TestApp, slug: &str) -> String {
    let page = app.page_id(PAGE).await;
    let sql = "select id from faq_category where page_id = $1 and slug = $2";
    let id: i64 = app.app.read().value(sql, (page, slug)).await.unwrap();
    id.to_string()
}

/// Publishes a term; gives its path in the admin area.
async fn term(editor: &TestUser, category: &str, fields: &[(&str, &str)]) -> String {
    let fields = [fields, &[("category", category), ("type", "term"), ("do", "publish")]].concat();
    editor.post("/admin/faq/new", &fields).await.is(303).location()
}

/// The set of terms in the data block of the page.
async fn terms(visitor: &TestUser) -> Vec<Value> {
    let data = data(&visitor.get(PAGE).await.is(200));
    let set = data["@graph"].as_array().unwrap().iter().find(|node| node["@type"] == "DefinedTermSet").cloned();
    set.unwrap()["hasDefinedTerm"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_page_shows_its_terms_by_letter() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let page = visitor.get(PAGE).await.is(200).says("150 terms").says("href=\"#category-g-h\"");
    let page = page.does_not_say("href=\"#category-y\"").says("Abbreviation: ").does_not_say("Leave this term");
    assert_eq!(page.text.matches("<dt id=\"").count(), TERMS);
    let place = |words: &str| page.text.find(words).unwrap_or_else(|| panic!("no {words}"));
    let order = [
        "In short:",
        "class=\"filter\"",
        "class=\"letters\"",
        "id=\"category-a\"",
        "id=\"workaround\"",
        "id=\"sources\"",
    ];
    assert!(order.map(place).is_sorted(), "{:?}", order.map(place));
    // What was linked to before is still there.
    for id in ["service-level-agreement-sla", "stage-1-and-stage-2", "bia", "certification-organisation"] {
        place(&format!("<dt id=\"{id}\""));
    }

    let letter = category(&app, "v-x").await;
    let body = "A <marsupial> of *the* [south](/about).";
    let added = [("title", "Wombat"), ("slug", "wombat"), ("body", body), ("abbreviation", "WBT")];
    let path = term(&editor, &letter, &added).await;
    let some = visitor.get(&format!("{PAGE}?q=MARSUPIAL")).await.is(200).says("1 of 151 terms match");
    some.says("<dt id=\"wombat\"").does_not_say("id=\"workaround\"").does_not_say("class=\"letters\"");
    visitor.get(&format!("{PAGE}?q=%3Cscript%3Ezz")).await.says("No term matches").does_not_say("<script>zz");
    visitor
        .get(&format!("{PAGE}.md"))
        .await
        .says("### Wombat")
        .says("- **Abbreviation**: WBT")
        .does_not_say("Leave this");
    let api = visitor.get(&format!("/api/v1/documents{PAGE}")).await.is(200).says("\"WBT\"").does_not_say("not_linked");
    let document: Value = serde_json::from_str(&api.isolated).unwrap();
    let items = document["questions"].as_array().unwrap();
    assert!(items.len() == TERMS + 1 && items.iter().all(|item| item["document_type"] == "term"), "{document:#}");
    let all = terms(&visitor).await;
    let own = all.iter().find(|term| term["name"] == "Wombat").unwrap();
    assert!(all.len() == TERMS + 1 && own["description"] == "A <marsupial> of the south.", "{own:#}");

    editor.post(&format!("{path}/unpublish"), &[]).await.is(303);
    visitor.get(PAGE).await.says("150 terms").does_not_say("id=\"wombat\"");
    assert_eq!(terms(&visitor).await.len(), TERMS);
}

#[tokio::test]
async fn texts_lead_to_terms_as_they_are_now() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let letter = category(&app, "v-x").await;
    let text = "A wombat thing, the WT, a wt, a numbat thing, NBT, a Quokka, bilbies, a Bilby and a potoroo thing.";
    publish(&app, &editor, "", &[("title", "One"), ("slug", "one"), ("body", text)]).await;
    let plain = [("title", "Two"), ("slug", "two"), ("body", text), ("plain_terms", "yes")];
    publish(&app, &editor, "", &plain).await;
    visitor.get("/one").await.is(200).does_not_say("class=\"term\"");

    let wombat = [("title", "Wombat thing (WT)"), ("slug", "wombat-thing-wt"), ("body", "A <marsupial>. It digs.")];
    let path = term(&editor, &letter, &wombat).await;
    let numbat = [("title", "Numbat thing"), ("slug", "numbat-thing"), ("body", "It eats."), ("abbreviation", "NBT")];
    term(&editor, &letter, &numbat).await;
    // Words in brackets tell it from others, and nobody wants links to this one.
    term(&editor, &letter, &[("title", "Quokka (small)"), ("slug", "quokka-small"), ("body", "It smiles.")]).await;
    let bilby = [("title", "Bilby"), ("slug", "bilby"), ("body", "It hops."), ("not_linked", "yes")];
    term(&editor, &letter, &bilby).await;

    let page = visitor.get("/one").await.is(200);
    let page = page.says(&format!("<a href=\"{PAGE}#wombat-thing-wt\" aria-describedby=\"_term-1\">wombat thing</a>"));
    let page = page.says("id=\"_term-1\">Wombat thing (WT): A &lt;marsupial&gt;. It digs.</span>");
    let page = page.says(", the WT, a wt, a <span").says(", NBT, a Quokka, bilbies, a Bilby and a potoroo thing.");
    assert_eq!(page.text.matches("class=\"term\"").count(), 2);
    visitor.get("/two").await.is(200).does_not_say("class=\"term\"");
    visitor.get(PAGE).await.is(200).does_not_say("class=\"term\"");
    visitor.get("/standards/part-1/clause-8/8-5/8-5-1").await.is(200).says("class=\"term\"");

    // Another name, and then no name at all.
    let renamed = [
        ("title", "Potoroo thing"),
        ("slug", "potoroo-thing"),
        ("body", "A rat kangaroo."),
        ("category", &*letter),
        ("type", "term"),
        ("base", "1"),
        ("do", "publish"),
        ("seen", "1"),
    ];
    editor.post(&path, &renamed).await.is(303);
    let page =
        visitor.get("/one").await.is(200).says(&format!("href=\"{PAGE}#potoroo-thing\"")).says("A wombat thing, ");
    page.says(">Potoroo thing: A rat kangaroo.</span>").does_not_say("wombat-thing-wt");
    editor.post(&format!("{path}/unpublish"), &[]).await.is(303);
    visitor.get("/one").await.is(200).does_not_say("potoroo-thing").says("#numbat-thing");
    let id = app.page_id(PAGE).await;
    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    visitor.get("/one").await.is(200).does_not_say("class=\"term\"");
}
