//! Renders every template with samples of its view. Each text that a template holds must appear for one of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    admin, render, site,
    state::{
        template_samples::{Random, Samples},
        templates::Templates,
    },
};

/// Templates with the view that each is given.
const SAMPLES: &[Samples] = &[
    admin::account::address::SAMPLES,
    admin::account::code_app::SAMPLES,
    admin::account::edit::SAMPLES,
    admin::account::mail::SAMPLES,
    admin::account::password::SAMPLES,
    admin::account::passkeys::SAMPLES,
    admin::account::recovery_codes::SAMPLES,
    admin::account::second_factor::SAMPLES,
    admin::account::unsubscribe::SAMPLES,
    admin::audit_log::check::SAMPLES,
    admin::audit_log::index::SAMPLES,
    admin::backup::index::SAMPLES,
    admin::calendar::SAMPLES,
    admin::comments::SAMPLES,
    admin::dashboard::index::SAMPLES,
    admin::dead_links::SAMPLES,
    admin::documents::bulk::SAMPLES,
    admin::documents::checks::SAMPLES,
    admin::documents::comments::SAMPLES,
    admin::documents::compare::SAMPLES,
    admin::documents::conflict::SAMPLES,
    admin::documents::discard::SAMPLES,
    admin::documents::edit_screen::SAMPLES,
    admin::documents::owner::SAMPLES,
    admin::documents::preview_links::SAMPLES,
    admin::documents::uses::SAMPLES,
    admin::documents::publications::SAMPLES,
    admin::documents::remove_screen::SAMPLES,
    admin::documents::review::SAMPLES,
    admin::documents::revisions::SAMPLES,
    admin::documents::schedules::SAMPLES,
    admin::mail::index::SAMPLES,
    admin::media::delete::SAMPLES,
    admin::media::index::SAMPLES,
    admin::media::replace::SAMPLES,
    admin::media::show::SAMPLES,
    admin::media::upload::SAMPLES,
    admin::menu::form::SAMPLES,
    admin::menu::index::SAMPLES,
    admin::messages::bulk_deletion::SAMPLES,
    admin::messages::deletion::SAMPLES,
    admin::messages::export::SAMPLES,
    admin::messages::index::SAMPLES,
    admin::messages::retention::SAMPLES,
    admin::messages::screen::SAMPLES,
    admin::messages::templates::SAMPLES,
    admin::personal_data::screen::SAMPLES,
    admin::redirects::form::SAMPLES,
    admin::redirects::index::SAMPLES,
    admin::redirects::import::SAMPLES,
    admin::redirects::missing::SAMPLES,
    admin::redirects::test_path::SAMPLES,
    admin::report::external::SAMPLES,
    admin::report::index::SAMPLES,
    admin::report::messages::SAMPLES,
    admin::reviews::SAMPLES,
    admin::search::index::SAMPLES,
    admin::settings::edit::SAMPLES,
    admin::synonyms::SAMPLES,
    admin::system::SAMPLES,
    admin::shared::confirm_password::SAMPLES,
    admin::shared::error_page::SAMPLES,
    admin::shared::kept_page::SAMPLES,
    admin::sign_in::code::SAMPLES,
    admin::sign_in::company::SAMPLES,
    admin::sign_in::forgotten::SAMPLES,
    admin::sign_in::screen::SAMPLES,
    admin::trash::index::SAMPLES,
    admin::types::effects::SAMPLES,
    admin::types::field_form::SAMPLES,
    admin::types::form::SAMPLES,
    admin::types::index::SAMPLES,
    admin::types::show::SAMPLES,
    admin::unpublished::SAMPLES,
    admin::users::address::SAMPLES,
    admin::users::factor_rule::SAMPLES,
    admin::users::show::SAMPLES,
    admin::users::index::SAMPLES,
    admin::users::link::SAMPLES,
    admin::users::invitations::SAMPLES,
    super::mail_content::SAMPLES,
    admin::webhooks::index::SAMPLES,
    render::error_page::SAMPLES,
    render::page::SAMPLES,
    site::feed::SAMPLES,
    site::opensearch::SAMPLES,
    site::search::SAMPLES,
    site::sitemap::SAMPLES,
    site::versions::SAMPLES,
];

/// Those, and what only one kind of document has.
fn all() -> impl Iterator<Item = &'static (&'static str, fn(&mut Random) -> serde_json::Value)> {
    SAMPLES.iter().chain(&admin::KIND_SAMPLES).copied().flatten()
}

/// Templates that are a part of others, with one that is rendered with it.
const PARTS: [(&str, &str); 49] = [
    ("admin/auth.html", "admin/dead_link.html"),
    ("admin/base.html", "admin/account/edit.html"),
    ("admin/below.html", "admin/users/new.html"),
    ("admin/dashboard/opening.html", "admin/dashboard/index.html"),
    ("admin/dashboard/search_terms.html", "admin/dashboard/index.html"),
    ("admin/documents/about.html", "admin/documents/owner.html"),
    ("admin/documents/care_more.html", "admin/documents/more.html"),
    ("admin/documents/care_state.html", "admin/documents/edit.html"),
    ("admin/documents/details.html", "admin/documents/edit.html"),
    ("admin/documents/drafts.html", "admin/documents/edit.html"),
    ("admin/documents/findings.html", "admin/documents/publication.html"),
    ("admin/documents/linked_from.html", "admin/documents/remove.html"),
    ("admin/documents/more.html", "admin/documents/edit.html"),
    ("admin/documents/new_from.html", "admin/documents/edit.html"),
    ("admin/documents/parents.html", "admin/documents/details.html"),
    ("admin/documents/pending.html", "admin/documents/discard.html"),
    ("admin/documents/preview.html", "admin/documents/edit.html"),
    ("admin/documents/schedule.html", "admin/documents/schedules.html"),
    ("admin/documents/state.html", "admin/documents/edit.html"),
    ("admin/documents/use_rows.html", "admin/documents/uses.html"),
    ("admin/media/uses.html", "admin/media/show.html"),
    ("admin/messages/retention_notices.html", "admin/dashboard/index.html"),
    ("admin/account/password_hint.html", "admin/account/password.html"),
    ("admin/sign_in/passkey.html", "admin/sign_in/new.html"),
    ("admin/unsent.html", "admin/users/show.html"),
    ("macros/clash.html", "admin/account/edit.html"),
    ("macros/diff.html", "admin/documents/conflict.html"),
    ("macros/field_value.html", "site/faq.html"),
    ("macros/form.html", "admin/documents/edit.html"),
    ("macros/list.html", "admin/account/edit.html"),
    ("macros/mail.html", "admin/mail/index.html"),
    ("macros/reading_diff.html", "admin/documents/compare.html"),
    ("macros/review.html", "admin/reviews.html"),
    ("macros/text_diff.html", "site/changes.html"),
    ("site/base.html", "site/error.html"),
    ("site/document_control.html", "site/page.html"),
    ("site/drawing.html", "site/page.html"),
    ("site/machine_head.html", "site/base.html"),
    ("site/practice_item.html", "site/practice.html"),
    ("site/practice_paper.html", "site/practice.html"),
    ("site/practice_question.html", "site/practice.html"),
    ("site/practice_reason.html", "site/practice_item.html"),
    ("site/practice_result.html", "site/practice.html"),
    ("site/published_change.html", "site/versions.html"),
    ("site/main_sections.html", "site/error.html"),
    ("site/moved_items.html", "site/faq.html"),
    ("site/page.html", "site/article.html"),
    ("site/tree.html", "site/outline.html"),
    ("site/typed_text.html", "site/error.html"),
];

/// How often a template is rendered in a round.
const TIMES: usize = 30;
/// Rounds at most; after the first only for templates with a text that has not appeared, their own or in a part that is
/// named with them.
const ROUNDS: usize = 100;
/// Every so many rounds, for all templates that have such a part.
const WIDE: usize = 10;

/// Elements that are never closed.
const VOID: [&str; 5] = ["br", "img", "input", "link", "meta"];

/// The texts of a template between its tags, without punctuation and white space.
fn own_texts(mut source: &str) -> BTreeSet<&str> {
    let mut texts = BTreeSet::new();
    loop {
        let tags = [("{%", "%}"), ("{{", "}}"), ("{#", "#}")];
        let next = tags.into_iter().filter_map(|(open, close)| Some((source.find(open)?, close))).min();
        let text = source[..next.map_or(source.len(), |(at, _)| at)].trim();
        if text.contains(char::is_alphabetic) {
            texts.insert(text);
        }
        let Some((at, close)) = next else { return texts };
        source = source[at..].split_once(close).expect("a tag that ends").1;
    }
}

/// The first element that is closed wrongly or not at all.
fn unbalanced(html: &str) -> Option<String> {
    let mut open = Vec::new();
    for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split_whitespace().next().unwrap_or_default();
        if let Some(name) = name.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(name.to_owned());
            }
        } else if !name.starts_with(['!', '?']) && !VOID.contains(&name) {
            open.push(name);
        }
    }
    open.pop().map(ToOwned::to_owned)
}

#[test]
fn every_template_renders_with_samples_of_its_view() {
    let templates = Templates::default();
    let sources: BTreeMap<String, String> =
        Templates::names().map(|name| (name.clone(), templates.source(&name).unwrap())).collect();
    // What no sample has brought to light yet, by template.
    let mut unseen: BTreeMap<&str, BTreeSet<&str>> =
        sources.iter().map(|(name, source)| (name.as_str(), own_texts(source))).collect();
    let mut random = Random::with_seed(1);
    for round in 0..ROUNDS {
        for (name, sample) in all() {
            let may_show = |(_, whole): &(_, &str)| whole == name || round % WIDE == 0;
            let parts = PARTS.into_iter().filter(may_show).map(|(part, _)| part);
            let parts = parts.filter(|part| sources[*name].contains(part));
            if round > 0 && parts.chain([*name]).all(|of| unseen[of].is_empty()) {
                continue;
            }
            for _ in 0..TIMES {
                let view = sample(&mut random);
                let html =
                    templates.try_render(name, &view).unwrap_or_else(|error| panic!("{name}: {error:#}\n{view:#}"));
                // The plain parts of e-mails have no tags, and do not escape what looks like one.
                let is_plain = name.strip_suffix(".txt").is_some();
                assert!(is_plain || unbalanced(&html).is_none(), "{name}: {html}");
                for of in PARTS.map(|(part, _)| part).into_iter().chain([*name]) {
                    unseen.get_mut(of).unwrap().retain(|text| !html.contains(text));
                }
            }
        }
    }
    unseen.retain(|_, texts| !texts.is_empty());
    assert!(unseen.is_empty(), "no sample made these appear: {unseen:#?}");
}

#[test]
fn every_template_has_a_sample() {
    let templates = Templates::default();
    let rendered: BTreeSet<&str> = all().map(|(name, _)| *name).collect();
    let parts = BTreeMap::from(PARTS);
    let named: BTreeSet<String> = rendered.iter().chain(parts.keys()).map(|name| (*name).to_owned()).collect();
    assert_eq!(named, Templates::names().collect());
    for (part, whole) in parts {
        assert!(templates.source(whole).unwrap().contains(&format!("\"{part}\"")), "{whole} does not use {part}");
    }
}
