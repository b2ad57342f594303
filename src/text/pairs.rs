//! Which of the texts that were replaced became which of the new ones: the pairs with the most words in common, in order.

use std::{collections::HashMap, ops::Range};

/// More pairs than this are not weighed.
const MOST: usize = 10_000;
/// The least part of words in common that makes two texts one that was changed.
const ALIKE: f64 = 0.4;

/// Parts of both lists, in order and without gaps: two texts that are alike, or texts that are not like any other.
pub(crate) fn pair(old: &[&str], new: &[&str]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut parts = Vec::new();
    let mut end = (0, 0);
    for (a, b) in alike(old, new).into_iter().chain([(old.len(), new.len())]) {
        add_unpaired(&mut parts, end.0..a, end.1..b);
        if a < old.len() {
            parts.push((a..a + 1, b..b + 1));
        }
        end = (a + 1, b + 1);
    }
    parts
}

/// Texts between two pairs: one for one when there are as many of both, otherwise all together.
fn add_unpaired(parts: &mut Vec<(Range<usize>, Range<usize>)>, old: Range<usize>, new: Range<usize>) {
    if old.is_empty() && new.is_empty() {
        return;
    }
    if old.len() == new.len() {
        parts.extend(old.zip(new).map(|(a, b)| (a..a + 1, b..b + 1)));
    } else {
        parts.push((old, new));
    }
}

/// The places of the texts that are alike.
fn alike(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    if old.len() * new.len() > MOST {
        return Vec::new();
    }
    let old: Vec<_> = old.iter().map(|text| count_words(text)).collect();
    let new: Vec<_> = new.iter().map(|text| count_words(text)).collect();
    // The best sum of likenesses of the texts from `a` and `b` on.
    let mut best = vec![vec![0.0; new.len() + 1]; old.len() + 1];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            let alike = likeness(&old[a], &new[b]);
            let paired = if alike >= ALIKE { alike + best[a + 1][b + 1] } else { 0.0 };
            best[a][b] = f64::max(paired, f64::max(best[a + 1][b], best[a][b + 1]));
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, Vec::new());
    while a < old.len() && b < new.len() {
        if best[a][b] <= best[a + 1][b] {
            a += 1;
        } else if best[a][b] <= best[a][b + 1] {
            b += 1;
        } else {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        }
    }
    pairs
}

fn count_words(text: &str) -> HashMap<&str, usize> {
    let mut words = HashMap::new();
    for word in text.split_whitespace() {
        *words.entry(word).or_default() += 1;
    }
    words
}

/// From 0 to 1.
fn likeness(a: &HashMap<&str, usize>, b: &HashMap<&str, usize>) -> f64 {
    let common: usize = a.iter().map(|(word, count)| b.get(word).copied().unwrap_or(0).min(*count)).sum();
    let all: usize = a.values().sum::<usize>() + b.values().sum::<usize>();
    #[expect(clippy::cast_precision_loss, reason = "numbers of words")]
    if all == 0 { 0.0 } else { 2.0 * common as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_alike_is_paired_and_the_rest_goes_together() {
        let found = pair(&["one two three", "gone", "x y"], &["new", "one two four", "x z", "and more"]);
        assert_eq!(found, [(0..0, 0..1), (0..1, 1..2), (1..2, 2..2), (2..3, 2..3), (3..3, 3..4)]);
        assert_eq!(pair(&["a", "b"], &["c", "d"]), [(0..1, 0..1), (1..2, 1..2)]);
        assert_eq!(pair(&["a", "b"], &["c"]), [(0..2, 0..1)]);
    }

    proptest! {
        #[test]
        fn nothing_is_left_out(old in prop::collection::vec("[ab ]{0,4}", 0..6), new in prop::collection::vec("[ab ]{0,4}", 0..6)) {
            let old: Vec<&str> = old.iter().map(String::as_str).collect();
            let new: Vec<&str> = new.iter().map(String::as_str).collect();
            let (mut a, mut b) = (0, 0);
            for (from, to) in pair(&old, &new) {
                prop_assert_eq!((from.start, to.start), (a, b));
                (a, b) = (from.end, to.end);
            }
            prop_assert_eq!((a, b), (old.len(), new.len()));
        }
    }
}
