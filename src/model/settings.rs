//! The settings of the site that administrators change in the admin area. What a maintainer sets is in `config`.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    audit_log::AuditEntry,
    message::retention::{self, DueMessages},
    write::Write,
};
use crate::{
    clock::zone,
    db::conn::Conn,
    error::{Result, ValidationErrors},
    text::{clean, email, excerpt, language, limit},
};

/// How much of a value an audit entry shows, in characters.
const SHOWN: usize = 80;

/// All settings, as typed; also the fields of `site.toml` in an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Name of the site, 1 to 100 characters.
    pub site_name: String,
    /// A line below the name, up to 200 characters.
    pub tagline: String,
    /// Where visitors may write by e-mail; may be empty.
    pub contact_address: String,
    /// Markdown at the foot of every page, up to 2,000 characters.
    pub footer: String,
    /// BCP 47 tag of the language that the site is written in; `en-GB` when nothing is typed.
    pub language: String,
    /// Name in the IANA time zone database; all times in the admin area and on the site are shown in it.
    pub time_zone: String,
    /// After how many months messages are deleted, 1 to 120.
    pub retention_months: i64,
    /// Words and abbreviations that mean the same in a search: a group on each line, separated by commas; up to 20,000
    /// characters.
    pub synonyms: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            site_name: "A new portal".to_owned(),
            tagline: String::new(),
            contact_address: String::new(),
            footer: String::new(),
            language: "en-GB".to_owned(),
            time_zone: "UTC".to_owned(),
            retention_months: 24,
            synonyms: String::new(),
        }
    }
}

/// Names and values as they are stored, those of other parts of the program too.
pub(super) async fn all(db: &Conn) -> Result<Vec<(String, String)>> {
    Ok(db.all("select name, value from setting", ()).await?)
}

/// Stores one value.
pub(super) async fn put(write: &Write, name: &str, value: &str) -> Result<()> {
    write
        .execute(
            "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
            (name, value),
        )
        .await?;
    Ok(())
}

impl Settings {
    /// Reads them; what was never set has its default.
    pub async fn load(db: &Conn) -> Result<Self> {
        let mut settings = Self::default();
        for (name, value) in all(db).await? {
            match name.as_str() {
                "site_name" => settings.site_name = value,
                "tagline" => settings.tagline = value,
                "contact_address" => settings.contact_address = value,
                "footer" => settings.footer = value,
                "language" => settings.language = value,
                "time_zone" => settings.time_zone = value,
                "synonyms" => settings.synonyms = value,
                "retention_months" => settings.retention_months = value.parse().unwrap_or(settings.retention_months),
                _ => {}
            }
        }
        Ok(settings)
    }

    /// The time zone, UTC when its name is unknown on this machine.
    #[must_use]
    pub(crate) fn zone(&self) -> TimeZone {
        zone::find(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// The same as they are stored: cleaned, the language spelled as usual.
    #[must_use]
    pub(crate) fn clean(self) -> Self {
        Self {
            site_name: clean::line(&self.site_name),
            tagline: clean::line(&self.tagline),
            contact_address: clean::line(&self.contact_address),
            footer: clean::lines(&self.footer),
            language: match self.language.trim() {
                "" => Self::default().language,
                typed => language::parse(typed).unwrap_or_else(|| clean::line(typed)),
            },
            time_zone: clean::line(&self.time_zone),
            retention_months: self.retention_months,
            synonyms: clean::lines(&self.synonyms),
        }
    }

    /// Whether they can be saved as they are.
    /// Errors: one sentence for each field that cannot.
    pub fn check(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::default();
        let mut length = |field: &str, value: &str, what: &str, min: usize, max: usize| {
            if value.chars().count() < min {
                errors.add(field, format!("Enter {what}"));
            }
            errors.take(field, limit::characters(value, what, max));
        };
        length("site_name", &self.site_name, "the name of the site", 1, 100);
        length("tagline", &self.tagline, "the tagline", 0, 200);
        length("footer", &self.footer, "the footer", 0, 2000);
        length("synonyms", &self.synonyms, "the synonyms", 0, 20_000);
        if !self.contact_address.is_empty() && email::parse(&self.contact_address, 254).is_none() {
            errors.add("contact_address", "Enter an e-mail address in the form name@example.org, or leave it empty");
        }
        if language::parse(&self.language).is_none() {
            errors.add("language", "Enter a language by its tag, for example en-GB, de or he");
        }
        if zone::find(&self.time_zone).is_none() {
            errors.add("time_zone", "Enter a time zone by its name, for example UTC or Europe/Berlin");
        }
        if !(1..=120).contains(&self.retention_months) {
            errors.add("retention_months", "Enter a number of months from 1 to 120");
        }
        errors.finish(|| ())
    }

    /// The messages that these settings would delete and the present ones keep.
    pub(crate) async fn would_delete(&self, write: &Write) -> Result<DueMessages> {
        let shorter = self.retention_months < Self::load(write).await?.retention_months;
        match retention::limit(write.now, self.retention_months, &self.zone()) {
            Some(limit) if shorter => retention::due(write, limit).await,
            _ => Ok(DueMessages::default()),
        }
    }

    pub async fn save(&self, write: &Write) -> Result<()> {
        let clean = self.clone().clean();
        clean.check()?;
        let before = Self::load(write).await?;
        let mut changed = Vec::new();
        for ((name, words, value), (.., old)) in clean.values().into_iter().zip(before.values()) {
            if value != old {
                changed.push(change(words, &old, &value));
            }
            put(write, name, &value).await?;
        }
        if self.retention_months != before.retention_months {
            retention::apply_new_months(write, self.retention_months < before.retention_months).await?;
        }
        if !changed.is_empty() {
            write.record(AuditEntry::new("settings.change", "settings", None, "Settings").detail(changed.join("; ")));
            write.touch_public();
        }
        Ok(())
    }

    /// What the audit log calls the settings that are not the same in `other`.
    pub(super) fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = self.values().into_iter().zip(other.values());
        pairs.filter(|((.., value), (.., known))| value != known).map(|((_, words, _), _)| words).collect()
    }

    /// Each with its name, what it is called in the audit log, and its value.
    fn values(&self) -> [(&'static str, &'static str, String); 8] {
        [
            ("site_name", "name of the site", self.site_name.clone()),
            ("tagline", "tagline", self.tagline.clone()),
            ("contact_address", "contact address", self.contact_address.clone()),
            ("footer", "footer", self.footer.clone()),
            ("language", "language", self.language.clone()),
            ("time_zone", "time zone", self.time_zone.clone()),
            ("retention_months", "months that messages are kept", self.retention_months.to_string()),
            ("synonyms", "synonyms", self.synonyms.clone()),
        ]
    }
}

/// Whether the detail of an audit entry says that the setting with this name was changed.
#[must_use]
pub(crate) fn names(detail: &str, name: &str) -> bool {
    let settings = Settings::default().values();
    let words = settings.iter().find(|(known, ..)| *known == name).map(|(_, words, _)| format!("{words} from "));
    words.is_some_and(|words| detail.split("; ").any(|part| part.starts_with(&words)))
}

/// `tagline from “Old” to “New”`, for the audit log.
fn change(words: &str, old: &str, new: &str) -> String {
    let (old_part, new_part) = excerpt::change(old, new, SHOWN);
    let quoted = |part: String| if part.is_empty() { "nothing".to_owned() } else { format!("“{part}”") };
    format!("{words} from {} to {}", quoted(old_part), quoted(new_part))
}

/// The site version: grows with each committed change of anything public.
pub async fn site_version(db: &Conn) -> Result<i64> {
    Ok(db.value("select version from site where id = 1", ()).await?)
}
