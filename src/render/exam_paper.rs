//! Which questions of a bank are in which paper: the same for the same number, from every area in proportion.

/// Questions of a paper, when the bank has as many.
pub(super) const SIZE: usize = 40;
/// Minutes for a paper of that size.
const MINUTES: usize = 60;

/// How many right answers pass a paper of this many questions: 26 of 40.
#[must_use]
pub(super) const fn pass_mark(questions: usize) -> usize {
    (questions * 26).div_ceil(SIZE)
}

/// How many minutes a paper of this many questions takes: 60 for 40.
#[must_use]
pub(super) const fn minutes(questions: usize) -> usize {
    (questions * MINUTES).div_ceil(SIZE)
}

/// The places in the areas of what a paper has, in their order; `areas` has the slugs of each.
#[must_use]
pub(super) fn places(areas: &[Vec<&str>], number: u8) -> Vec<Vec<usize>> {
    let counts: Vec<usize> = areas.iter().map(Vec::len).collect();
    let chosen = |(slugs, share): (&Vec<&str>, usize)| {
        let mut places: Vec<usize> = (0..slugs.len()).collect();
        places.sort_by_key(|place| rank(number, slugs[*place]));
        places.truncate(share);
        places
    };
    areas.iter().zip(shares(&counts)).map(chosen).collect()
}

/// How many questions each area has in a paper. None gets more than it has.
fn shares(counts: &[usize]) -> Vec<usize> {
    let total: usize = counts.iter().sum();
    let size = total.min(SIZE);
    let (mut seen, mut given, mut shares) = (0, 0, Vec::new());
    for count in counts {
        seen += count;
        let until = (size * seen + total / 2) / total.max(1);
        shares.push(until - given);
        given = until;
    }
    shares
}

/// Where a question comes in a paper, whatever else is in the bank (FNV-1a).
fn rank(number: u8, slug: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    std::iter::once(number).chain(slug.bytes()).fold(0xcbf2_9ce4_8422_2325, mix)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pass_mark_and_minutes_are_those_of_the_examination() {
        assert_eq!([40, 20, 3, 1, 0].map(pass_mark), [26, 13, 2, 1, 0]);
        assert_eq!([40, 20, 3, 1, 0].map(minutes), [60, 30, 5, 2, 0]);
    }

    #[test]
    fn papers_differ_and_a_paper_stays_the_same() {
        let slugs: Vec<String> = (0..90).map(|number| format!("question-{number}")).collect();
        let areas: Vec<Vec<&str>> = slugs.chunks(30).map(|some| some.iter().map(String::as_str).collect()).collect();
        assert_eq!(places(&areas, 1), places(&areas, 1));
        assert_ne!(places(&areas, 1), places(&areas, 2));
    }

    proptest! {
        #[test]
        fn each_area_has_its_share(counts in prop::collection::vec(0_usize..40, 0..12)) {
            let total: usize = counts.iter().sum();
            let shares = shares(&counts);
            prop_assert_eq!(shares.iter().sum::<usize>(), total.min(SIZE));
            for (share, count) in shares.iter().zip(&counts) {
                prop_assert!(share <= count);
                // Within one of what is fair.
                prop_assert!((share * total).abs_diff(count * total.min(SIZE)) <= total);
            }
        }
    }
}
