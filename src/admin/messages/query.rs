//! What an address of the inbox asks for: folder, search, assignment, page. The screens of one message carry it along,
//! so that one comes back to the list one left.

use serde::Deserialize;

use crate::{
    admin::shared::admin_context::AdminContext,
    model::message::inbox::{InboxPage, MessageFilter, MessageFolder},
    text::clean,
};

/// Longest search, in characters.
const SEARCH_MAX: usize = 100;

/// What an address of the inbox asks for; one that makes no sense asks for nothing.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct MessagesQuery {
    folder: String,
    q: String,
    mine: String,
    before: String,
    after: String,
}

impl MessagesQuery {
    /// The folder.
    #[must_use]
    pub fn folder(&self) -> MessageFolder {
        MessageFolder::parse(&self.folder)
    }

    /// The filter it describes for the user in the admin area.
    #[must_use]
    pub fn filter(&self, admin: &AdminContext) -> MessageFilter {
        MessageFilter { folder: self.folder(), text: self.text(), assignee: self.is_mine().then_some(admin.user.id) }
    }

    pub(crate) fn text(&self) -> String {
        clean::line(&self.q).chars().take(SEARCH_MAX).collect()
    }

    pub(crate) fn is_mine(&self) -> bool {
        self.mine == "yes"
    }

    pub(crate) fn page(&self) -> InboxPage {
        match (self.before.parse(), self.after.parse()) {
            (Ok(id), _) => InboxPage::Before(id),
            (_, Ok(id)) => InboxPage::After(id),
            _ => InboxPage::First,
        }
    }

    /// The part of an address that keeps folder, search and assignment: empty, or with its question mark.
    #[must_use]
    pub fn query(&self) -> String {
        self.query_in(self.folder(), &self.text(), InboxPage::First)
    }

    pub(crate) fn query_in(&self, folder: MessageFolder, text: &str, page: InboxPage) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if folder != MessageFolder::default() {
            pairs.push(("folder", folder.as_str().to_owned()));
        }
        if !text.is_empty() {
            pairs.push(("q", text.to_owned()));
        }
        if self.is_mine() {
            pairs.push(("mine", "yes".to_owned()));
        }
        match page {
            InboxPage::First => {}
            InboxPage::Before(id) => pairs.push(("before", id.to_string())),
            InboxPage::After(id) => pairs.push(("after", id.to_string())),
        }
        let query = serde_html_form::to_string(pairs).unwrap_or_default();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_its_own_string() {
        let list_query = MessagesQuery {
            folder: "spam".to_owned(),
            q: " a&b=c \0 ".to_owned(),
            mine: "yes".to_owned(),
            ..MessagesQuery::default()
        };
        assert_eq!(list_query.query(), "?folder=spam&q=a%26b%3Dc&mine=yes");
        let again: MessagesQuery = serde_html_form::from_str(list_query.query().trim_start_matches('?')).unwrap();
        assert_eq!(again.query(), list_query.query());
        let odd = MessagesQuery {
            folder: "x".to_owned(),
            before: "y".to_owned(),
            mine: "z".to_owned(),
            ..MessagesQuery::default()
        };
        assert_eq!((odd.query(), odd.page()), (String::new(), InboxPage::First));
    }
}
