//! Whether a message is taken for spam: the sum of signs, each with points and a reason that users can read.
//! No sign but the trap is enough by itself when an honest visitor may cause it. Nothing is ever thrown away.

use super::{form_token::FormAge, letter::Letter, signs};

/// From this score on a message goes to the spam folder.
pub const THRESHOLD: i64 = 50;

/// Something that speaks for spam.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// How strongly.
    pub points: i64,
    /// What it is, as a sentence without a full stop.
    pub reason: String,
}

impl Sign {
    /// A sign by its two parts.
    pub fn new(points: i64, reason: impl Into<String>) -> Self {
        Self { points, reason: reason.into() }
    }
}

/// All signs of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    signs: Vec<Sign>,
}

impl Assessment {
    /// What the form came back with (the trap and the token), and what the letter says. `origin` is the address of
    /// the site: links to its own pages are welcome.
    #[must_use]
    pub fn of(letter: &Letter, trap: &str, form_token: FormAge, origin: &str) -> Self {
        let mut signs = signs::of(letter, origin);
        signs.extend(trapped(trap));
        signs.extend(age_signal(form_token));
        Self { signs }
    }

    /// Adds a sign that only the store can know.
    pub fn add(&mut self, sign: Sign) {
        self.signs.push(sign);
    }

    /// The sum.
    #[must_use]
    pub fn score(&self) -> i64 {
        self.signs.iter().map(|sign| sign.points).sum()
    }

    /// Whether the message belongs into the spam folder.
    #[must_use]
    pub fn is_spam(&self) -> bool {
        self.score() >= THRESHOLD
    }

    /// One reason on each line, with its points.
    #[must_use]
    pub fn reasons(&self) -> String {
        let lines: Vec<_> = self.signs.iter().map(|sign| format!("{} ({})", sign.reason, sign.points)).collect();
        lines.join("\n")
    }
}

fn trapped(trap: &str) -> Option<Sign> {
    (!trap.is_empty()).then(|| Sign::new(100, "The hidden field that only robots see was filled in"))
}

fn age_signal(form_token: FormAge) -> Option<Sign> {
    match form_token {
        FormAge::Good => None,
        // A browser that fills in forms by itself can be this fast, so it takes one more sign.
        FormAge::Fast => Some(Sign::new(40, "It was sent within three seconds")),
        FormAge::Old => Some(Sign::new(20, "The form was older than a day when it was sent")),
        FormAge::Missing => Some(Sign::new(50, "The form came back without its time stamp")),
        FormAge::Forged => Some(Sign::new(60, "The time stamp of the form was not made by this site")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(body: &str) -> Letter {
        Letter {
            topic: "other",
            name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
            role: String::new(),
            country: String::new(),
            body: body.to_owned(),
        }
    }

    fn is_spam(body: &str, trap: &str, form_token: FormAge) -> bool {
        Assessment::of(&letter(body), trap, form_token, "https://portal.example").is_spam()
    }

    #[test]
    fn the_trap_and_a_token_that_is_not_ours_are_enough() {
        assert!(is_spam("A question.", "https://spam.example", FormAge::Good));
        assert!(is_spam("A question.", "", FormAge::Missing));
        assert!(is_spam("A question.", "", FormAge::Forged));
    }

    #[test]
    fn an_honest_visitor_gets_through() {
        for form_token in [FormAge::Good, FormAge::Fast, FormAge::Old] {
            assert!(!is_spam("Is ISO/IEC 20000-1:2018 still the valid edition?", "", form_token), "{form_token:?}");
        }
        assert!(is_spam("See http://shop.example for cheap certificates", "", FormAge::Fast));
    }

    #[test]
    fn the_reasons_explain_the_score() {
        let mut assessment = Assessment::of(&letter("Hello."), "x", FormAge::Old, "");
        assessment.add(Sign::new(5, "One more"));
        assert_eq!(assessment.score(), 125);
        assert_eq!(assessment.reasons().lines().last(), Some("One more (5)"));
    }
}
