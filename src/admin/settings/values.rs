//! The settings as the form has them: each a text, with its label.

use serde::{Deserialize, Serialize};

use crate::{
    admin::shared::merged_form::FormField,
    error::{Result, ValidationErrors},
    model::settings::Settings,
};

#[derive(Debug, Default, Clone, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Values {
    site_name: String,
    tagline: String,
    contact_address: String,
    footer: String,
    language: String,
    time_zone: String,
    retention_months: String,
}

impl Values {
    pub(super) fn of(settings: &Settings) -> Self {
        let settings = settings.clone();
        Self {
            site_name: settings.site_name,
            tagline: settings.tagline,
            contact_address: settings.contact_address,
            footer: settings.footer,
            language: settings.language,
            time_zone: settings.time_zone,
            retention_months: settings.retention_months.to_string(),
        }
    }

    /// The settings with these values; those of other forms are as in `stored`.
    pub(super) fn parse(&self, stored: &Settings) -> Result<Settings, ValidationErrors> {
        let settings = Settings { synonyms: stored.synonyms.clone(), ..self.to_settings() };
        settings.check()?;
        Ok(settings)
    }

    /// As they would be stored; a value that is not a number of months stays as it is.
    pub(super) fn clean(&self) -> Self {
        let months = self.retention_months.trim();
        let retention_months = months.parse::<i64>().map_or_else(|_| months.to_owned(), |months| months.to_string());
        Self { retention_months, ..Self::of(&self.to_settings()) }
    }

    fn to_settings(&self) -> Settings {
        Settings {
            site_name: self.site_name.clone(),
            tagline: self.tagline.clone(),
            contact_address: self.contact_address.clone(),
            footer: self.footer.clone(),
            language: self.language.clone(),
            time_zone: self.time_zone.clone(),
            // What is not a number counts as out of range.
            retention_months: self.retention_months.trim().parse().unwrap_or(0),
            ..Settings::default()
        }
        .clean()
    }

    /// These values beside those that are stored.
    pub(super) fn beside<'a>(&'a self, now: &'a Self) -> [FormField<'a>; 7] {
        let field = |name, label, typed, now| FormField { name, label, typed, now };
        [
            field("site_name", "Name of the site", &self.site_name, &now.site_name),
            field("tagline", "Tagline", &self.tagline, &now.tagline),
            field("contact_address", "Contact address", &self.contact_address, &now.contact_address),
            field("footer", "Footer", &self.footer, &now.footer),
            field("language", "Language", &self.language, &now.language),
            field("time_zone", "Time zone", &self.time_zone, &now.time_zone),
            field("retention_months", "Months that messages are kept", &self.retention_months, &now.retention_months),
        ]
    }

    /// Each field with what `value` gives for its name.
    pub(super) fn each<'a>(value: impl Fn(&str) -> &'a str) -> Self {
        let value = |name| value(name).to_owned();
        Self {
            site_name: value("site_name"),
            tagline: value("tagline"),
            contact_address: value("contact_address"),
            footer: value("footer"),
            language: value("language"),
            time_zone: value("time_zone"),
            retention_months: value("retention_months"),
        }
    }
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    Values { site_name, tagline, contact_address, footer, language, time_zone, retention_months }
}
