//! Practice questions as visitors take them: one at a time and as a mock examination, without a script, and with nothing stored.

use std::collections::{BTreeMap, BTreeSet};

use plinth::model::transfer::starter;

use crate::{
    harness::{Reply, TestApp},
    machines::data,
};

const PAGE: &str = "/training/practice-questions";
/// Questions of a paper.
const PAPER: usize = 40;

/// The right letters of the starter site's questions, by slug.
fn key() -> BTreeMap<String, String> {
    let site = starter::read().unwrap();
    let here = site.categories.into_iter().filter(|(place, _)| place.starts_with(PAGE));
    let items = here.flat_map(|(_, category)| category.items);
    items.map(|(slug, item)| (slug, item.live.unwrap().typed.get("answer").to_owned())).collect()
}

/// The slugs of the questions of a paper, in its order.
fn slugs(paper: &Reply) -> Vec<String> {
    let mut slugs: Vec<String> =
        paper.text.split("name=\"a.").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    slugs.dedup();
    slugs
}

/// Where a paper leads that is handed in with these answers.
fn handed_in(number: usize, answers: &[(&String, &str)]) -> String {
    let answers: Vec<String> = answers.iter().map(|(slug, letter)| format!("&a.{slug}={letter}")).collect();
    format!("{PAGE}?exam={number}&marked=yes{}", answers.concat())
}

/// The sums of the table of areas: right, and all.
fn sums(result: &Reply) -> (usize, usize) {
    let (_, table) = result.text.split_once("<tbody>").unwrap();
    let (table, _) = table.split_once("</tbody>").unwrap();
    let numbers: Vec<usize> =
        table.split("<td>").skip(1).map(|rest| rest.split('<').next().unwrap().parse().unwrap()).collect();
    (numbers.iter().step_by(2).sum(), numbers.iter().skip(1).step_by(2).sum())
}

#[tokio::test]
async fn a_question_is_answered_and_explained() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let overview = visitor.get(PAGE).await.is(200).says("One question at a time").says("Mock examination");
    let overview = overview.says("id=\"contents-of-an-sla\"").does_not_say("Right answer").does_not_say("<fieldset");
    assert_eq!(overview.header("set-cookie"), "");

    let one = format!("{PAGE}?question=contents-of-an-sla");
    let asked = visitor.get(&one).await.is(200).says("What else does the standard require in it?");
    let asked = asked.says(": question ").says("name=\"robots\" content=\"noindex\"").does_not_say("rel=\"canonical\"");
    let asked = asked.does_not_say("Right answer").does_not_say("three required contents").does_not_say("ld+json");
    assert_eq!((asked.header("cache-control"), asked.header("set-cookie")), ("no-store", ""));
    assert_eq!(asked.text.matches("type=\"radio\"").count(), 4);

    let good = visitor.get(&format!("{one}&choice=B")).await.is(200).says("<title>Right: A service level agreement");
    let good = good.says(">Your answer, right<").does_not_say("not right").says("three required contents");
    good.says("/standards/part-1/clause-8/8-3/8-3-3\"").says("\">Next question");
    let bad = visitor.get(&format!("{one}&choice=D")).await.is(200).says("<title>Not right: A service level agreement");
    bad.says(">Your answer, not right<").says(">Right answer<").says("Right answer: B.").does_not_say("<fieldset");
    visitor.get(&format!("{one}&choice=E")).await.is(200).says("Check the answer").does_not_say("Right answer");

    // Nobody gets the page of another address from the memory.
    visitor.get(PAGE).await.says("One question at a time").does_not_say("<fieldset");
}

#[tokio::test]
async fn a_paper_is_marked_by_area() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let page = format!("{PAGE}?exam=1");
    let paper =
        visitor.get(&page).await.is(200).says("40 questions, one best answer").says("60 minutes").says("26 right");
    let (kept, slugs_of_one) = (paper.header("cache-control").to_owned(), slugs(&paper));
    assert!(kept.starts_with("public"), "{kept}");
    let paper = paper.does_not_say("Right answer");
    assert_eq!(paper.text.matches("<fieldset").count(), PAPER);
    assert_eq!(slugs_of_one.iter().collect::<BTreeSet<_>>().len(), PAPER);
    assert_eq!(slugs(&visitor.get(&page).await), slugs_of_one, "a paper is always the same");
    let mut papers = BTreeSet::new();
    for number in 1..=10 {
        let slugs = slugs(&visitor.get(&format!("{PAGE}?exam={number}")).await.is(200));
        assert_eq!(slugs.len(), PAPER, "paper {number}");
        papers.insert(slugs);
    }
    assert_eq!(papers.len(), 10, "no two papers are the same");

    let key = key();
    let all: Vec<(&String, &str)> = slugs_of_one.iter().map(|slug| (slug, key[slug].as_str())).collect();
    let result =
        visitor.get(&handed_in(1, &all)).await.is(200).says("Passed: 40 of 40 right").says("Every answer is right");
    assert_eq!((sums(&result), result.header("cache-control")), ((PAPER, PAPER), "no-store"));
    result.does_not_say("counts as wrong").does_not_say("You gave no answer");

    let enough = visitor.get(&handed_in(1, &all[..26])).await.is(200).says("Passed: 26 of 40 right");
    assert_eq!(enough.says("counts as wrong: 14.").text.matches("You gave no answer.").count(), 14);

    let mut some = all[..25].to_vec();
    let (slug, right) = all[30];
    some.push((slug, if right == "A" { "B" } else { "A" }));
    let gone = "not-in-the-bank".to_owned();
    some.push((&gone, "B"));
    let result = visitor.get(&handed_in(1, &some)).await.is(200).says("Not passed: 25 of 40 right");
    let result = result.says("counts as wrong: 14.").says("not counted: 1.").does_not_say("not-in-the-bank");
    assert_eq!((sums(&result), result.text.matches("Your answer: ").count()), ((25, PAPER), 1));
    assert_eq!(result.text.matches("Right answer: ").count(), 15);
    visitor.get(&handed_in(1, &[])).await.is(200).says("Not passed: 0 of 40 right").says("counts as wrong: 40.");
}

#[tokio::test]
async fn whatever_an_address_asks_for_something_sound_is_shown() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let hostile = "%3Cscript%3Ealert(1)%3C/script%3E%22%27%FF";
    for query in [
        format!("area={hostile}"),
        format!("question={hostile}"),
        "exam=0".to_owned(),
        "exam=11".to_owned(),
        "exam=-1&marked=yes".to_owned(),
        "exam=99999999999999999999".to_owned(),
        "choice=B".to_owned(),
        "marked=yes&a.contents-of-an-sla=B".to_owned(),
        "question=..%2F..&area=assurance%20".to_owned(),
    ] {
        let overview = visitor.get(&format!("{PAGE}?{query}")).await.is(200);
        let overview = overview.says("One question at a time").says("rel=\"canonical\"");
        overview.does_not_say("alert(1)").does_not_say("<fieldset");
    }
    let many = (0..1000).map(|number| format!("&a.{number}=A")).collect::<Vec<_>>().concat();
    for query in [
        format!("exam=2&marked={hostile}&a.{hostile}={hostile}"),
        format!("exam=2&marked=yes{many}"),
        format!("exam=1&exam=2&question={hostile}&choice={hostile}"),
    ] {
        visitor.get(&format!("{PAGE}?{query}")).await.is(200).says("aper 2").does_not_say("alert(1)");
    }
    visitor.get(PAGE).await.is(200).says("One question at a time");
}

#[tokio::test]
async fn machines_read_the_questions_of_an_area() {
    let app = TestApp::new().await;
    let visitor = app.visitor();
    let address = format!("http://127.0.0.1:3000{PAGE}");
    let overview = data(&visitor.get(PAGE).await.is(200));
    let parts = overview["@graph"][0]["mainEntity"]["hasPart"].as_array().unwrap();
    let areas: Vec<&str> = parts.iter().map(|part| part["url"].as_str().unwrap()).collect();
    assert!(areas.len() >= 8 && areas.contains(&&*format!("{address}?area=assurance")), "{areas:?}");

    let area = visitor.get(&format!("{PAGE}?area=assurance")).await.is(200).says("Clause 8.7: service assurance");
    let area = area.says(&format!("rel=\"canonical\" href=\"{address}?area=assurance\"")).says("Right answer: D.");
    let found = data(&area);
    let node = &found["@graph"][0]["mainEntity"];
    let questions = node["hasPart"].as_array().unwrap();
    assert!(node["@type"] == "Quiz" && questions.len() >= 3, "{node}");
    for question in questions {
        assert_eq!(question["suggestedAnswer"].as_array().unwrap().len(), 3, "{question}");
        assert!(question["acceptedAnswer"]["answerExplanation"]["text"].as_str().unwrap().len() > 30, "{question}");
        let (_, slug) = question["@id"].as_str().unwrap().split_once('#').unwrap();
        assert!(area.text.contains(&format!("<details class=\"answer practice\" id=\"{slug}\"")), "{slug}");
    }
    visitor.get(&format!("{PAGE}.md")).await.is(200).says("- **Option A**: ").says("- **Right answer**: D");
    let json = visitor.get(&format!("/api/v1/documents{PAGE}")).await.is(200);
    json.says("\"option_d\"").says("\"clause\"");
}
