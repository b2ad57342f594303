//! The options of a practice question, as the fields of its type have them, and which of them was chosen. Knows no page.

use serde::Serialize;

use crate::model::document::content::Content;

/// The letters of the options, with the keys of their fields.
const OPTIONS: [(&str, &str); 4] = [("A", "option_a"), ("B", "option_b"), ("C", "option_c"), ("D", "option_d")];
/// Key of the field with the letter of the right one.
const ANSWER: &str = "answer";

/// Without options for a question of any other type.
#[derive(Debug, Default, Serialize)]
pub(crate) struct MultipleChoice {
    pub(in crate::render) options: Vec<AnswerOption>,
}

#[derive(Debug, Serialize)]
pub(crate) struct AnswerOption {
    letter: &'static str,
    pub(in crate::render) text: String,
    pub(in crate::render) is_right: bool,
    is_chosen: bool,
}

impl MultipleChoice {
    /// Those of a version. One without a right answer has none.
    #[must_use]
    pub(crate) fn of(content: &Content) -> Self {
        let answer = content.value(ANSWER);
        let option = |(letter, key): (&'static str, &str)| AnswerOption {
            letter,
            text: content.value(key).into_owned(),
            is_right: letter == answer,
            is_chosen: false,
        };
        let options: Vec<_> = OPTIONS.map(option).into_iter().filter(|option| !option.text.is_empty()).collect();
        let is_whole = options.len() == OPTIONS.len() && options.iter().any(|option| option.is_right);
        Self { options: if is_whole { options } else { Vec::new() } }
    }

    #[must_use]
    pub(in crate::render) fn is_whole(&self) -> bool {
        !self.options.is_empty()
    }

    /// Notes what was chosen, and says whether it is right; none when there is no option with this letter.
    pub(in crate::render) fn choose(&mut self, letter: &str) -> Option<bool> {
        let option = self.options.iter_mut().find(|option| option.letter == letter)?;
        option.is_chosen = true;
        Some(option.is_right)
    }
}

/// Whether the options already show the field with this key.
#[must_use]
pub(in crate::render) fn shows(key: &str) -> bool {
    key == ANSWER || OPTIONS.iter().any(|(_, option)| *option == key)
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    MultipleChoice { options }
    AnswerOption { letter, text, is_right, is_chosen }
}
