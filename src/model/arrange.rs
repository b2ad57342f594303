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

/// Where something is: the page above or the category, and which it is there, 0 for the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListPosition {
    pub(crate) parent: Option<i64>,
    pub(crate) index: usize,
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
