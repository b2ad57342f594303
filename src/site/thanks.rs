//! The thanks for a message: its reference, the day of the answer, and what was sent. That is shown only to the browser that sent
//! it, which gets a proof in the address, and for an hour.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use crate::{
    clock::{HOUR, long_date},
    error::Result,
    model::{
        document::{content::Content, keys},
        message::{
            record::{self, Message},
            sent_proof, topic,
        },
    },
    render::contact_view::{SentMessage, SentText},
    state::app_state::App,
    text::email,
};

/// Longest reference that is looked up, in bytes.
const REFERENCE_MAX: usize = 20;
/// How long what was sent is shown.
const SHOWN: i64 = HOUR;
/// More working days are no answer.
const DAYS_MAX: i64 = 100;

/// The query of the address to which a browser is sent that sent the message with this reference.
pub(super) fn query(app: &App, reference: &str) -> String {
    format!("sent={reference}&proof={}", sent_proof::issue(&app.signing_key, reference))
}

/// None when there is no such message.
pub(super) async fn of(app: &App, content: &Content, (reference, proof): (&str, &str)) -> Result<Option<SentMessage>> {
    if reference.is_empty() || reference.len() > REFERENCE_MAX {
        return Ok(None);
    }
    let Some(message) = record::with_reference(app.read(), reference).await? else { return Ok(None) };
    let zone = app.nav_cache.site_context(app.read()).await?.zone.clone();
    let days = content.value(keys::ANSWER_DAYS).parse::<i64>().ok().filter(|days| (1..=DAYS_MAX).contains(days));
    let answer = days.map(|days| working_days_after(message.received_at.date(&zone), days));
    let is_sender = sent_proof::is_valid(&app.signing_key, reference, proof);
    let age = app.now().0.saturating_sub(message.received_at.0);
    Ok(Some(SentMessage {
        reference: reference.to_owned(),
        answer_by: answer.map(|day| format!("{}, {}", day.strftime("%A"), long_date(day))).unwrap_or_default(),
        answer_by_iso: answer.map(|day| day.to_string()).unwrap_or_default(),
        text: (is_sender && age < SHOWN).then(|| text(message)),
    }))
}

fn text(message: Message) -> SentText {
    SentText {
        topic: topic::label(&message.topic).to_owned(),
        email: email::display(&message.email),
        body: message.body,
    }
}

/// Monday to Friday; no country's holidays are known.
fn working_days_after(day: Date, days: i64) -> Date {
    let is_working = |day: Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let (mut at, mut left) = (day, days);
    while left > 0 {
        at = at.saturating_add(1.day());
        left -= i64::from(is_working(at));
    }
    at
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn weekends_are_no_working_days() {
        for (day, answer) in [(23, 30), (27, 4), (28, 4), (29, 4), (30, 7)] {
            let expected = date(2026, if answer > 20 { 11 } else { 12 }, answer);
            assert_eq!(working_days_after(date(2026, 11, day), 5), expected, "{day} November");
        }
    }
}
