//! What is wrong with the text of a document, for its author. What would harm visitors forbids publishing, which is decided
//! here alone; the rest is advice. `publishing` asks when a user publishes and `schedule` when one decides to; neither asks
//! about what was decided before: a schedule that is carried out, what is published again as it was, and an import.

use std::collections::HashMap;

use url::Url;

use super::{
    document::{
        content::Content, field::Control, keys, kind::DocumentKind, placement, record::Document, rules::DocumentRules,
    },
    link::{
        addresses,
        dead::{self, LinkTarget},
    },
    opening::PLACEHOLDER,
    page::{path, public},
};
use crate::{
    db::conn::Conn,
    error::{Error, Result, TextPlace, ValidationErrors},
    text::{
        count,
        link::{Destination, resolve},
        markdown::{
            checks::{Remark, RemarkKind, remarks},
            links::LinkAddresses,
        },
        media_path,
    },
    work,
};

/// Paths that are looked up for one text.
const LOOKED_UP: usize = 300;
/// Faults that are named when a publication is refused.
const NAMED: usize = 20;
/// Search engines cut what is longer; in characters, with some tolerance for what they say they show.
const TITLE: (usize, usize) = (70, 60);
const SUMMARY: (usize, usize) = (200, 160);
/// The base that links on this site are resolved against where its origin is not known.
const HERE: &str = "https://here.invalid";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) field: &'static str,
    pub(crate) place: Option<TextPlace>,
    /// Without a full stop.
    pub(crate) sentence: String,
    /// The beginning of what is there.
    pub(crate) quote: String,
    /// What visitors cannot follow, as it was typed; empty when it is no link.
    pub(crate) link: String,
    /// Whether it would harm visitors, so that the text cannot be published.
    pub(crate) blocks: bool,
}

/// The path of the page that will show a text.
pub(crate) struct TextAddress {
    pub(crate) path: String,
    /// Whether that page is the document itself.
    is_own: bool,
    /// Where the document is until then, if it moves.
    now: Option<String>,
    /// Where links lead that are in its newest version too.
    links: LinkAddresses,
}

impl TextAddress {
    /// Of a document outside the trash, once it is published with this content.
    pub(crate) async fn of(db: &Conn, rules: &DocumentRules, document: &Document, content: &Content) -> Result<Self> {
        let now = placement::public_path(db, document.kind, document.id).await?;
        let links = addresses::of_newest(db, &rules.origin, document.id).await?;
        let is_own = placement::is_in_tree(document.kind);
        if !is_own {
            let path = placement::path_in_category(db, content.category_id).await?;
            return Ok(Self { path, is_own, now: None, links });
        }
        if now == path::HOME {
            return Ok(Self { path: now, is_own, now: None, links });
        }
        let parent = now.rsplit_once('/').map(|(parent, _)| parent).filter(|parent| !parent.is_empty());
        let then = path::join(parent, &content.slug);
        Ok(Self { now: (then != now).then_some(now), path: then, is_own, links })
    }

    /// Of a document that is not saved yet; a page below `parent`.
    pub(crate) async fn of_new(db: &Conn, kind: DocumentKind, parent: Option<i64>, content: &Content) -> Result<Self> {
        if !placement::is_in_tree(kind) {
            let path = placement::path_in_category(db, content.category_id).await?;
            return Ok(Self { path, is_own: false, now: None, links: LinkAddresses::default() });
        }
        let parent = match parent {
            Some(parent) => Error::optional(path::of(db, parent).await)?,
            None => None,
        };
        let path = path::join(parent.as_deref(), &content.slug);
        Ok(Self { path, is_own: true, now: None, links: LinkAddresses::default() })
    }

    /// Where what will be at `path` is now.
    fn before(&self, path: &str) -> String {
        let rest = path.strip_prefix(&self.path).filter(|rest| rest.starts_with('/'));
        match (&self.now, rest) {
            (Some(now), Some(rest)) => format!("{now}{rest}"),
            _ => path.to_owned(),
        }
    }
}

/// Whether the text of a revision may be published.
/// `Validation` on the text, with each place that would harm visitors.
pub(super) async fn check_publishable(
    db: &Conn,
    rules: &DocumentRules,
    document: &Document,
    content: &Content,
) -> Result<()> {
    let address = TextAddress::of(db, rules, document, content).await?;
    let found = find(db, rules, document.kind, &address, content).await?;
    let harm: Vec<_> = found.into_iter().filter(|finding| finding.blocks).collect();
    let mut errors = ValidationErrors::default();
    for Finding { field, place, sentence, quote, .. } in harm.iter().take(NAMED) {
        let line = place.map_or(0, |place| place.line);
        errors.add_at(field, format!("{sentence} (line {line}: “{quote}”)"), *place);
    }
    if harm.len() > NAMED {
        let more = count::pluralise(harm.len() - NAMED, "more place has", "more places have");
        errors.add(keys::BODY, format!("{more} to be corrected"));
    }
    Ok(errors.finish(|| ())?)
}

/// Everything to say about a text, in the order of the form and of the text.
pub(crate) async fn find(
    db: &Conn,
    rules: &DocumentRules,
    kind: DocumentKind,
    address: &TextAddress,
    content: &Content,
) -> Result<Vec<Finding>> {
    let mut findings: Vec<_> = of_title(content).into_iter().collect();
    if rules.fields.of(kind, &content.document_type).get(keys::SUMMARY).is_some() {
        findings.extend(of_summary(content));
    }
    findings.extend(of_placeholders(content));
    let fields = rules.fields.of(kind, &content.document_type);
    let mut links = Links { db, rules, address, known: HashMap::new() };
    for remark in work::blocking_if_large(content.body.len(), || remarks(&content.body)) {
        findings.extend(links.judge(remark).await?);
    }
    for field in fields.all().filter(|field| field.control == Control::Reference) {
        findings.extend(links.judge_reference(&field.label, content.extra.get(&field.key)).await?);
    }
    Ok(findings)
}

fn of_title(content: &Content) -> Option<Finding> {
    let length = content.title.chars().count();
    let sentence = format!("The title has {length} characters; search engines show about {}", TITLE.1);
    (length > TITLE.0).then(|| advice(keys::TITLE, sentence))
}

fn of_summary(content: &Content) -> Option<Finding> {
    let length = content.summary.chars().count();
    let sentence = match length {
        0 => "There is no summary; search engines and cards show the beginning of the text, or nothing".to_owned(),
        _ => format!("The summary has {length} characters; search engines show about {}", SUMMARY.1),
    };
    (length == 0 || length > SUMMARY.0).then(|| advice(keys::SUMMARY, sentence))
}

fn of_placeholders(content: &Content) -> Option<Finding> {
    let left = count::pluralise(content.body.matches(PLACEHOLDER).count(), "place is", "places are");
    let sentence = format!("{left} marked “{PLACEHOLDER}”; until then search engines are told to leave the page out");
    content.body.contains(PLACEHOLDER).then(|| advice(keys::BODY, sentence))
}

fn advice(field: &'static str, sentence: String) -> Finding {
    Finding { field, place: None, sentence, quote: String::new(), link: String::new(), blocks: false }
}

struct Links<'a> {
    db: &'a Conn,
    rules: &'a DocumentRules,
    address: &'a TextAddress,
    /// What is at the paths that were looked up.
    known: HashMap<String, LinkTarget>,
}

impl Links<'_> {
    /// What a remark means for visitors; none when it is nothing.
    async fn judge(&mut self, remark: Remark) -> Result<Option<Finding>> {
        let mut link = String::new();
        let (sentence, blocks) = match remark.about {
            RemarkKind::PictureWithoutWords => ("This picture has no description (alternative text)".to_owned(), true),
            RemarkKind::LinkWithoutWords => ("This link has no words".to_owned(), true),
            RemarkKind::VagueLink => ("These words do not tell where the link leads".to_owned(), false),
            RemarkKind::SkippedLevel { level, expected } => {
                (format!("This heading skips a level: it is on level {level}, and level {expected} comes first"), false)
            }
            RemarkKind::Container(sentence) => (sentence, false),
            RemarkKind::LongSentence(words) => (format!("This sentence is long: {words} words"), false),
            RemarkKind::Link(url) => {
                let found = match self.target(&url).await? {
                    LinkTarget::Live => match self.taken(&url).await? {
                        Some(sentence) => (sentence, false),
                        None => return Ok(None),
                    },
                    LinkTarget::Unpublished => (format!("Visitors do not see yet what this links to: {url}"), false),
                    LinkTarget::Nothing => (format!("This link leads nowhere: {url}"), true),
                };
                link = url;
                found
            }
        };
        let (field, place) = (keys::BODY, Some(remark.place));
        Ok(Some(Finding { field, place, sentence, quote: remark.quote, link, blocks }))
    }

    /// What a page that a field names means for visitors.
    async fn judge_reference(&mut self, label: &str, path: &str) -> Result<Option<Finding>> {
        if path.is_empty() {
            return Ok(None);
        }
        let (sentence, blocks) = match self.target(path).await? {
            LinkTarget::Live => return Ok(None),
            LinkTarget::Unpublished => (format!("Visitors do not see yet what “{label}” names: {path}"), false),
            LinkTarget::Nothing => (format!("There is nothing at the path that “{label}” names: {path}"), true),
        };
        Ok(Some(Finding { blocks, link: path.to_owned(), ..advice(keys::BODY, sentence) }))
    }

    /// Where an address leads on this site.
    fn resolve(&self, url: &str) -> Result<Option<Destination>> {
        let origin = if self.rules.origin.is_empty() { HERE } else { self.rules.origin.as_str() };
        let base = Url::parse(&format!("{origin}{}", self.address.path));
        let base = base.map_err(|error| Error::internal("a path", error))?;
        Ok(resolve(&base, url).filter(|to| to.origin.is_empty()))
    }

    /// What to say of a link that leads to the page that it always meant, while another one is where that was.
    async fn taken(&self, url: &str) -> Result<Option<String>> {
        let Some(now) = self.address.links.get(url) else { return Ok(None) };
        let (Some(typed), Some(to)) = (self.resolve(url)?, self.resolve(now)?) else { return Ok(None) };
        if typed.path == to.path || public::id_at(self.db, &typed.path).await?.is_none() {
            return Ok(None);
        }
        let Destination { path, .. } = typed;
        Ok(Some(format!(
            "This leads to {now}, as ever, and not to the page that is at {path} now; for that, write {path}/"
        )))
    }

    /// Links to other sites count as working, and so does what is too much to look up.
    async fn target(&mut self, url: &str) -> Result<LinkTarget> {
        let now = self.address.links.get(url).map_or(url, String::as_str);
        let Some(to) = self.resolve(now)? else { return Ok(LinkTarget::Live) };
        let media = media_path::split(&to.path).map(|(path, _)| path.to_owned());
        if self.rules.answers(&to.path) && media.is_none() || self.address.is_own && to.path == self.address.path {
            return Ok(LinkTarget::Live);
        }
        if let Some(known) = self.known.get(&to.path) {
            return Ok(*known);
        }
        if self.known.len() >= LOOKED_UP {
            return Ok(LinkTarget::Live);
        }
        let path = media.unwrap_or_else(|| self.address.before(&to.path));
        let found = dead::target_at(self.db, &path).await?;
        self.known.insert(to.path, found);
        Ok(found)
    }
}
