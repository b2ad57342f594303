//! What an address of the inbox asks for: folder, search, assignment, page. The screens of one message carry it along,
//! so that the way back leads to the same list.

use serde::Deserialize;

use crate::{
    admin::shared::admin_context::AdminContext,
    model::{
        cursor::Cursor,
        message::inbox::{AssignedTo, MessageFilter, MessageFolder},
    },
    render::pagination::CursorQuery,
    text::{clean, email, limit},
};

/// Longest search, in characters.
const SEARCH_MAX: usize = 200;

/// What an address of the inbox asks for; one that makes no sense asks for nothing.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct MessagesQuery {
    folder: String,
    q: String,
    /// `me`, `nobody`, or empty for anyone.
    assigned: String,
    /// The address that they came from; empty for any.
    email: String,
    before: String,
    after: String,
}

impl MessagesQuery {
    #[must_use]
    pub(crate) fn folder(&self) -> MessageFolder {
        MessageFolder::parse(&self.folder)
    }

    /// The filter it describes for the user in the admin area.
    #[must_use]
    pub(crate) fn filter(&self, admin: &AdminContext) -> MessageFilter {
        let assigned_to = match self.assigned() {
            "me" => AssignedTo::User(admin.user.id),
            "nobody" => AssignedTo::Nobody,
            _ => AssignedTo::Anyone,
        };
        MessageFilter { folder: self.folder(), text: self.search(), assigned_to, email: self.email() }
    }

    /// What is looked for.
    pub(crate) fn search(&self) -> String {
        self.search_text().chars().take(SEARCH_MAX).collect()
    }

    /// All that was typed to be looked for.
    pub(crate) fn search_text(&self) -> String {
        clean::line(&self.q)
    }

    /// How many characters of the search count; 0 when all do.
    #[must_use]
    pub(crate) fn only(&self) -> usize {
        limit::cut_at(&self.search_text(), SEARCH_MAX)
    }

    /// Whose messages are asked for; empty for anyone's.
    pub(crate) fn assigned(&self) -> &'static str {
        ["me", "nobody"].into_iter().find(|known| *known == self.assigned).unwrap_or_default()
    }

    /// The address that is asked for, in its normal form; empty for any.
    pub(crate) fn email(&self) -> String {
        let email: String = clean::line(&self.email).chars().take(SEARCH_MAX).collect();
        email::normal(&email)
    }

    /// Everything that came from an address, in its normal form.
    #[must_use]
    pub(crate) fn from_address(email: &str) -> String {
        query_string(&[("folder", MessageFolder::All.as_str().to_owned()), ("email", email.to_owned())])
    }

    pub(crate) fn cursor(&self) -> Option<Cursor> {
        CursorQuery { before: self.before.clone(), after: self.after.clone() }.read()
    }

    /// What stays in the address of the list from page to page.
    pub(crate) fn pairs(&self) -> [(&'static str, String); 4] {
        self.pairs_in(self.folder(), &self.search())
    }

    fn pairs_in(&self, folder: MessageFolder, text: &str) -> [(&'static str, String); 4] {
        let folder = if folder == MessageFolder::default() { "" } else { folder.as_str() };
        [
            ("folder", folder.to_owned()),
            ("q", text.to_owned()),
            ("assigned", self.assigned().to_owned()),
            ("email", self.email()),
        ]
    }

    /// The same address, page and all.
    pub(crate) fn with_cursor(&self) -> String {
        let [folder, text, assigned, email] = self.pairs();
        let (before, after) = match self.cursor() {
            None => (String::new(), String::new()),
            Some(Cursor::Before(id)) => (id.to_string(), String::new()),
            Some(Cursor::After(id)) => (String::new(), id.to_string()),
        };
        query_string(&[folder, text, assigned, email, ("before", before), ("after", after)])
    }

    /// The query string that keeps folder, search and assignment, with its question mark; may be empty.
    #[must_use]
    pub(crate) fn query(&self) -> String {
        query_string(&self.pairs())
    }

    /// The same in another folder.
    pub(crate) fn query_in(&self, folder: MessageFolder) -> String {
        query_string(&self.pairs_in(folder, &self.search()))
    }
}

/// The pairs that have a value, with a question mark; empty when there are none.
fn query_string(pairs: &[(&str, String)]) -> String {
    let pairs: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_html_form::to_string(pairs).unwrap_or_default();
    if query.is_empty() { query } else { format!("?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_its_own_string() {
        let list_query = MessagesQuery {
            folder: "spam".to_owned(),
            q: " a&b=c \0 ".to_owned(),
            assigned: "me".to_owned(),
            ..MessagesQuery::default()
        };
        assert_eq!(list_query.query(), "?folder=spam&q=a%26b%3Dc&assigned=me");
        let again: MessagesQuery = serde_html_form::from_str(list_query.query().trim_start_matches('?')).unwrap();
        assert_eq!(again.query(), list_query.query());
        let odd = MessagesQuery {
            folder: "x".to_owned(),
            before: "y".to_owned(),
            assigned: "z".to_owned(),
            ..MessagesQuery::default()
        };
        assert_eq!((odd.query(), odd.cursor()), (String::new(), None));
    }
}
