//! Samples for the test that renders every template: values of the real types of the views, with every field at random.
//! A view says with `sampled!` that it can be made. Only for tests; knows no view.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use crate::{
    error::{FieldError, TextPlace},
    model::policy::Action,
    search::{request::Fit, snippet::Piece},
    text::markdown::heading::Heading,
    web::form_errors::{FormErrors, SelectOption},
};

/// Where a sample gets its variety from; the same in every run.
pub(crate) type Random = fastrand::Rng;

/// Templates with the view that each is given.
pub(crate) type Samples = &'static [(&'static str, fn(&mut Random) -> Value)];

/// A type that can be made at random.
pub(crate) trait Sample {
    fn sample(random: &mut Random) -> Self;
}

/// `View { title, rows }`: every field is a sample of its type. A field that is forgotten does not compile.
macro_rules! sampled {
    ($($name:ident $(<$life:lifetime>)? { $($field:ident),* $(,)? })*) => {
        $(impl $crate::state::template_samples::Sample for $name $(<$life>)? {
            fn sample(random: &mut $crate::state::template_samples::Random) -> Self {
                Self { $($field: $crate::state::template_samples::Sample::sample(random)),* }
            }
        })*
    };
}
pub(crate) use sampled;

/// A view as a template is given it.
pub(crate) fn view<V: Sample + Serialize>(random: &mut Random) -> Value {
    serde_json::to_value(V::sample(random)).unwrap()
}

/// Every value that a template asks for, some texts, and what could break out.
const WORDS: [&str; 37] = [
    "active",
    "added",
    "administrator",
    "any_word",
    "choice",
    "date",
    "deactivated",
    "desktop",
    "editor",
    "file",
    "he",
    "inbox",
    "invited",
    "markdown",
    "mine",
    "no",
    "note",
    "number",
    "phone",
    "picture",
    "reference",
    "removed",
    "rows",
    "same",
    "similar",
    "slug",
    "text",
    "theirs",
    "type",
    "uncertain",
    "url",
    "yes",
    "yes_no",
    "yours",
    "/standards?a=1&b=2",
    "Release management",
    "<b>\"O’Neill\" & Söhne</b>",
];

/// Names of fields that errors are about; an error without one is about the whole form.
const FIELDS: [&str; 37] = [
    "",
    "body",
    "code",
    "confirm_password",
    "consent",
    "contact_address",
    "count",
    "country",
    "current_password",
    "email",
    "events",
    "files",
    "focus",
    "footer",
    "for_administrators",
    "for_editors",
    "head",
    "keep_",
    "keep_text",
    "labels",
    "language",
    "name",
    "note",
    "parent",
    "password",
    "retention_count",
    "retention_months",
    "role",
    "site_name",
    "slug",
    "tagline",
    "template",
    "text",
    "time_zone",
    "title",
    "to",
    "topic",
];

impl Sample for &'static str {
    fn sample(random: &mut Random) -> Self {
        if random.u8(..4) == 0 { "" } else { WORDS[random.usize(..WORDS.len())] }
    }
}

impl Sample for String {
    fn sample(random: &mut Random) -> Self {
        <&str>::sample(random).to_owned()
    }
}

impl Sample for bool {
    fn sample(random: &mut Random) -> Self {
        random.bool()
    }
}

macro_rules! numbers {
    ($($number:ident)*) => {
        $(impl Sample for $number {
            fn sample(random: &mut Random) -> Self {
                random.$number(0..4)
            }
        })*
    };
}
numbers! { i64 u8 u16 usize }

impl<T: Sample> Sample for Option<T> {
    fn sample(random: &mut Random) -> Self {
        random.bool().then(|| T::sample(random))
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn sample(random: &mut Random) -> Self {
        // Fewer than one on average: some types hold lists of themselves.
        let length = [0, 0, 0, 0, 0, 1, 1, 2, 3][random.usize(..9)];
        (0..length).map(|_| T::sample(random)).collect()
    }
}

impl<K: Sample + Ord, V: Sample> Sample for BTreeMap<K, V> {
    fn sample(random: &mut Random) -> Self {
        Vec::<(K, V)>::sample(random).into_iter().collect()
    }
}

impl<A: Sample, B: Sample> Sample for (A, B) {
    fn sample(random: &mut Random) -> Self {
        (A::sample(random), B::sample(random))
    }
}

impl<A: Sample, B: Sample, C: Sample> Sample for (A, B, C) {
    fn sample(random: &mut Random) -> Self {
        (A::sample(random), B::sample(random), C::sample(random))
    }
}

impl<T: Sample> Sample for &'static T {
    fn sample(random: &mut Random) -> Self {
        Box::leak(Box::new(T::sample(random)))
    }
}

impl Sample for TimeZone {
    fn sample(_: &mut Random) -> Self {
        Self::UTC
    }
}

impl Sample for Action {
    fn sample(_: &mut Random) -> Self {
        Self::Publish
    }
}

impl Sample for Fit {
    fn sample(random: &mut Random) -> Self {
        [Self::Words, Self::AnyWord, Self::Similar][random.usize(..3)]
    }
}

impl Sample for FormErrors {
    fn sample(random: &mut Random) -> Self {
        let mut errors = Self::default();
        if random.bool() {
            return errors;
        }
        for field in FIELDS {
            if random.bool() {
                continue;
            }
            let error = FieldError {
                field: field.to_owned(),
                message: "Enter <something> here.".to_owned(),
                place: Sample::sample(random),
            };
            errors.fields.insert(error.field.clone(), error.message.clone());
            errors.list.push(error);
        }
        errors
    }
}

sampled! {
    Heading { level, id, text }
    Piece { text, hit }
    SelectOption { value, label }
    TextPlace { line, start, end }
}
