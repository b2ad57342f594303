//! What is said when several documents are changed at once.

use crate::{
    model::{
        bulk::{BulkAction, BulkPlan},
        document::kind::DocumentKind,
    },
    text::count::{number, pluralise},
};

/// A number with what users call documents of this kind.
fn count(kind: DocumentKind, count: usize) -> String {
    let noun = kind.noun();
    pluralise(count, noun, &format!("{noun}s"))
}

pub(super) fn heading(kind: DocumentKind, action: &BulkAction) -> String {
    let noun = kind.noun();
    match action {
        BulkAction::Publish => format!("Publish {noun}s"),
        BulkAction::Unpublish => format!("Unpublish {noun}s"),
        BulkAction::Trash => format!("Move {noun}s to the trash"),
        BulkAction::Move | BulkAction::MoveBelow(_) | BulkAction::MoveInto(_) => format!("Move {noun}s"),
    }
}

/// What the button would do to visitors.
pub(super) fn consequence(kind: DocumentKind, action: &BulkAction, plan: &BulkPlan) -> String {
    let live = |planned: &crate::model::bulk::Planned| {
        usize::from(planned.document.is_live()) + planned.along.iter().filter(|page| page.live).count()
    };
    let live: usize = plan.planned.iter().map(live).sum();
    let seen = count(kind, live);
    match (action, kind) {
        _ if plan.planned.is_empty() => "Nothing of this can be done.".to_owned(),
        (BulkAction::Publish, _) => "Visitors see the newest version of each at once.".to_owned(),
        (BulkAction::Unpublish, _) => {
            format!("Visitors will not see {seen} any more. Nothing is deleted, and you can undo it.")
        }
        (BulkAction::Trash, _) if live == 0 => "Visitors see none of it now. You can undo it.".to_owned(),
        (BulkAction::Trash, DocumentKind::Page) => {
            format!("Visitors see {seen} of these now, and will read that they were deleted. You can undo it.")
        }
        (BulkAction::Trash, DocumentKind::FaqItem) => {
            format!("Visitors see {seen} of these now, and will not see them any more. You can undo it.")
        }
        (_, DocumentKind::Page) => {
            "Each moves at once, with the pages below it, to the end of those there. Old paths lead to the new ones."
                .to_owned()
        }
        (_, DocumentKind::FaqItem) => "Each moves at once, to the end of that category.".to_owned(),
    }
}

pub(super) fn button(kind: DocumentKind, action: &BulkAction, plan: &BulkPlan) -> String {
    let all = match action {
        BulkAction::Publish | BulkAction::Move | BulkAction::MoveBelow(_) | BulkAction::MoveInto(_) => {
            count(kind, plan.planned.len())
        }
        BulkAction::Unpublish | BulkAction::Trash => count(kind, plan.count()),
    };
    match action {
        BulkAction::Publish => format!("Publish {all}"),
        BulkAction::Unpublish => format!("Unpublish {all}"),
        BulkAction::Trash => format!("Move {all} to the trash"),
        BulkAction::Move | BulkAction::MoveBelow(_) | BulkAction::MoveInto(_) => format!("Move {all}"),
    }
}

/// The pages that go along with one; empty when there are none.
pub(super) fn along(pages: usize) -> String {
    match pages {
        0 => String::new(),
        1 => "with the page below it".to_owned(),
        pages => format!("with the {} pages below it", number(pages)),
    }
}

pub(super) fn done(kind: DocumentKind, action: &BulkAction, plan: &BulkPlan) -> String {
    let (chosen, all) = (count(kind, plan.planned.len()), count(kind, plan.count()));
    let done = match action {
        BulkAction::Publish => format!("Published {chosen}. Visitors see the newest versions."),
        BulkAction::Unpublish => format!("Unpublished {all}."),
        BulkAction::Trash => format!("Moved {all} to the trash."),
        BulkAction::MoveBelow(Some(parent)) => format!("Moved {chosen} below “{}”.", parent.title),
        BulkAction::MoveBelow(None) => format!("Moved {chosen} to the uppermost level."),
        BulkAction::MoveInto(_) | BulkAction::Move => format!("Moved {chosen} to another category."),
    };
    match plan.left.len() {
        0 => done,
        left => format!("{done} {} left as before.", pluralise(left, "was", "were")),
    }
}
