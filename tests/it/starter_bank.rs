//! The bank of practice questions in the starter site: enough of them, each whole, and no right answer can be told by its length
//! or its letter.

use std::collections::{BTreeMap, BTreeSet};

use crate::starter_content::{Page, field, read};

const OPTIONS: [(&str, &str); 4] = [("A", "option_a"), ("B", "option_b"), ("C", "option_c"), ("D", "option_d")];

/// All questions of the bank.
pub fn questions() -> Vec<Page> {
    read("items/training/practice-questions")
}

/// The options of a question, with their letters.
fn options(question: &Page) -> Vec<(&'static str, String)> {
    OPTIONS.map(|(letter, key)| (letter, field(&question.head, key))).into()
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[test]
fn each_question_has_four_options_its_answer_the_reason_and_the_clause() {
    let questions = questions();
    assert!(questions.len() >= 80, "{} questions", questions.len());
    let pages: BTreeSet<String> = read("pages").into_iter().map(|page| page.path).collect();
    let (mut known, mut slugs) = (BTreeSet::new(), BTreeSet::new());
    for question in &questions {
        let Page { path, title, head, text, .. } = question;
        assert_eq!(field(head, "type"), "practice_question", "{path}");
        assert!(known.insert(title.to_lowercase()), "{path} is there twice");
        assert!(slugs.insert(path.rsplit('/').next().unwrap()), "{path}: two questions have this slug");
        let options = options(question);
        let texts: BTreeSet<String> = options.iter().map(|(_, text)| text.to_lowercase()).collect();
        assert!(texts.len() == 4 && options.iter().all(|(_, text)| (2..=200).contains(&length(text))), "{path}");
        let answer = field(head, "answer");
        assert!(options.iter().any(|(letter, _)| *letter == answer), "{path}: {answer}");
        assert!(length(text.trim()) >= 40, "{path} says too little of the reason");
        let clause = field(head, "clause");
        let links: Vec<&str> = clause.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()).collect();
        assert!(!links.is_empty() && links.iter().all(|link| pages.contains(*link)), "{path}: {clause}");
    }
}

#[test]
fn each_area_has_questions() {
    let mut areas: BTreeMap<String, usize> = BTreeMap::new();
    for question in questions() {
        *areas.entry(question.path.split('/').nth(1).unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(areas.len(), 9, "{areas:?}");
    assert!(areas.values().all(|count| *count >= 4), "{areas:?}");
}

#[test]
fn the_right_option_is_not_told_by_its_length_or_its_letter() {
    let questions = questions();
    let (mut longest, mut shortest, mut letters) = (0, 0, BTreeMap::<String, usize>::new());
    for question in &questions {
        let answer = field(&question.head, "answer");
        let (answer, options) = (answer.as_str(), options(question));
        let of = |is_right: bool| {
            let these = options.iter().filter(move |(letter, _)| (*letter == answer) == is_right);
            these.map(|(_, text)| length(text)).collect::<Vec<_>>()
        };
        let (right, wrong) = (of(true)[0], of(false));
        let (least, most) = (*wrong.iter().min().unwrap(), *wrong.iter().max().unwrap());
        longest += usize::from(right > most);
        shortest += usize::from(right < least);
        let (least, most) = (least.min(right), most.max(right));
        assert!(most <= 2 * least || most - least <= 15, "{}: options from {least} to {most}", question.path);
        *letters.entry(answer.to_owned()).or_default() += 1;
    }
    assert!(longest * 10 <= questions.len() * 3, "the longest is right in {longest} of {}", questions.len());
    assert!(shortest * 10 <= questions.len() * 4, "the shortest is right in {shortest} of {}", questions.len());
    let fair = |count: &usize| (15..=35).contains(&(count * 100 / questions.len()));
    assert!(letters.len() == 4 && letters.values().all(fair), "{letters:?}");
}
