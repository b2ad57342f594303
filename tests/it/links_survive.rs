//! Links on this site go on leading to the documents that they mean, wherever these are and whatever is at their old paths.

use std::collections::BTreeMap;

use fastrand::Rng;
use plinth::model::{
    document::{fields::FieldTable, record::Document, revision},
    transfer::export,
};

use crate::harness::{TestApp, TestUser};

const ORIGIN: &str = "http://127.0.0.1:3000";

/// Publishes a page; gives its id.
async fn publish(editor: &TestUser, to: &str, fields: &[(&str, &str)]) -> i64 {
    let fields = [&[("menu", "hidden"), ("layout", "article"), ("do", "publish")], fields].concat();
    let edit = editor.post(to, &fields).await.is(303).location();
    edit.rsplit('/').next().unwrap().parse().unwrap()
}

const NEW: &str = "/admin/pages/new";

#[tokio::test]
async fn a_link_leads_to_what_it_meant_when_another_page_takes_the_path() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let target = publish(&editor, NEW, &[("title", "Fees"), ("slug", "fees"), ("body", "## Fees of 2026")]).await;
    let body = format!("[a](/fees?x=1#part) [b](fees) [c]({ORIGIN}/fees) [d][d] `[e](/fees)`\n\n[d]: /fees \"t\"");
    let linking = publish(&editor, NEW, &[("title", "Linking"), ("slug", "linking"), ("body", &body)]).await;
    visitor.get("/linking").await.says("href=\"/fees?x=1#part\">a<").says("href=\"/fees\">b<");
    let moved = [("base", "1"), ("title", "Fees"), ("slug", "prices"), ("body", "x")];
    publish(&editor, &format!("/admin/pages/{target}"), &moved).await;
    let other = publish(&editor, NEW, &[("title", "Other"), ("slug", "fees"), ("body", "y")]).await;
    visitor.get("/fees").await.says("Other");

    let leads = |screen: crate::harness::Reply| {
        let screen = screen.says("href=\"/prices?x=1#part\">a<").says("href=\"/prices\">b<");
        screen.says(&format!("href=\"{ORIGIN}/prices\">c<")).says("href=\"/prices\" title=\"t\">d<").says("[e](/fees)")
    };
    leads(visitor.get("/linking").await);
    // What links to each of them is known.
    editor.get(&format!("/admin/pages/{target}/delete")).await.says("Linking</a> (page)");
    editor.get(&format!("/admin/pages/{other}/delete")).await.does_not_say("Linking</a>");
    // The next version says the same, and a new address means what is there now.
    let edit = format!("/admin/pages/{linking}");
    let more = format!("{body}\n\n[f](/fees/)");
    let typed = [("base", "1"), ("title", "Linking"), ("slug", "linking"), ("body", &more)];
    let told = "This leads to /prices, as ever, and not to the page that is at /fees now; for that, write /fees/";
    editor.post(&format!("{edit}/checks"), &typed).await.says(told);
    publish(&editor, &edit, &typed).await;
    leads(visitor.get("/linking").await).says("href=\"/fees/\">f<");
    leads(visitor.get(&format!("/versions/P-{linking}/1")).await);
    editor.get(&format!("/admin/pages/{other}/delete")).await.says("Linking</a> (page)");

    // An export has the present paths, and to import it changes nothing.
    let files = export::read(app.app.read(), &FieldTable::default()).await.unwrap();
    let text = &files["pages/linking.md"];
    for said in ["[a](/prices?x=1#part)", "[b](/prices)", "[d]: /prices \"t\"", "`[e](/fees)`", "[f](/fees/)"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    // While it is not public, the link leads to what is at its path.
    editor.post(&format!("/admin/pages/{target}/unpublish"), &[]).await.is(303);
    visitor.get("/linking").await.says("href=\"/fees?x=1#part\">a<").says("href=\"/fees\">b<");
    app.publish(target).await;
    leads(visitor.get("/linking").await);
}

#[tokio::test]
async fn a_link_to_a_page_that_waits_at_the_path_of_another_means_that_page() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let publish = async |to: &str, fields: &[(&str, &str)]| publish(&editor, to, fields).await;
    let first = publish(NEW, &[("title", "First"), ("slug", "prices")]).await;
    publish(NEW, &[("title", "Early"), ("slug", "early"), ("body", "[a](/prices)")]).await;
    let moved = [("base", "1"), ("title", "First"), ("slug", "fees")];
    publish(&format!("/admin/pages/{first}"), &moved).await;
    publish(NEW, &[("title", "Between"), ("slug", "between"), ("body", "[b](/prices)")]).await;
    let draft = [("title", "Draft"), ("slug", "prices"), ("menu", "hidden")];
    let draft = editor.post(NEW, &draft).await.is(303).location();
    let late = [("title", "Late"), ("slug", "late"), ("body", "[c](/prices)")];
    let late = editor.post_and_follow(NEW, &[&late[..], &[("do", "publish")]].concat()).await;
    late.says("1 link leads nowhere: /prices.");
    visitor.get("/prices").await.is(308);
    app.publish(draft.rsplit('/').next().unwrap().parse().unwrap()).await;
    visitor.get("/prices").await.is(200);
    visitor.get("/early").await.says("href=\"/fees\">a<");
    visitor.get("/between").await.says("href=\"/fees\">b<");
    visitor.get("/late").await.says("href=\"/prices\">c<");
    // It goes on meaning that page when that moves, and the others are not drawn along.
    let moved = [("base", "1"), ("title", "Draft"), ("slug", "costs")];
    publish(&draft, &moved).await;
    visitor.get("/late").await.says("href=\"/costs\">c<");
    visitor.get("/early").await.says("href=\"/fees\">a<");
}

#[tokio::test]
async fn a_link_to_a_question_follows_its_slug() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let answer = |slug| [("title", "Why?"), ("slug", slug), ("body", "## Fees\n\n[self](#why)"), ("category", "1")];
    let new = "/admin/faq/new";
    let why = publish(&editor, new, &answer("why")).await;
    publish(&editor, new, &[("title", "Why not?"), ("slug", "why-not"), ("body", "[y](#why)"), ("category", "1")])
        .await;
    let body = "[a](/faq#why) [b](/faq#why-fees) [c](/faq#why-not) [d](/faq)";
    publish(&editor, NEW, &[("title", "Linking"), ("slug", "linking"), ("body", body)]).await;
    publish(&editor, &format!("/admin/faq/{why}"), &[&answer("because")[..], &[("base", "1")]].concat()).await;
    publish(&editor, new, &[("title", "Another"), ("slug", "why"), ("body", "z"), ("category", "1")]).await;
    let faq = app.page_id("/faq").await;
    editor.post(&format!("/admin/pages/{faq}/move"), &[("parent", "/training")]).await.is(303);
    let screen = visitor.get("/linking").await.says("href=\"/training/faq#because\">a<");
    let screen = screen.says("href=\"/training/faq#because-fees\">b<").says("href=\"/training/faq\">d<");
    screen.says("href=\"/training/faq#why-not\">c<");
    let page = visitor.get("/training/faq").await.says("href=\"#because\">y<").says("href=\"#because\">self<");
    page.says("id=\"because-fees\"");
    editor.get(&format!("/admin/faq/{why}/delete")).await.says("Linking</a> (page)").says("Why not?</a> (question)");
}

/// A document of the random site.
struct Thing {
    id: i64,
    is_page: bool,
    /// What its newest text links to: the address as written, and the document that it meant then.
    links: BTreeMap<String, i64>,
}

struct RandomSite {
    app: TestApp,
    editor: TestUser,
    random: Rng,
    things: Vec<Thing>,
    /// The page with the questions.
    faq: i64,
    /// How many links were found right, and how many of them where another page is at the path that the text says.
    right: usize,
    taken: usize,
}

const SLUGS: [&str; 9] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];

impl RandomSite {
    async fn new(pages: usize, questions: usize) -> Self {
        let app = TestApp::new().await;
        let editor = app.editor().await;
        let faq = app.page_id("/faq").await;
        let mut site = Self { app, editor, random: Rng::with_seed(11), things: Vec::new(), faq, right: 0, taken: 0 };
        for number in 0..pages + questions {
            let (is_page, slug) = (number < pages, format!("x{number}"));
            let kind = if is_page { NEW } else { "/admin/faq/new" };
            let fields = [("title", slug.as_str()), ("slug", &slug), ("body", "Text"), ("category", "1")];
            let id = publish(&site.editor, kind, &fields).await;
            site.things.push(Thing { id, is_page, links: BTreeMap::new() });
        }
        site
    }

    async fn document(&self, id: i64) -> Document {
        Document::find(self.app.app.read(), id).await.unwrap().unwrap()
    }

    async fn is_live(&self, id: i64) -> bool {
        self.document(id).await.is_live()
    }

    async fn path(&self, id: i64) -> Option<String> {
        self.app.app.read().value("select path from page where document_id = $1", (id,)).await.unwrap()
    }

    async fn slug(&self, id: i64) -> Option<String> {
        self.app.app.read().value("select slug from faq_item where document_id = $1", (id,)).await.unwrap()
    }

    /// Where visitors find a live document.
    async fn address(&self, thing: usize) -> String {
        let Thing { id, is_page, .. } = self.things[thing];
        if is_page {
            return self.path(id).await.unwrap();
        }
        format!("{}#{}", self.path(self.faq).await.unwrap(), self.slug(id).await.unwrap())
    }

    fn any(&mut self) -> usize {
        self.random.usize(..self.things.len())
    }

    /// Saves a document with its links and another slug, and publishes it where the pages above are live; where that is refused, nothing
    /// is changed.
    async fn save(&mut self, thing: usize, slug: &str, links: BTreeMap<String, i64>) {
        let id = self.things[thing].id;
        let version = revision::latest(self.app.app.read(), id).await.unwrap().version.to_string();
        let named = links.iter().map(|(url, target)| format!("[to {target}]({url})\n"));
        let body = format!("Text {}\n\n{}", self.random.u32(..), named.collect::<String>());
        let fields = [("base", version.as_str()), ("title", slug), ("slug", slug), ("body", &body), ("category", "1")];
        let fields = [&fields[..], &[("menu", "hidden"), ("layout", "article"), ("do", "publish")]].concat();
        let kind = if self.things[thing].is_page { "pages" } else { "faq" };
        let reply = self.editor.post(&format!("/admin/{kind}/{id}"), &fields).await;
        if reply.status == 303 {
            self.things[thing].links = links;
        }
    }

    /// Links that lead nowhere forbid publishing, so an author takes them out.
    async fn live_links(&self, thing: usize) -> BTreeMap<String, i64> {
        let mut links = self.things[thing].links.clone();
        for target in self.things[thing].links.values() {
            if !self.is_live(*target).await {
                links.retain(|_, other| other != target);
            }
        }
        links
    }

    async fn rename(&mut self) {
        let thing = self.any();
        if self.is_live(self.things[thing].id).await {
            let slug = SLUGS[self.random.usize(..SLUGS.len())];
            let links = self.live_links(thing).await;
            self.save(thing, slug, links).await;
        }
    }

    async fn link(&mut self) {
        let (from, to) = (self.any(), self.any());
        let target = self.things[to].id;
        if from == to || !self.is_live(self.things[from].id).await || !self.is_live(target).await {
            return;
        }
        let address = self.address(to).await;
        let mut url = match self.random.u8(..4) {
            0 => format!("{ORIGIN}{address}"),
            1 if self.things[from].is_page => {
                let own = self.path(self.things[from].id).await.unwrap();
                format!("{}{}", "../".repeat(own.matches('/').count()), address.trim_start_matches('/'))
            }
            _ => address,
        };
        let mut links = self.live_links(from).await;
        links.retain(|_, other| *other != target);
        // The same address may mean a page that was there before.
        if self.things[from].links.contains_key(&url) {
            let (path, part) = url.split_at(url.find('#').unwrap_or(url.len()));
            url = format!("{path}/{part}");
            if self.things[from].links.contains_key(&url) {
                return;
            }
        }
        links.insert(url, target);
        let own = self.things[from].id;
        let slug = revision::latest(self.app.app.read(), own).await.unwrap().content.slug;
        self.save(from, &slug, links).await;
    }

    async fn move_page(&mut self) {
        let (thing, parent) = (self.any(), self.any());
        let id = if self.random.u8(..20) == 0 { self.faq } else { self.things[thing].id };
        let above = self.things[parent].id;
        let path = if self.things[parent].is_page && self.random.bool() { self.path(above).await } else { None };
        let path = path.unwrap_or_else(|| "/".to_owned());
        if self.things[thing].is_page && id != above && self.path(id).await.is_some() {
            let reply = self.editor.post(&format!("/admin/pages/{id}/move"), &[("parent", path.as_str())]).await;
            assert!([303, 422].contains(&reply.status.as_u16()), "{}", reply.text);
        }
    }

    async fn trash(&mut self) {
        let thing = self.any();
        let Thing { id, is_page, .. } = self.things[thing];
        let faq = self.path(self.faq).await.unwrap();
        let path = if is_page { self.path(id).await } else { self.slug(id).await };
        // The page with the questions stays.
        if path.is_some_and(|path| !faq.starts_with(&format!("{path}/"))) {
            self.editor.confirm(&format!("/admin/{}/{id}/delete", if is_page { "pages" } else { "faq" })).await.is(303);
        }
    }

    /// Restores something, and publishes everything that came back.
    async fn restore(&mut self) {
        let mut trashed = Vec::new();
        for thing in &self.things {
            if self.document(thing.id).await.trashed_with_id == Some(thing.id) {
                trashed.push(thing.id);
            }
        }
        if let Some(id) = self.random.choice(trashed) {
            self.editor.post(&format!("/admin/trash/{id}/restore"), &[]).await.is(303);
        }
        let mut waiting = Vec::new();
        for at in 0..self.things.len() {
            let Thing { id, is_page, .. } = self.things[at];
            let place = if is_page { self.path(id).await } else { self.slug(id).await };
            if let Some(place) = place {
                waiting.push((place.matches('/').count(), at));
            }
        }
        waiting.sort_unstable();
        for (_, at) in waiting {
            if !self.is_live(self.things[at].id).await {
                let slug = revision::latest(self.app.app.read(), self.things[at].id).await.unwrap().content.slug;
                let links = self.live_links(at).await;
                self.save(at, &slug, links).await;
            }
        }
    }

    async fn step(&mut self) {
        match self.random.u8(..16) {
            0..4 => self.move_page().await,
            4..8 => self.rename().await,
            8..13 => self.link().await,
            13 => self.trash().await,
            _ => self.restore().await,
        }
    }

    /// Reads every public page as a visitor.
    async fn check(&mut self) {
        let visitor = self.app.visitor();
        let faq = self.path(self.faq).await.unwrap();
        for at in 0..self.things.len() {
            let (id, is_page) = (self.things[at].id, self.things[at].is_page);
            if !self.is_live(id).await {
                continue;
            }
            let own = if is_page { self.path(id).await.unwrap() } else { faq.clone() };
            let shown = visitor.get(&own).await.is(200).text;
            for (url, target) in self.things[at].links.clone() {
                if !self.is_live(target).await {
                    continue;
                }
                let to = self.things.iter().position(|thing| thing.id == target).unwrap();
                let address = self.address(to).await;
                let local = address.strip_prefix(own.as_str()).filter(|part| part.starts_with('#')).unwrap_or(&address);
                let leads = |to: &str| shown.contains(&format!("href=\"{to}\">to {target}<"));
                let with_slash = address.replacen('#', "/#", 1);
                let is_right = [&address, local, &with_slash, &format!("{address}/")].into_iter().any(|address| {
                    leads(address)
                        || leads(&format!("{ORIGIN}{address}"))
                        || is_same(&own, &url, address) && leads(&url)
                });
                assert!(is_right, "{own} says {url} for {target}, which is at {address}: {shown}");
                self.right += 1;
                let typed = url.trim_start_matches(ORIGIN).split('#').next().unwrap();
                let now = address.split('#').next().unwrap();
                let is_other = typed.starts_with('/') && typed != now;
                self.taken += usize::from(is_other && visitor.get(typed).await.status == 200);
            }
        }
    }
}

/// Whether an address on a page leads to another one.
fn is_same(page: &str, url: &str, address: &str) -> bool {
    let base = url::Url::parse(&format!("{ORIGIN}{page}")).unwrap();
    base.join(url).unwrap().as_str() == format!("{ORIGIN}{address}")
}

#[tokio::test]
async fn no_link_is_dead_after_a_thousand_changes() {
    let mut site = RandomSite::new(18, 6).await;
    for number in 1..=1000 {
        site.step().await;
        if number % 100 == 0 {
            site.check().await;
        }
    }
    assert!(site.right > 200 && site.taken > 10, "only {} links, {} of them to taken paths", site.right, site.taken);
}
