//! From the database to documents of the index: reads what changed, as it is now. Knows nothing of files.

use std::{borrow::Cow, collections::HashMap};

use super::{
    batch::Batch,
    index_document::{IndexedDocument, ResultKind, Visibility},
};
use crate::{
    db::conn::Conn,
    error::Result,
    model::{
        document::{
            choices::Layout,
            field::SearchWeight,
            field_table::BODY_MAX,
            fields::{DocumentFields, FieldTable},
            keys,
            kind::DocumentKind,
            revision::Revision,
        },
        faq::{
            self,
            collection::{self, Collection},
            searchable::SearchableItem,
        },
        message::topic,
        page::{
            self,
            public::{self, LivePage},
        },
        searchable::{self, SearchableMessage},
    },
    text::{
        email,
        markdown::{self, contents},
    },
    work,
};

/// A page that shows items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemPage {
    path: String,
    label: String,
    layout: Layout,
}

/// The live pages that show items, by id.
pub(crate) type ItemPages = HashMap<i64, ItemPage>;

pub(crate) async fn item_pages(db: &Conn) -> Result<ItemPages> {
    let live = collection::all(db).await?.into_iter().filter(|page| page.live);
    let entry = |page: Collection| {
        let label = page.label().to_owned();
        (page.id, ItemPage { path: page.path, label, layout: page.layout })
    };
    Ok(live.map(entry).collect())
}

/// Reads documents, remembering what is above them.
pub(crate) struct Collector<'a> {
    db: &'a Conn,
    table: &'a FieldTable,
    pages: ItemPages,
    above: HashMap<i64, AncestorText>,
    pub(crate) batch: Batch,
}

#[derive(Clone, Default)]
struct AncestorText {
    trail: Vec<String>,
    outline: bool,
}

impl<'a> Collector<'a> {
    /// Reads from `db` documents with the fields of `table`; items are shown on `pages`.
    #[must_use]
    pub(crate) fn new(db: &'a Conn, table: &'a FieldTable, pages: ItemPages) -> Self {
        Self { db, table, pages, above: HashMap::new(), batch: Batch::default() }
    }

    /// Takes up a document as it is now, live version and draft. Gives the live page's new look.
    pub(crate) async fn document(&mut self, id: i64, kind: DocumentKind) -> Result<Option<IndexedDocument>> {
        let (live, draft) = match kind {
            DocumentKind::Page => {
                let live = match public::find(self.db, id).await? {
                    Some(page) => Some(self.page(page, Visibility::Public).await?),
                    None => None,
                };
                let draft = match page::searchable::draft(self.db, id).await? {
                    Some(page) => Some(self.page(page, Visibility::Draft).await?),
                    None => None,
                };
                (live, draft)
            }
            DocumentKind::FaqItem => {
                let live = faq::searchable::live(self.db, id).await?;
                let draft = faq::searchable::draft(self.db, id).await?;
                (
                    // Without a page that shows it, an item is not public, whatever it is called.
                    live.filter(|item| self.pages.contains_key(&item.place_page))
                        .map(|item| self.item(item, Visibility::Public)),
                    draft.map(|item| self.item(item, Visibility::Draft)),
                )
            }
        };
        self.batch.put_document(id, live.clone().into_iter().chain(draft).collect());
        Ok(live)
    }

    /// Takes up a message as it is now.
    pub(crate) async fn message(&mut self, id: i64) -> Result<()> {
        self.batch.put_message(id, None);
        if let Some(message) = searchable::message(self.db, id).await? {
            self.put_message(message);
        }
        Ok(())
    }

    /// Takes up all messages, and forgets those that are gone.
    pub(crate) async fn all_messages(&mut self) -> Result<()> {
        self.batch.forget_messages();
        let mut last = 0;
        loop {
            let messages = searchable::messages(self.db, last, 500).await?;
            let Some(end) = messages.last() else { return Ok(()) };
            last = end.id;
            for message in messages {
                self.put_message(message);
            }
        }
    }

    pub(crate) fn put_message(&mut self, message: SearchableMessage) {
        let topic = topic::label(&message.topic).to_owned();
        let text =
            [message.body, message.answer, email::forms(&message.email), message.role, message.country].join("\n");
        let found = IndexedDocument {
            id: message.id,
            revision: 0,
            visibility: Visibility::Message,
            kind: ResultKind::Message,
            searched: [&message.name, &message.reference].map(|part| (SearchWeight::Title, part.clone())).into(),
            internal: Vec::new(),
            title: message.name,
            number: message.reference,
            path: String::new(),
            trail: vec![topic],
            label: String::new(),
            outline: false,
            faq: false,
            is_exercise: false,
            summary: String::new(),
            headings: Vec::new(),
            text,
        };
        self.batch.put_message(message.id, Some(found));
    }

    /// Forgets what stood above what, after something moved.
    pub(crate) fn look_again(&mut self) {
        self.above.clear();
    }

    async fn page(&mut self, page: LivePage, visibility: Visibility) -> Result<IndexedDocument> {
        let above = self.above(page.parent_id).await?;
        let content = &page.revision.content;
        let is_clause = above.outline && is_clause_number(&content.clause_number);
        Ok(IndexedDocument {
            path: page.path,
            trail: above.trail,
            label: content.label().to_owned(),
            outline: above.outline || content.layout == Layout::Outline,
            faq: content.layout.is_collection(),
            ..indexed_document(
                &self.table.of(DocumentKind::Page, &content.document_type),
                &page.revision,
                visibility,
                if is_clause { ResultKind::Clause } else { ResultKind::Document(DocumentKind::Page) },
            )
        })
    }

    fn item(&self, item: SearchableItem, visibility: Visibility) -> IndexedDocument {
        let page = self.pages.get(&item.place_page);
        let (path, label) = page
            .map_or_else(Default::default, |page| (format!("{}#{}", page.path, item.current_slug), page.label.clone()));
        let layout = page.map(|page| page.layout);
        let kind = match layout {
            Some(Layout::Glossary) => ResultKind::Term,
            _ => ResultKind::Document(DocumentKind::FaqItem),
        };
        let trail = [label, item.place_category].into_iter().filter(|label| !label.is_empty()).collect();
        let fields = &self.table.of(DocumentKind::FaqItem, &item.revision.content.document_type);
        IndexedDocument {
            path,
            trail,
            is_exercise: layout == Some(Layout::Practice),
            ..indexed_document(fields, &item.revision, visibility, kind)
        }
    }

    async fn above(&mut self, parent: Option<i64>) -> Result<AncestorText> {
        let Some(parent) = parent else { return Ok(AncestorText::default()) };
        if let Some(known) = self.above.get(&parent) {
            return Ok(known.clone());
        }
        let mut above = AncestorText::default();
        for entry in public::ancestors(self.db, Some(parent)).await? {
            above.outline |= entry.layout == Layout::Outline;
            above.trail.push(entry.label().to_owned());
        }
        self.above.insert(parent, above.clone());
        Ok(above)
    }
}

fn indexed_document(
    fields: &DocumentFields,
    revision: &Revision,
    visibility: Visibility,
    kind: ResultKind,
) -> IndexedDocument {
    let content = &revision.content;
    let (headings, text) =
        work::run_blocking(|| (contents::headings(&content.body), markdown::plain(&content.body, BODY_MAX)));
    // The words of the body are its headings and its text.
    let (mut searched, mut internal) = (Vec::new(), Vec::new());
    for field in fields.all().filter(|field| field.key != keys::BODY) {
        let value = content.value(&field.key);
        let value = field.public_value(&value).unwrap_or_default();
        let Some(weight) = field.search.filter(|_| !value.is_empty()) else { continue };
        let words = field.label_of(value).map_or_else(|| value.to_owned(), Cow::into_owned);
        if field.is_findable { &mut searched } else { &mut internal }.push((weight, words));
    }
    IndexedDocument {
        id: revision.document_id,
        revision: revision.id,
        visibility,
        kind,
        title: content.title.clone(),
        number: content.clause_number.clone(),
        path: String::new(),
        trail: Vec::new(),
        label: String::new(),
        outline: false,
        faq: false,
        is_exercise: false,
        summary: content.summary.clone(),
        headings,
        text,
        searched,
        internal,
    }
}

/// “8.2.4”, “10”, “A.1”: what clauses are counted by, and not “Part 1”.
fn is_clause_number(number: &str) -> bool {
    let mut parts = number.split('.');
    let first = parts.next().unwrap_or_default();
    let counted = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let lettered = first.len() == 1 && first.bytes().all(|b| b.is_ascii_uppercase());
    (counted(first) || lettered) && parts.all(counted)
}

/// Whether the pages below one must be read again: it moved, appeared, went, or is called otherwise.
#[must_use]
pub(crate) fn shows_below(old: Option<&IndexedDocument>, new: Option<&IndexedDocument>) -> bool {
    let seen = |shown: &IndexedDocument| (shown.path.clone(), shown.trail.clone(), shown.label.clone(), shown.outline);
    old.is_none() || old.map(seen) != new.map(seen)
}
