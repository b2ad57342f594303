//! What a page of practice questions shows, as its address asks: all areas, one area with its answers, one question, a paper, or a
//! paper that is marked. `templates/site/practice.html` draws it. Nothing of what visitors answer is stored.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    exam_paper::{self, minutes, pass_mark},
    practice_query::{PAPERS, PracticeQuery},
    questions::{CategoryView, Question, Questions},
    site_view::PageHead,
};

/// At most one of the views is there; without any it is the overview of all areas.
#[derive(Default, Serialize)]
pub(crate) struct Practice {
    /// Slug of the first question; empty when there is none to practise.
    first: String,
    /// The numbers of the papers, and what one asks.
    papers: Vec<u8>,
    rules: PaperRules,
    area: Option<PracticeArea>,
    single: Option<SingleQuestion>,
    paper: Option<Paper>,
    marked: Option<MarkedPaper>,
}

#[derive(Default, Serialize)]
struct PaperRules {
    questions: usize,
    pass: usize,
    minutes: usize,
}

/// The area whose questions are the only ones in the list.
#[derive(Serialize)]
pub(crate) struct PracticeArea {
    slug: String,
    title: String,
}

#[derive(Serialize)]
struct SingleQuestion {
    item: Question,
    area: PracticeArea,
    number: usize,
    count: usize,
    is_checked: bool,
    is_right: bool,
    /// Slug of the next question, and its area when that is another; empty at the end.
    next: String,
    next_area: String,
}

#[derive(Serialize)]
struct Paper {
    number: u8,
    questions: Vec<NumberedQuestion>,
}

#[derive(Serialize)]
struct NumberedQuestion {
    number: usize,
    item: Question,
    is_answered: bool,
}

#[derive(Serialize)]
struct MarkedPaper {
    number: u8,
    right: usize,
    unanswered: usize,
    /// How many answers are about questions that the paper does not have any more.
    outside: usize,
    is_passed: bool,
    areas: Vec<AreaScore>,
    /// Those that were not answered right.
    missed: Vec<NumberedQuestion>,
}

#[derive(Serialize)]
struct AreaScore {
    title: String,
    right: usize,
    total: usize,
}

impl Practice {
    /// Whether it shows all areas, as the page does at its own address.
    #[must_use]
    pub(super) const fn is_overview(&self) -> bool {
        self.area.is_none() && !self.is_passing()
    }

    /// Whether search engines and other machines have nothing to find in it.
    #[must_use]
    pub(super) const fn is_passing(&self) -> bool {
        self.single.is_some() || self.paper.is_some() || self.marked.is_some()
    }

    /// The title of the area whose questions it shows with their answers.
    #[must_use]
    pub(super) fn area_title(&self) -> Option<&str> {
        self.area.as_ref().map(|area| area.title.as_str())
    }

    /// Says in the head of the page what it shows.
    pub(super) fn name_in(&self, head: &mut PageHead) {
        let words = if let Some(area) = &self.area {
            head.canonical = format!("{}?area={}", head.canonical, area.slug);
            head.description =
                format!("Practice questions with four options, the right answer and its reason: {}.", area.title);
            area.title.clone()
        } else if let Some(single) = &self.single {
            let verdict = if single.is_right { "Right: " } else { "Not right: " };
            format!("{}{}", if single.is_checked { verdict } else { "" }, single.item.title)
        } else if let Some(paper) = &self.paper {
            format!("Paper {}", paper.number)
        } else if let Some(marked) = &self.marked {
            format!("Result of paper {}", marked.number)
        } else {
            return;
        };
        head.head_title = format!("{words} – {}", head.head_title);
        if self.is_passing() {
            head.canonical = String::new();
            head.robots = "noindex";
        }
    }
}

/// Takes the questions that it shows by themselves out of the list.
pub(super) fn practice(questions: &mut Questions, query: &PracticeQuery) -> Practice {
    for item in questions.categories.iter_mut().flat_map(|area| &mut area.items) {
        item.leave_choice_out_of_facts();
    }
    let areas = &mut questions.categories;
    let whole: usize = areas.iter().flat_map(|area| &area.items).filter(|item| item.choice.is_whole()).count();
    let size = whole.min(exam_paper::SIZE);
    let mut shown = Practice {
        first: areas.iter().find_map(first_of).unwrap_or_default(),
        papers: (1..=papers(whole)).collect(),
        rules: PaperRules { questions: size, pass: pass_mark(size), minutes: minutes(size) },
        ..Practice::default()
    };
    if query.paper > 0 && size > 0 {
        let taken = std::mem::take(areas);
        if query.is_handed_in {
            shown.marked = Some(marked(taken, query));
        } else {
            shown.paper = Some(paper(taken, query.paper));
        }
    } else if let Some((area, place)) = find(areas, &query.question) {
        shown.single = Some(single(std::mem::take(areas), (area, place), &query.choice));
    } else if areas.iter().any(|area| area.slug == query.area) {
        areas.retain(|area| area.slug == query.area);
        shown.area = areas.first().map(area_view);
    }
    shown
}

/// How many papers a bank of this many questions has: one when every paper would ask all of them.
fn papers(questions: usize) -> u8 {
    match questions {
        0 => 0,
        1..=exam_paper::SIZE => 1,
        _ => PAPERS,
    }
}

fn area_view(area: &CategoryView) -> PracticeArea {
    PracticeArea { slug: area.slug.clone(), title: area.title.clone() }
}

/// Slug of the first question of an area that can be answered.
fn first_of(area: &CategoryView) -> Option<String> {
    area.items.iter().find(|item| item.choice.is_whole()).map(|item| item.slug.clone())
}

/// Where a question that can be answered is: its area, and its place there.
fn find(areas: &[CategoryView], slug: &str) -> Option<(usize, usize)> {
    areas.iter().enumerate().find_map(|(at, area)| {
        let place = area.items.iter().position(|item| item.slug == slug && item.choice.is_whole())?;
        Some((at, place))
    })
}

fn single(mut areas: Vec<CategoryView>, (at, place): (usize, usize), choice: &str) -> SingleQuestion {
    let next_area = areas.iter().skip(at + 1).find_map(|area| Some((first_of(area)?, area.title.clone())));
    let mut area = areas.swap_remove(at);
    let whole = |items: &[Question]| items.iter().filter(|item| item.choice.is_whole()).count();
    let (number, count) = (whole(&area.items[..=place]), whole(&area.items));
    let following = area.items[place + 1..].iter().find(|item| item.choice.is_whole());
    let here = following.map(|item| (item.slug.clone(), String::new()));
    let (next, next_area) = here.or(next_area).unwrap_or_default();
    let view = area_view(&area);
    let mut item = area.items.swap_remove(place);
    let chosen = item.choice.choose(choice);
    SingleQuestion {
        item,
        area: view,
        number,
        count,
        is_checked: chosen.is_some(),
        is_right: chosen == Some(true),
        next,
        next_area,
    }
}

/// The questions of a paper with the titles of their areas.
fn of_paper(areas: Vec<CategoryView>, number: u8) -> Vec<(String, Question)> {
    let with_choice = |area: CategoryView| {
        let items: Vec<Question> = area.items.into_iter().filter(|item| item.choice.is_whole()).collect();
        (area.title, items)
    };
    let all: Vec<(String, Vec<Question>)> = areas.into_iter().map(with_choice).collect();
    let slugs: Vec<Vec<&str>> =
        all.iter().map(|(_, items)| items.iter().map(|item| item.slug.as_str()).collect()).collect();
    let places = exam_paper::places(&slugs, number);
    let mut chosen = Vec::new();
    for ((title, items), places) in all.into_iter().zip(places) {
        let mut items: Vec<Option<Question>> = items.into_iter().map(Some).collect();
        chosen.extend(places.into_iter().filter_map(|place| Some((title.clone(), items[place].take()?))));
    }
    chosen
}

fn paper(areas: Vec<CategoryView>, number: u8) -> Paper {
    let numbered = |(at, (_, item))| NumberedQuestion { number: at + 1, item, is_answered: false };
    Paper { number, questions: of_paper(areas, number).into_iter().enumerate().map(numbered).collect() }
}

fn marked(areas: Vec<CategoryView>, query: &PracticeQuery) -> MarkedPaper {
    let mut answers: BTreeMap<&str, &str> =
        query.answers.iter().map(|(slug, letter)| (slug.as_str(), letter.as_str())).collect();
    let (mut scores, mut missed): (Vec<AreaScore>, _) = (Vec::new(), Vec::new());
    let (mut right, mut unanswered, mut total) = (0, 0, 0);
    for (title, mut item) in of_paper(areas, query.paper) {
        total += 1;
        let chosen = answers.remove(item.slug.as_str()).and_then(|letter| item.choice.choose(letter));
        if scores.last().is_none_or(|score| score.title != title) {
            scores.push(AreaScore { title, right: 0, total: 0 });
        }
        let gained = usize::from(chosen == Some(true));
        if let Some(score) = scores.last_mut() {
            score.right += gained;
            score.total += 1;
        }
        right += gained;
        unanswered += usize::from(chosen.is_none());
        if gained == 0 {
            missed.push(NumberedQuestion { number: total, item, is_answered: chosen.is_some() });
        }
    }
    let is_passed = right >= pass_mark(total);
    MarkedPaper { number: query.paper, right, unanswered, outside: answers.len(), is_passed, areas: scores, missed }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Practice { first, papers, rules, area, single, paper, marked }
    PaperRules { questions, pass, minutes }
    PracticeArea { slug, title }
    SingleQuestion { item, area, number, count, is_checked, is_right, next, next_area }
    Paper { number, questions }
    NumberedQuestion { number, item, is_answered }
    MarkedPaper { number, right, unanswered, outside, is_passed, areas, missed }
    AreaScore { title, right, total }
}
