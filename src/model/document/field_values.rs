//! Values of fields that have a form: choices, slugs, numbers, days, addresses, and what is in the media library. Knows no field.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::text::{clean, link, markdown::contents, media_path, slug};

/// Most digits before and after the point of a number.
const DIGITS: (usize, usize) = (15, 6);

/// One of a list, by its value; the first for nothing.
/// Errors: a sentence that says what to do.
pub(super) fn choice(options: &[(Cow<'static, str>, Cow<'static, str>)], typed: &str) -> Result<String, String> {
    let first = options.first().filter(|_| typed.is_empty());
    let chosen = first.or_else(|| options.iter().find(|(value, _)| value == typed));
    chosen.map(|(value, _)| value.clone().into_owned()).ok_or_else(|| "Choose one of the list".to_owned())
}

/// A slug, or one made from `title`.
/// Errors: a sentence that says what to do.
pub(super) fn parse_slug(typed: &str, title: &str) -> Result<String, String> {
    if !typed.is_empty() {
        return slug::parse(typed);
    }
    let made = slug::from_title(title);
    if made.is_empty() && !title.is_empty() {
        return Err("Enter a slug; none can be made of this title".to_owned());
    }
    Ok(made)
}

/// `yes`, or empty.
/// Errors: a sentence that says what to do.
pub(super) fn yes_no(typed: &str) -> Result<String, String> {
    match typed {
        "" | "yes" => Ok(typed.to_owned()),
        _ => Err("Enter yes, or nothing for no".to_owned()),
    }
}

/// A number as it is stored: without a plus, without zeros that say nothing; empty for nothing.
/// Errors: a sentence that says what to do.
pub(super) fn number(typed: &str) -> Result<String, String> {
    if typed.is_empty() {
        return Ok(String::new());
    }
    let fault = || "Enter a number, for example 12 or 12.5".to_owned();
    let (sign, digits) = match typed.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", typed.strip_prefix('+').unwrap_or(typed)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !are_digits(whole) || !are_digits(part) || digits.ends_with('.') {
        return Err(fault());
    }
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    if whole.len() > DIGITS.0 || part.len() > DIGITS.1 {
        return Err(format!(
            "Enter a number with at most {} digits before the point and {} after it",
            DIGITS.0, DIGITS.1
        ));
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let number = if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") };
    Ok(if number == "0" { number } else { format!("{sign}{number}") })
}

/// A day, `YYYY-MM-DD`; empty for nothing.
/// Errors: a sentence that says what to do.
pub(super) fn day(typed: &str) -> Result<String, String> {
    if typed.is_empty() {
        return Ok(String::new());
    }
    match typed.parse::<Date>() {
        Ok(date) if (1000..=2999).contains(&date.year()) => Ok(date.to_string()),
        _ => Err("Enter a day as year-month-day, for example 2027-06-30".to_owned()),
    }
}

/// An address of another site, or of e-mail; empty for nothing.
/// Errors: a sentence that says what to do.
pub(super) fn url(typed: &str) -> Result<String, String> {
    let address = clean::line(typed);
    let begins = ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
    if address.is_empty() || begins && link::is_allowed(&address) && url::Url::parse(&address).is_ok() {
        return Ok(address);
    }
    Err("Enter a whole address, for example https://www.iso.org/standard/70636.html".to_owned())
}

/// The path of a page of this site; empty for nothing.
/// Errors: a sentence that says what to do.
pub(super) fn reference(typed: &str) -> Result<String, String> {
    let path = clean::line(typed);
    let is_media = media_path::split(&path).is_some();
    let is_path = path.starts_with('/') && !path.starts_with("//") && link::is_allowed(&path);
    if path.is_empty() || is_path && !is_media && !path.contains(char::is_whitespace) {
        return Ok(path);
    }
    Err("Enter the path of a page of this site, for example /standards/part-1".to_owned())
}

/// One picture or link to a file of the media library, in Markdown; empty for nothing.
/// Errors: a sentence that says what to do.
pub(super) fn media(typed: &str) -> Result<String, String> {
    let text = clean::line(typed);
    if text.is_empty() {
        return Ok(text);
    }
    let targets = contents::targets(&text);
    let is_one = targets.len() == 1 && targets.iter().all(|target| media_path::split(&target.url).is_some());
    if is_one && text.starts_with(['!', '[']) && text.ends_with(')') && !text.contains('`') {
        return Ok(text);
    }
    Err("Choose one picture or file of the media library, for example ![A lantern](/media/lantern.jpg)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        let taken = [("-012", "-12"), ("+1.50", "1.5"), ("0", "0"), ("-0.0", "0"), ("00.5", "0.5"), ("", "")];
        for (typed, stored) in taken {
            assert_eq!(number(typed).as_deref(), Ok(stored), "{typed}");
        }
        for typed in ["1,5", "1.", ".5", "1e9", "second", "1 2", "--1", "1234567890123456", "0.1234567"] {
            assert!(number(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn addresses_lead_where_their_field_says() {
        assert!(url("https://example.org/a?b#c").is_ok() && url("mailto:a@example.org").is_ok() && url("").is_ok());
        for typed in ["javascript:alert(1)", "/a", "example.org", "https://", "data:text/html,x"] {
            assert!(url(typed).is_err(), "{typed}");
        }
        assert!(reference("/standards/part-1#scope").is_ok() && reference("/").is_ok());
        for typed in ["//example.org", "standards", "https://example.org", "/media/a.jpg", "/a b"] {
            assert!(reference(typed).is_err(), "{typed}");
        }
        assert!(media("![A lantern](/media/lantern.jpg)").is_ok() && media("[Price list](/media/prices.pdf)").is_ok());
        for typed in
            ["/media/lantern.jpg", "![x](https://example.org/x.jpg)", "![a](/media/a.jpg) ![b](/media/b.jpg)", "words"]
        {
            assert!(media(typed).is_err(), "{typed}");
        }
    }
}
