//! The place of something among its like: the buttons that move it, and the form they send. Works without a script.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A button that moves something to a place.
#[derive(Debug, Serialize)]
pub struct Move {
    /// `Up` or `Down`.
    pub label: &'static str,
    /// The same as part of a sentence.
    pub way: &'static str,
    /// 0: first.
    pub place: usize,
}

impl Move {
    /// The buttons of the thing at `place` among `count`.
    #[must_use]
    pub fn at(place: usize, count: usize) -> Vec<Self> {
        let up = (place > 0).then(|| Self { label: "Up", way: "up", place: place - 1 });
        let down = (place + 1 < count).then(|| Self { label: "Down", way: "down", place: place + 1 });
        up.into_iter().chain(down).collect()
    }
}

/// Where something shall stand among its like.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PlaceForm {
    place: String,
}

impl PlaceForm {
    /// The place, 0 for the first.
    ///
    /// # Errors
    /// `BadRequest`: the place is no number, which no button sends.
    pub fn place(&self) -> Result<usize> {
        self.place.trim().parse().map_err(|_| Error::BadRequest("The place must be a number.".to_owned()))
    }
}
