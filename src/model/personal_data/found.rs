//! What is kept about one e-mail address, by kind: what erasing takes away, and what stays.

use super::{
    account::AccountData,
    drafts::{self, OwnDraft},
    text_place::{self, CHANGED, FoundText, KEPT, RECIPIENTS, TextKind},
};
use crate::{
    crypto,
    db::conn::Conn,
    error::Result,
    model::document::kind::DocumentKind,
    text::{count::pluralise, wanted_address::WantedAddress},
};

/// A message that came from the address.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct OwnMessage {
    pub(crate) id: i64,
    pub(crate) version: i64,
    pub(crate) reference: String,
    pub(crate) notes: i64,
    pub(crate) mails: i64,
}

/// What erasing takes away.
#[derive(Debug, Clone)]
pub(crate) struct PersonalData {
    pub(crate) messages: Vec<OwnMessage>,
    /// E-mails to the address, but answers to those messages.
    pub(crate) mails: Vec<FoundText>,
    /// Links, by their hashes, with which a user may make it theirs.
    pub(crate) links: Vec<(String,)>,
    /// Filters of lists that users saved.
    pub(crate) views: Vec<i64>,
    pub(crate) account: Option<AccountData>,
    /// Texts of others that name it.
    pub(crate) texts: Vec<FoundText>,
    /// The same of what they did not save, but not of the account itself.
    pub(crate) drafts: Vec<OwnDraft>,
}

pub(crate) async fn find(db: &Conn, wanted: &WantedAddress) -> Result<PersonalData> {
    let messages = "select m.id, m.version, m.reference, \
                    (select count(*) from message_note n where n.message_id = m.id) as notes, \
                    (select count(*) from mail e where e.message_id = m.id) as mails \
                    from message m where m.sender = $1 order by m.id";
    let mut texts = Vec::new();
    for place in &CHANGED {
        texts.extend(text_place::look_through(db, place, wanted).await?);
    }
    let mails = text_place::look_through(db, &RECIPIENTS, wanted).await?;
    let links = "select token_hash from address_link where email = $1 order by token_hash";
    texts.retain(|text| text.kind != TextKind::Email || mails.iter().all(|mail| mail.id != text.id));
    let account = AccountData::find(db, wanted).await?;
    let mut drafts = drafts::find(db, wanted).await?;
    drafts.retain(|draft| account.as_ref().is_none_or(|account| account.user.id != draft.user_id));
    Ok(PersonalData {
        messages: db.all(messages, (wanted.normal(),)).await?,
        mails,
        links: db.all(links, (wanted.normal(),)).await?,
        views: views(db, wanted).await?,
        account,
        texts,
        drafts,
    })
}

/// The saved filters that ask for the address.
async fn views(db: &Conn, wanted: &WantedAddress) -> Result<Vec<i64>> {
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let sql = "select id, name || '&' || query from saved_view where id > $1 order by id limit $2";
        let rows: Vec<(i64, String)> = db.all(sql, (after, 500)).await?;
        let Some((last, _)) = rows.last() else { return Ok(found) };
        after = *last;
        found.extend(rows.into_iter().filter(|(_, query)| wanted.is_in_query(query)).map(|(id, _)| id));
    }
}

impl PersonalData {
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.account.is_none()
            && self.messages.is_empty()
            && self.mails.is_empty()
            && self.links.is_empty()
            && self.views.is_empty()
            && self.texts.is_empty()
            && self.drafts.is_empty()
    }

    /// The same for the same finds: what was found later, or has changed, makes another one.
    #[must_use]
    pub(crate) fn fingerprint(&self) -> String {
        let messages = self.messages.iter().map(|message| format!("message {} {}", message.id, message.version));
        let mails = self.mails.iter().map(|mail| format!("mail {}", mail.id));
        let links = self.links.iter().map(|(hash,)| format!("link {hash}"));
        let views = self.views.iter().map(|id| format!("view {id}"));
        let account = self.account.iter().map(|account| format!("account {}", account.user.id));
        let texts = self.texts.iter().map(|text| format!("{} {} {}", text.update, text.id, text.content));
        let drafts = self.drafts.iter().map(OwnDraft::fingerprint);
        let texts = texts.chain(drafts);
        crypto::hash(
            &messages.chain(mails).chain(links).chain(views).chain(account).chain(texts).collect::<Vec<_>>().join("\n"),
        )
    }

    /// `2 messages, 1 account`; names nobody.
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        let counts = [
            (self.messages.len(), "message", "messages"),
            (self.mails.len(), "e-mail", "e-mails"),
            (self.links.len(), "link that confirms it", "links that confirm it"),
            (usize::from(self.account.is_some()), "account", "accounts"),
            (self.views.len(), "saved filter", "saved filters"),
            (self.drafts.len(), "draft that names it", "drafts that name it"),
            (self.texts.len(), "text that names it", "texts that name it"),
        ];
        let parts = counts.into_iter().filter(|(count, ..)| *count > 0);
        let parts: Vec<_> = parts.map(|(count, one, many)| pluralise(count, one, many)).collect();
        if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
    }
}

/// What names the address and stays.
#[derive(Debug, Clone)]
pub(crate) struct KeptTexts {
    /// Each document once, with how many of its versions and publications name it.
    pub(crate) documents: Vec<(NamedDocument, usize)>,
    /// Whether the settings name it.
    pub(crate) settings: bool,
    pub(crate) others: Vec<FoundText>,
}

impl KeptTexts {
    /// `2 pages or questions, 1 other text`.
    #[must_use]
    pub(crate) fn sentence(&self) -> String {
        let others = self.others.len() + usize::from(self.settings);
        format!(
            "{}, {} that name it",
            pluralise(self.documents.len(), "page or question", "pages or questions"),
            pluralise(others, "other text", "other texts")
        )
    }
}

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct NamedDocument {
    pub(crate) id: i64,
    pub(crate) kind: DocumentKind,
    pub(crate) title: String,
}

pub(crate) async fn find_kept(db: &Conn, wanted: &WantedAddress) -> Result<KeptTexts> {
    let mut others = Vec::new();
    let mut versions = std::collections::BTreeMap::<i64, usize>::new();
    for place in &KEPT {
        for text in text_place::look_through(db, place, wanted).await? {
            match text.kind {
                TextKind::Document => *versions.entry(text.about).or_default() += 1,
                _ => others.push(text),
            }
        }
    }
    let mut documents = Vec::new();
    for (id, count) in versions {
        let sql = "select d.id, d.kind, r.title from document d join revision r on r.id = d.latest_revision_id where d.id = $1";
        documents.extend(db.optional::<NamedDocument>(sql, (id,)).await?.map(|document| (document, count)));
    }
    let settings: Vec<(String,)> = db.all("select value from setting", ()).await?;
    let settings = settings.iter().any(|(value,)| wanted.is_in(value));
    Ok(KeptTexts { documents, settings, others })
}
