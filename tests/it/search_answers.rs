//! What visitors ask in their own words: synonyms, spellings, numbers and questions lead to the right page, and what answers
//! by itself is shown above the results.

use crate::{
    forms,
    harness::{TestApp, TestUser},
    search::{page, portal, wait_for_index},
};

/// The paths of the results, the best first.
async fn paths(visitor: &TestUser, q: &str) -> Vec<String> {
    let reply = visitor.get(&format!("/search?q={q}")).await.is(200);
    reply
        .text
        .split("<h3><a href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(ToOwned::to_owned)
        .collect()
}

/// The synonyms that the form is drawn with.
async fn stored(editor: &TestUser) -> String {
    let fields = forms::hidden(&editor.get("/admin/synonyms").await.is(200), "/admin/synonyms");
    fields.into_iter().find(|(name, _)| name == "was_synonyms").map(|(_, value)| value).unwrap_or_default()
}

async fn keep_synonyms(app: &TestApp, synonyms: &str) {
    let editor = app.editor().await;
    let now = stored(&editor).await;
    let fields = [("synonyms", synonyms), ("was_synonyms", now.as_str())];
    editor.post("/admin/synonyms", &fields).await.is(303);
    wait_for_index(app).await;
}

#[tokio::test]
async fn editors_keep_synonyms() {
    let app = portal().await;
    page(&app, "Quokka handling", "How keepers feed a small marsupial.", true).await;
    page(&app, "Other things", "Nothing about animals, but about handling.", true).await;
    let visitor = app.visitor();
    assert!(paths(&visitor, "QKH").await.is_empty());
    keep_synonyms(&app, "QKH, quokka handling\nkangaroo, quokka").await;
    assert_eq!(paths(&visitor, "QKH").await, ["/quokka-handling"]);
    assert_eq!(paths(&visitor, "what+is+a+kangaroo").await, ["/quokka-handling"]);
    app.editor().await.get("/admin/synonyms").await.is(200).says("QKH, quokka handling");
    let long = "word, other\n".repeat(2_000);
    let refused = app.editor().await.post("/admin/synonyms", &[("synonyms", &long), ("was_synonyms", "x")]).await;
    refused.is(422).says("20,000 characters").says("word, other");
}

#[tokio::test]
async fn two_editors_of_the_synonyms_choose_between_their_texts() {
    let app = portal().await;
    let (one, other) = (app.editor().await, app.admin().await);
    let base = stored(&one).await;
    one.post("/admin/synonyms", &[("synonyms", "SLA, agreement"), ("was_synonyms", &base)]).await.is(303);
    let clash = other.post("/admin/synonyms", &[("synonyms", "OLA, arrangement"), ("was_synonyms", &base)]).await;
    clash.is(409).says("SLA, agreement").says("OLA, arrangement");
    one.get("/admin/synonyms").await.says("SLA, agreement").does_not_say("OLA, arrangement");
}

#[tokio::test]
async fn most_words_in_a_title_come_before_all_words_in_a_long_text() {
    let app = portal().await;
    let long = "The marsupial of the year. Certificates take long. ".repeat(40) + "A quokka costs what it costs.";
    page(&app, "A long story", &long, true).await;
    page(&app, "What does a quokka cost?", "Nothing.", true).await;
    let found = paths(&app.visitor(), "how+much+does+a+quokka+cost+in+a+year").await;
    assert_eq!(found.first().map(String::as_str), Some("/what-does-a-quokka-cost"), "{found:?}");
}

#[tokio::test]
async fn spellings_and_scripts_are_joined() {
    let app = portal().await;
    page(&app, "Organisational behaviour", "Catalogues and licences of quokkas.", true).await;
    page(&app, "認証制度の概要", "品質管理の国際規格です。", true).await;
    page(&app, "การรับรองมาตรฐาน", "ระบบบริหาร", true).await;
    let visitor = app.visitor();
    for (q, path) in [
        ("organizational+behavior", "/organisational-behaviour"),
        ("quokka+catalogs", "/organisational-behaviour"),
        ("quokka+license", "/organisational-behaviour"),
        ("%E8%AA%8D%E8%A8%BC", "認証制度の概要"),
        ("%E5%9B%BD%E9%9A%9B", "認証制度の概要"),
        ("%E8%A6%8F", "認証制度の概要"),
        ("%E0%B8%A3%E0%B8%B1%E0%B8%9A%E0%B8%A3%E0%B8%AD%E0%B8%87", "การรับรองมาตรฐาน"),
    ] {
        let found = visitor.get(&format!("/search?q={q}")).await.is(200);
        let plain = found.text.replace("<mark>", "").replace("</mark>", "");
        let (_, results) = plain.split_once("class=\"part results\"").unwrap_or_else(|| panic!("{q} finds nothing"));
        assert!(results.contains(path), "{q}: {results}");
    }
}

#[tokio::test]
async fn designations_in_any_spelling_find_their_page_first() {
    let app = portal().await;
    let visitor = app.visitor();
    for (q, path) in [
        ("ISO/IEC+20000-1:2018", "/standards/part-1"),
        ("iso+20000-1", "/standards/part-1"),
        ("iso20000-1", "/standards/part-1"),
        ("20000-1", "/standards/part-1"),
        ("ISO+20000+part+3", "/standards/part-3"),
        ("ISO/IEC+TS+20000-18", "/standards/part-18"),
        ("iso27001", "/scheme/frameworks/iso-iec-27001"),
        ("clause+9.2", "/standards/part-1/clause-9/9-2"),
        ("8.6.1.", "/standards/part-1/clause-8/8-6/8-6-1"),
    ] {
        let found = paths(&visitor, q).await;
        assert_eq!(found.first().map(String::as_str), Some(path), "{q}: {found:?}");
    }
}

#[tokio::test]
async fn a_question_a_term_and_a_number_are_answered() {
    let app = portal().await;
    let visitor = app.visitor();
    for (q, kind, link) in [
        ("what+is+a+CMDB", "Term", "/resources/glossary#configuration-management-database"),
        ("8.6.1", "Clause", "/standards/part-1/clause-8/8-6/8-6-1"),
        ("how+long+does+it+take+to+get+certified", "Question", "/faq#how-long"),
    ] {
        let found = visitor.get(&format!("/search?q={q}")).await.is(200).text;
        let answer = found.split_once("class=\"best-answer\"").unwrap_or_else(|| panic!("no answer to {q}")).1;
        let answer = answer.split("</section>").next().unwrap();
        assert!(answer.contains(&format!(">{kind}</span>")) && answer.contains(link), "{q}: {answer}");
        assert!(
            visitor.get(link.split('#').next().unwrap()).await.is(200).text.contains(link.rsplit('#').next().unwrap())
        );
    }
    for q in ["audit+management+policy", "quokkas"] {
        visitor.get(&format!("/search?q={q}")).await.is(200).does_not_say("best-answer");
    }
    // A question to be practised is found, but its reason answers nothing.
    let practised = visitor.get("/search?q=accuracy+of+configuration+information+verified").await.is(200);
    practised.says("/training/practice-questions#verifying-configuration-information").does_not_say("best-answer");
    let editor = app.editor().await;
    let id = app.page_id("/resources/glossary").await;
    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    visitor.get("/search?q=what+is+a+CMDB").await.is(200).does_not_say("/resources/glossary");
    wait_for_index(&app).await;
    visitor.get("/search?q=what+is+a+CMDB").await.is(200).does_not_say("/resources/glossary");
}

#[tokio::test]
async fn results_are_ranked_across_kinds_and_filtered_by_kind() {
    let app = portal().await;
    let visitor = app.visitor();
    let all = visitor.get("/search?q=incident").await.is(200).says("aria-label=\"Kinds of results\"");
    let kinds = |text: &str| {
        let kinds = text.split("class=\"kind\">").skip(1);
        kinds.filter_map(|rest| rest.split('<').next()).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let mixed = kinds(all.text.split("class=\"part results\"").nth(1).unwrap());
    assert!(mixed.contains(&"Clause".to_owned()) && mixed.contains(&"Question".to_owned()), "{mixed:?}");
    // Of the terms the best one.
    assert_eq!(mixed.iter().filter(|kind| *kind == "Term").count(), 1, "{mixed:?}");
    for (kind, label) in [("clause", "Clause"), ("question", "Question"), ("term", "Term"), ("page", "Page")] {
        let some = visitor.get(&format!("/search?q=incident&kind={kind}")).await.is(200);
        let found = kinds(some.text.split("class=\"part results\"").nth(1).unwrap());
        assert!(!found.is_empty() && found.iter().all(|found| found == label), "{kind}: {found:?}");
        some.says(&format!("kind={kind}\" aria-current=\"true\"")).does_not_say("best-answer");
    }
    visitor.get("/search?q=incident&kind=nothing").await.is(200).says("8.6.1");
    visitor.get("/search?q=service&kind=clause").await.is(200).says("kind=clause&amp;after=20");
}

#[tokio::test]
async fn designations_are_addresses() {
    let app = portal().await;
    let visitor = app.visitor();
    for (path, leads) in [
        ("/8.5.1", "/standards/part-1/clause-8/8-5/8-5-1"),
        ("/standards/8.5.1", "/standards/part-1/clause-8/8-5/8-5-1"),
        ("/8.5.1.1", "/standards/part-1/clause-8/8-5/8-5-1#8511-change-management-policy"),
        ("/20000-1", "/standards/part-1"),
        ("/ISO-IEC-20000-6", "/standards/part-6"),
        ("/PART-2", "/standards/part-2"),
        ("/standards/Part-1/4.2/", "/standards/part-1/clause-4/4-2"),
    ] {
        assert_eq!(visitor.get(path).await.is(308).header("location"), leads, "{path}");
        visitor.get(leads.split('#').next().unwrap()).await.is(200);
    }
    let page = visitor.get("/standards/part-1/clause-8/8-5/8-5-1").await;
    page.says("id=\"8511-change-management-policy\"");
    for path in ["/8.5.9", "/about/8.5.1", "/8.5.1.99", "/20000-99", "/1e9", "/%38.5.1"] {
        visitor.get(path).await.is(404);
    }
    let editor = app.editor().await;
    let id = app.page_id("/standards/part-6").await;
    editor.post(&format!("/admin/pages/{id}/unpublish"), &[]).await.is(303);
    visitor.get("/20000-6").await.is(404);
}

#[tokio::test]
async fn titles_come_first_while_typing() {
    let app = portal().await;
    let reply = app.visitor().get("/search/suggest?q=inci").await.is(200).text;
    let first: serde_json::Value = serde_json::from_str(&reply).unwrap();
    let titles: Vec<&str> = first.as_array().unwrap().iter().filter_map(|one| one["title"].as_str()).collect();
    assert!(titles.len() > 2 && titles[..2].iter().all(|title| title.to_lowercase().contains("inci")), "{titles:?}");
}
