//! The position of something among its siblings: the buttons that move it, and the form they send. Works without a script.

use serde::{Deserialize, Serialize};

use super::admin_context::AdminContext;
use crate::{
    error::{Error, Result, ValidationErrors},
    model::arrange::Position,
};

/// The ways to move something among its siblings.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Moves {
    steps: Vec<Move>,
    /// Its position, 1 for the first.
    number: usize,
    /// The number of the last.
    last: usize,
}

impl Moves {
    /// For the entry at `index` among `siblings`; none without siblings.
    #[must_use]
    pub(crate) fn at(index: usize, siblings: &[i64]) -> Option<Self> {
        let moves = Self { steps: Move::at(index, siblings), number: index + 1, last: siblings.len() };
        (siblings.len() > 1).then_some(moves)
    }
}

/// A button that moves something past one sibling.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Move {
    /// `Up` or `Down`.
    label: &'static str,
    /// The same as part of a sentence.
    direction: &'static str,
    /// `before` or `after`.
    side: &'static str,
    sibling: i64,
}

impl Move {
    /// The buttons of the entry at `index` among `siblings`.
    fn at(index: usize, siblings: &[i64]) -> Vec<Self> {
        let neighbour = |index: Option<usize>| index.and_then(|index| siblings.get(index)).copied();
        let up = neighbour(index.checked_sub(1)).map(|sibling| Self {
            label: "Up",
            direction: "up",
            side: "before",
            sibling,
        });
        let down = neighbour(index.checked_add(1)).map(|sibling| Self {
            label: "Down",
            direction: "down",
            side: "after",
            sibling,
        });
        up.into_iter().chain(down).collect()
    }
}

/// A position among siblings: beside one of them, or counted, from 0 by the program and from 1 by its users.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PositionForm {
    before: String,
    after: String,
    index: String,
    number: String,
}

impl PositionForm {
    /// Says that `title` was moved; the paths are the same when it has none or kept it.
    #[must_use]
    pub(crate) fn describe(title: &str, before: &str, now: &str) -> String {
        if before == now {
            return format!("“{title}” has moved to its new place.");
        }
        format!("“{title}” is now at {now}.")
    }

    /// Says that `title` was in the place where it should go.
    #[must_use]
    pub(crate) fn describe_unmoved(title: &str) -> String {
        format!("“{title}” was in that place before. Nothing was moved.")
    }

    /// The position; none when what was typed is no number, which the next screen says.
    /// `BadRequest` without a position or with more than one, which no button sends.
    pub(crate) async fn read(&self, admin: &AdminContext) -> Result<Option<Position>> {
        match self.position() {
            Ok(position) => Ok(Some(position)),
            Err(error) => {
                admin.warn(format!("Not moved. {}.", error.validation_errors()?.sentence())).await?;
                Ok(None)
            }
        }
    }

    fn position(&self) -> Result<Position> {
        let wrong = || Error::BadRequest("The place must be a number.".to_owned());
        let mistyped = || ValidationErrors::one("number", "Enter the place as a whole number, 1 for the first");
        match [&self.before, &self.after, &self.index, &self.number].map(|text| text.trim()) {
            [before, "", "", ""] if !before.is_empty() => before.parse().map(Position::Before).map_err(|_| wrong()),
            ["", after, "", ""] if !after.is_empty() => after.parse().map(Position::After).map_err(|_| wrong()),
            ["", "", index, ""] => index.parse().map(Position::Index).map_err(|_| wrong()),
            ["", "", "", number] => {
                let number: usize = number.parse().map_err(|_| mistyped())?;
                Ok(Position::Index(number.saturating_sub(1)))
            }
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Moves { steps, number, last }
    Move { label, direction, side, sibling }
}
