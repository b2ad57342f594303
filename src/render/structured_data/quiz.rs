//! Practice questions: of one area with their options, the right one and the reason; of all areas as a quiz for each.

use serde_json::{Value, json};

use super::facts::PageFacts;
use crate::{
    model::document::choices::Layout,
    render::questions::{CategoryView, Question},
};

/// The quiz of a page, when it has questions.
pub(super) fn quiz(facts: &PageFacts<'_>) -> Option<Value> {
    let areas = &facts.questions.categories;
    if facts.layout != Layout::Practice || areas.is_empty() {
        return None;
    }
    let (subject, parts): (&str, Vec<Value>) = match facts.area {
        Some(area) => {
            let items = areas.iter().flat_map(|area| &area.items).filter(|item| item.choice.is_whole());
            (area, items.map(|item| question(facts, item)).collect())
        }
        None => (facts.name, areas.iter().map(|area| part(facts, area)).collect()),
    };
    Some(json!({
        "@type": "Quiz",
        "@id": format!("{}#_quiz", facts.address),
        "url": facts.address,
        "name": subject,
        "about": { "@type": "Thing", "name": subject },
        "hasPart": parts,
    }))
}

/// An area, at the address where its questions are.
fn part(facts: &PageFacts<'_>, area: &CategoryView) -> Value {
    let address = format!("{}?area={}", facts.address, area.slug);
    json!({
        "@type": "Quiz",
        "@id": format!("{address}#_quiz"),
        "url": address,
        "name": area.title,
        "about": { "@type": "Thing", "name": area.title },
    })
}

fn question(facts: &PageFacts<'_>, item: &Question) -> Value {
    let (mut right, mut wrong) = (Value::Null, Vec::new());
    for (at, option) in item.choice.options.iter().enumerate() {
        let mut answer =
            json!({ "@type": "Answer", "position": at, "encodingFormat": "text/plain", "text": option.text });
        if option.is_right {
            answer["answerExplanation"] = json!({ "@type": "Comment", "text": item.answer_words });
            right = answer;
        } else {
            wrong.push(answer);
        }
    }
    json!({
        "@type": "Question",
        "@id": format!("{}#{}", facts.address, item.slug),
        "eduQuestionType": "Multiple choice",
        "learningResourceType": "Practice problem",
        "name": item.title,
        "text": item.title,
        "suggestedAnswer": wrong,
        "acceptedAnswer": right,
    })
}
