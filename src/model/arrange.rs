//! A new order of siblings. Pure: storing an order is the business of the siblings' own file.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A place among siblings. A place beside a sibling means the same when others were moved in the meantime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    Before(i64),
    After(i64),
    /// At this place, 0 for the first; past the end is the end.
    Index(usize),
}

/// Where something is: the page above or the category, which it is there, 0 for the first, and what is beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListPosition {
    pub(crate) parent: Option<i64>,
    index: usize,
    #[serde(default)]
    previous: Option<i64>,
    #[serde(default)]
    next: Option<i64>,
}

impl ListPosition {
    /// Of `id` among the `siblings`, which it is one of.
    #[must_use]
    pub(crate) fn among(parent: Option<i64>, siblings: &[i64], id: i64) -> Self {
        let index = siblings.iter().position(|sibling| *sibling == id).unwrap_or(siblings.len());
        let at = |index: Option<usize>| index.and_then(|index| siblings.get(index)).copied();
        Self { parent, index, previous: at(index.checked_sub(1)), next: at(index.checked_add(1)) }
    }

    /// Whether what is `now` here has not been moved since. Others may have come, gone or been moved: what is moved itself loses both
    /// that are beside it.
    #[must_use]
    pub(crate) fn is_still(&self, now: &Self) -> bool {
        let is_beside = self.previous == now.previous || self.next == now.next;
        self.parent == now.parent && (self.index == now.index || is_beside)
    }

    /// Where this is among the `siblings` of today: beside one that it was beside, or else at the same number.
    #[must_use]
    pub(crate) fn among_todays(&self, siblings: &[i64]) -> Position {
        let is_there = |id: &i64| siblings.contains(id);
        match (self.previous.filter(is_there), self.next.filter(is_there)) {
            (Some(previous), _) => Position::After(previous),
            (None, Some(next)) => Position::Before(next),
            (None, None) => Position::Index(self.index),
        }
    }
}

/// The ids in their new order; none when `id` is there already.
/// `Conflict` when the named sibling is not there any more.
pub(crate) fn arrange(order: &[i64], id: i64, position: Position) -> Result<Option<Vec<i64>>> {
    let mut new: Vec<i64> = order.iter().copied().filter(|other| *other != id).collect();
    let find = |sibling: i64| new.iter().position(|other| *other == sibling).ok_or_else(gone);
    let index = match position {
        Position::Before(sibling) => find(sibling)?,
        Position::After(sibling) => find(sibling)? + 1,
        Position::Index(index) => index.min(new.len()),
    };
    new.insert(index, id);
    Ok((new != order).then_some(new))
}

/// How the stored positions become a new order in which one comes to another place: it gets `position`, and those from `first` to
/// `last` go by `step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) position: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) step: i64,
}

/// What `order`, made by [`arrange`], changes of these ids with their positions; none when two have the same one, so that all have to
/// be numbered first.
pub(crate) fn shift(now: &[(i64, i64)], order: &[i64], id: i64) -> Option<Shift> {
    if now.windows(2).any(|pair| pair[0].1 >= pair[1].1) {
        return None;
    }
    let before = now.iter().find(|(other, _)| *other == id)?.1;
    let (_, position) = *now.get(order.iter().position(|other| *other == id)?)?;
    let step = if position < before { 1 } else { -1 };
    Some(Shift { position, first: position.min(before), last: position.max(before), step })
}

fn gone() -> Error {
    Error::Conflict(
        "Someone else changed this list after you opened it, so nothing was moved. This is how it is now.".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_both_places_changes() {
        let stored = [(1, 10), (2, 20), (3, 25), (4, 30), (5, 70)];
        let ids = stored.map(|(id, _)| id);
        for id in ids {
            for index in 0..ids.len() {
                let Some(order) = arrange(&ids, id, Position::Index(index)).unwrap() else { continue };
                let Shift { position, first, last, step } = shift(&stored, &order, id).unwrap();
                let mut moved = stored;
                for (other, at) in &mut moved {
                    let is_between = (first..=last).contains(at);
                    *at = if *other == id { position } else { *at + if is_between { step } else { 0 } };
                }
                moved.sort_by_key(|(_, at)| *at);
                assert_eq!(moved.map(|(id, _)| id).to_vec(), order);
                assert!(moved.windows(2).all(|pair| pair[0].1 < pair[1].1), "{moved:?}");
            }
        }
        assert_eq!(shift(&[(1, 1), (2, 1)], &[2, 1], 2), None);
    }

    #[test]
    fn a_place_is_the_same_while_only_others_change() {
        let place = |siblings: &[i64]| ListPosition::among(Some(9), siblings, 3);
        let then = place(&[1, 2, 3, 4]);
        for now in [&[1, 2, 3, 4][..], &[2, 3, 4], &[1, 3, 4], &[5, 1, 2, 3, 6, 4], &[3, 4], &[4, 1, 3], &[2, 3]] {
            assert!(then.is_still(&place(now)), "{now:?}");
        }
        for now in [&[3, 1, 2, 4][..], &[1, 3, 2, 4], &[5, 3, 6, 1, 2, 4]] {
            assert!(!then.is_still(&place(now)), "{now:?}");
        }
        assert!(!then.is_still(&ListPosition::among(Some(8), &[1, 2, 3, 4], 3)));
        assert_eq!(then.among_todays(&[4, 2, 1]), Position::After(2));
        assert_eq!(then.among_todays(&[1, 4]), Position::Before(4));
        assert_eq!(then.among_todays(&[1]), Position::Index(2));
        assert_eq!(place(&[3, 1]).among_todays(&[7, 1]), Position::Before(1));
    }

    #[test]
    fn beside_means_beside_whatever_others_did() {
        let put = |order: &[i64], position| arrange(order, 3, position).unwrap();
        assert_eq!(put(&[1, 2, 3, 4], Position::Before(2)), Some(vec![1, 3, 2, 4]));
        assert_eq!(put(&[4, 2, 1, 3], Position::Before(2)), Some(vec![4, 3, 2, 1]));
        assert_eq!(put(&[1, 3, 2, 4], Position::Before(2)), None, "someone else did the same");
        assert_eq!(put(&[1, 2, 3, 4], Position::After(4)), Some(vec![1, 2, 4, 3]));
        assert_eq!(put(&[1, 2, 3, 4], Position::Index(0)), Some(vec![3, 1, 2, 4]));
        assert_eq!(put(&[1, 2, 3, 4], Position::Index(99)), Some(vec![1, 2, 4, 3]));
        assert_eq!(put(&[1, 2, 3, 4], Position::Index(2)), None);
        for position in [Position::Before(9), Position::After(9), Position::Before(3)] {
            assert!(matches!(arrange(&[1, 2, 3], 3, position), Err(Error::Conflict(_))));
        }
    }
}
