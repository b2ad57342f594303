//! A new order of siblings. Pure; how an order is stored is known where the siblings are.

use crate::error::{Error, Result};

/// A place among siblings. One beside a sibling means the same even when others were moved in the meantime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Right before this sibling.
    Before(i64),
    /// Right after this sibling.
    After(i64),
    /// At this place, 0 for the first; past the end is the end.
    Place(usize),
}

/// The ids in their new order; none when `id` is there already.
///
/// # Errors
/// `Conflict` when the named sibling is not there any more.
pub fn arrange(order: &[i64], id: i64, spot: Spot) -> Result<Option<Vec<i64>>> {
    let mut new: Vec<i64> = order.iter().copied().filter(|other| *other != id).collect();
    let find = |sibling: i64| new.iter().position(|other| *other == sibling).ok_or_else(gone);
    let place = match spot {
        Spot::Before(sibling) => find(sibling)?,
        Spot::After(sibling) => find(sibling)? + 1,
        Spot::Place(place) => place.min(new.len()),
    };
    new.insert(place, id);
    Ok((new != order).then_some(new))
}

fn gone() -> Error {
    Error::Conflict(
        "Somebody changed this list after you opened it, so nothing was moved. This is how it is now.".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_means_beside_whatever_others_did() {
        let put = |order: &[i64], spot| arrange(order, 3, spot).unwrap();
        assert_eq!(put(&[1, 2, 3, 4], Spot::Before(2)), Some(vec![1, 3, 2, 4]));
        assert_eq!(put(&[4, 2, 1, 3], Spot::Before(2)), Some(vec![4, 3, 2, 1]));
        assert_eq!(put(&[1, 3, 2, 4], Spot::Before(2)), None, "somebody else did the same");
        assert_eq!(put(&[1, 2, 3, 4], Spot::After(4)), Some(vec![1, 2, 4, 3]));
        assert_eq!(put(&[1, 2, 3, 4], Spot::Place(0)), Some(vec![3, 1, 2, 4]));
        assert_eq!(put(&[1, 2, 3, 4], Spot::Place(99)), Some(vec![1, 2, 4, 3]));
        assert_eq!(put(&[1, 2, 3, 4], Spot::Place(2)), None);
        for spot in [Spot::Before(9), Spot::After(9), Spot::Before(3)] {
            assert!(matches!(arrange(&[1, 2, 3], 3, spot), Err(Error::Conflict(_))));
        }
    }
}
