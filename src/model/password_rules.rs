//! What a new password must be like. Knows no hash and no user.

use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, feedback::Warning, zxcvbn};

/// Fewest characters of a new password.
pub(crate) const MIN: usize = 12;
/// Most characters of a new password.
pub(crate) const MAX: usize = 200;
/// Fewest characters of a new password that are not taken from what others know of its owner.
const REST: usize = 6;
/// Errors: a sentence.
pub(super) fn check_length(typed: &str) -> Result<(), String> {
    let count = typed.nfc().count();
    if count < MIN {
        return Err(format!("Choose a password of at least {MIN} characters"));
    }
    if count > MAX {
        return Err(format!("Choose a password of at most {MAX} characters"));
    }
    // U+FFFD replaces invalid bytes, so two different passwords could look the same.
    if typed.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Err("Leave out characters that cannot be seen, such as tabs".to_owned());
    }
    Ok(())
}

/// What is known of a user, split into words that passwords are made of.
pub(super) fn known_words(about: &[&str]) -> Vec<String> {
    let mut words = vec!["plinth".to_owned()];
    for text in about {
        let pieces = || text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        words.extend(pieces().filter(|piece| piece.chars().count() > 2));
        words.push(pieces().collect());
        words.push(text.to_lowercase());
    }
    words
}

/// Whether too little of a password is left without what is known of its owner.
fn is_known(typed: &str, about: &[String]) -> bool {
    let mut words: Vec<&str> = about.iter().map(String::as_str).filter(|word| word.chars().count() > 2).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let folded = typed.to_lowercase();
    let rest = words.iter().fold(folded.clone(), |rest, word| rest.replace(word, ""));
    rest != folded && rest.chars().filter(|c| !c.is_whitespace()).count() < REST
}

/// Whether a password is hard to guess for those who know `about`. Takes a moment.
/// Errors: a sentence.
pub(super) fn check_strength(typed: &str, about: &[String]) -> Result<(), String> {
    let known: Vec<&str> = about.iter().map(String::as_str).collect();
    let estimate = zxcvbn(typed, &known);
    let reason = if is_known(typed, about) {
        "it is made of what others know about you or this site"
    } else if estimate.score() >= Score::Three {
        return Ok(());
    } else {
        estimate.feedback().and_then(zxcvbn::feedback::Feedback::warning).map_or("it can be guessed quickly", reason)
    };
    Err(format!("Choose another password, because {reason}; four or more unrelated words make a good one"))
}

const fn reason(warning: Warning) -> &'static str {
    use Warning as W;
    match warning {
        W::StraightRowsOfKeysAreEasyToGuess | W::ShortKeyboardPatternsAreEasyToGuess => {
            "it follows the keys of a keyboard"
        }
        W::RepeatsLikeAaaAreEasyToGuess | W::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "it repeats itself",
        W::ThisIsATop10Password | W::ThisIsATop100Password | W::ThisIsACommonPassword => {
            "it is among the most used passwords"
        }
        W::ThisIsSimilarToACommonlyUsedPassword => "it resembles one of the most used passwords",
        W::SequencesLikeAbcAreEasyToGuess => "it is a sequence such as abc or 6543",
        W::RecentYearsAreEasyToGuess | W::DatesAreOftenEasyToGuess => "it is built on a date",
        W::AWordByItselfIsEasyToGuess => "it is little more than one word",
        W::NamesAndSurnamesByThemselvesAreEasyToGuess | W::CommonNamesAndSurnamesAreEasyToGuess => {
            "it is little more than a name"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(typed: &str) -> String {
        let about = known_words(&["Ada Lovelace", "ada@analytical.example", "Engine Portal"]);
        check_length(typed).and_then(|()| check_strength(typed, &about)).err().unwrap_or_default()
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        for (typed, reason) in [
            ("short words", "at least 12"),
            (&"long ".repeat(41), "at most 200"),
            ("tab\tbetween the words", "cannot be seen"),
            ("qwertyuiop123", "most used"),
            ("zxcvbnm,./zxcvbnm,./", "repeats itself"),
            ("aaaaaaaaaaaaaaaaaa", "repeats itself"),
            ("abcdefghijklmnop", "sequence"),
            ("adalovelaceada", "know about you"),
            ("engineportal1", "know about you"),
            ("Ada at the Engine", "know about you"),
        ] {
            let said = refusal(typed);
            assert!(said.contains(reason), "{typed}: {said}");
        }
    }

    #[test]
    fn any_script_will_do() {
        for typed in [
            "velvet anchor orbit mango",
            "Ada velvet anchor orbit",
            "Zwölf Boxkämpfer jagen",
            "неизвестный медведь поёт",
            "🦀🌲🚲🍋🎻🧊🪁🐌🧶🥁🪵🧭",
        ] {
            assert_eq!(refusal(typed), "", "{typed}");
        }
    }
}
