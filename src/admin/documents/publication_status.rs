//! The status of a document, in one plain sentence for the head of its edit screen: what visitors see now, and which
//! changes they do not see.

use serde::Serialize;

use super::menu_notice;
use crate::{
    error::Result,
    model::{
        document::{
            fields::names,
            kind::DocumentKind,
            record::Document,
            revision::{self, Revision},
        },
        publishing,
    },
    state::app_state::App,
    text::isolate::isolate,
};

#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct PublicationStatus {
    pub(crate) sentence: String,
    pub(crate) live: bool,
    /// Whether the newest version differs from the live one.
    pub(crate) changed: bool,
    /// The newest version; 0 before the first is saved.
    pub(crate) version: i64,
    pub(crate) live_version: Option<i64>,
    /// Whether publishing would change nothing, until something is typed.
    pub(crate) nothing_to_publish: bool,
    pub(crate) publish: String,
    /// The label after a change in the form, which makes one version more.
    pub(crate) publish_edited: String,
}

impl PublicationStatus {
    /// Of something that is not saved yet.
    #[must_use]
    pub(crate) fn new(kind: DocumentKind) -> Self {
        let noun = kind.noun();
        Self {
            sentence: format!("This {noun} is new. Visitors see nothing of it until you publish it."),
            publish: "Publish version 1".to_owned(),
            publish_edited: "Publish version 1".to_owned(),
            ..Self::default()
        }
    }

    #[must_use]
    pub(crate) fn of_trashed(kind: DocumentKind) -> Self {
        let sentence = format!("This {} is in the trash. Visitors do not see it.", kind.noun());
        Self { sentence, ..Self::default() }
    }

    /// Of a document whose newest version is `newest`.
    pub(crate) async fn of(app: &App, document: &Document, newest: &Revision) -> Result<Self> {
        if document.trashed_at.is_some() {
            return Ok(Self { version: newest.version, ..Self::of_trashed(document.kind) });
        }
        let next = revision::next_version(app.read(), newest.document_id).await?;
        let pending = document.published_revision_id != Some(newest.id);
        let live = match document.published_revision_id {
            Some(live) => revision::find(app.read(), live).await?,
            None => None,
        };
        Ok(Self {
            sentence: sentence(app, document, live.as_ref(), newest).await?,
            live_version: live.map(|live| live.version),
            nothing_to_publish: !pending,
            live: document.is_live(),
            changed: pending && document.is_live(),
            version: newest.version,
            publish: if pending { format!("Publish version {}", newest.version) } else { "Publish".to_owned() },
            publish_edited: format!("Publish version {next}"),
        })
    }
}

async fn sentence(app: &App, document: &Document, live: Option<&Revision>, newest: &Revision) -> Result<String> {
    let noun = document.kind.noun();
    let version = newest.version;
    let Some(live) = live else {
        let listed = menu_notice::announce_listing(app, document, newest).await?;
        return Ok(format!(
            "Visitors do not see this {noun}. Version {version}, saved by {}, waits to be published.{listed}",
            isolate(&newest.author_name)
        ));
    };
    let published = publishing::publications(app.read(), document.id, 1).await?;
    let since = published.first().map_or_else(String::new, |publication| {
        format!(
            ", published {} by {}",
            publication.published_at.relative(app.now()),
            isolate(&publication.publisher_name)
        )
    });
    if live.id == newest.id {
        return Ok(format!("Visitors see version {version}{since}."));
    }
    let (shown, waiting) = (live.content.to_input(), newest.content.to_input());
    let changes = app.rules.fields.of_either(document.kind, &shown, &waiting).compare(&shown, &waiting);
    let changes = if changes.is_empty() { "nothing but the note".to_owned() } else { names(&changes) };
    Ok(format!(
        "Visitors see version {}{since}. They do not see version {version}, saved by {}; it changes {changes}.",
        live.version,
        isolate(&newest.author_name)
    ))
}

#[cfg(test)]
crate::state::template_samples::sampled! {
    PublicationStatus { sentence, live, changed, version, live_version, nothing_to_publish, publish, publish_edited }
}
