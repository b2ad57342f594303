//! What every e-mail to a user has: the words around what it says, links, and the way to get no more of them.

use axum_extra::routing::TypedPath;
use serde::Serialize;

use crate::{
    admin::{
        paths::{AccountMailPath, UnsubscribePath},
        shared::unsubscribe_token,
    },
    model::{
        mail::{notices::NoticeTopic, outbox::QueuedMail},
        policy::Action,
        settings::Settings,
        user::User,
    },
    state::app_state::App,
};

pub(super) enum WrittenMail {
    Ready(Box<MailNotice>),
    /// Its recipient may not have it any more, or does not need it.
    Obsolete,
    /// It could not be sent in time; the sentence says so.
    Late(&'static str),
}

pub(super) struct MailNotice {
    /// Behind the name of the site.
    pub(super) subject: String,
    pub(super) view: NoticeView,
    /// The newest message that it is about; 0: none.
    pub(super) told_message: i64,
}

/// For `templates/mail/`.
#[derive(Debug, Serialize)]
pub(super) struct NoticeView {
    pub(super) site_name: String,
    pub(super) name: String,
    pub(super) sentence: String,
    /// What it is about, with where each is; may be empty.
    pub(super) items: Vec<NoticeLink>,
    /// How many more there are than are listed; empty: none.
    pub(super) more: String,
    /// Where the user goes on; none: nowhere.
    pub(super) link: Option<NoticeLink>,
    /// Said below the link; may be empty.
    pub(super) note: &'static str,
    /// Where the user chooses which e-mails they get; empty when this is none of those.
    pub(super) choice: String,
    /// Where they get no more of these, without signing in; empty likewise.
    pub(super) unsubscribe: String,
}

#[derive(Debug, Serialize)]
pub(super) struct NoticeLink {
    label: String,
    url: String,
}

pub(super) struct MailWriter<'a> {
    pub(super) app: &'a App,
    pub(super) mail: &'a QueuedMail,
    pub(super) user: &'a User,
    pub(super) settings: &'a Settings,
}

impl MailWriter<'_> {
    /// To a path of this site, whose address only the configuration says.
    pub(super) fn link(&self, label: impl Into<String>, path: impl std::fmt::Display) -> NoticeLink {
        NoticeLink { label: label.into(), url: format!("{}{path}", self.app.config.origin()) }
    }

    pub(super) fn may(&self, action: Action) -> bool {
        (self.app.policy)(self.user.role, action)
    }

    /// One that the user cannot choose to get or not.
    pub(super) fn notice(&self, subject: impl Into<String>, sentence: String, link: Option<NoticeLink>) -> MailNotice {
        let view = NoticeView {
            site_name: self.settings.site_name.clone(),
            name: self.user.name.clone(),
            sentence,
            items: Vec::new(),
            more: String::new(),
            link,
            note: "",
            choice: String::new(),
            unsubscribe: String::new(),
        };
        MailNotice { subject: subject.into(), view, told_message: 0 }
    }

    /// Adds the ways to get no more of what this is about.
    pub(super) fn add_choice(&self, notice: &mut MailNotice, topic: NoticeTopic) {
        let token = unsubscribe_token::make(&self.app.signing_key, self.user.id, topic);
        notice.view.choice = self.link("", AccountMailPath::PATH).url;
        notice.view.unsubscribe = self.link("", UnsubscribePath { token }).url;
    }
}

#[cfg(test)]
pub(super) const SAMPLES: crate::state::template_samples::Samples = &[
    ("mail/notice.txt", crate::state::template_samples::view::<NoticeView>),
    ("mail/notice.html", crate::state::template_samples::view::<NoticeView>),
];

#[cfg(test)]
crate::state::template_samples::sampled! {
    NoticeView { site_name, name, sentence, items, more, link, note, choice, unsubscribe }
    NoticeLink { label, url }
}
