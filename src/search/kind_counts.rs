//! How many of the documents that were found are of which kind, counted while they are ranked.

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
};

use super::{index_document::ResultKind, schema};

/// The number of documents of each kind, in the order of [`ResultKind::ALL`].
pub(crate) type CountsByKind = [usize; ResultKind::ALL.len()];

pub(crate) struct KindCounts;

impl Collector for KindCounts {
    type Fruit = CountsByKind;
    type Child = SegmentKindCounts;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentKindCounts> {
        let kinds = segment.fast_fields().u64(schema::KIND)?;
        Ok(SegmentKindCounts { kinds, counts: CountsByKind::default() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<CountsByKind>) -> tantivy::Result<CountsByKind> {
        let mut all = CountsByKind::default();
        for (index, count) in segments.iter().flat_map(|counts| counts.iter().enumerate()) {
            all[index] += count;
        }
        Ok(all)
    }
}

pub(crate) struct SegmentKindCounts {
    kinds: Column<u64>,
    counts: CountsByKind,
}

impl SegmentCollector for SegmentKindCounts {
    type Fruit = CountsByKind;

    fn collect(&mut self, document: DocId, _: Score) {
        let kind = self.kinds.first(document).and_then(|kind| usize::try_from(kind).ok());
        if let Some(count) = kind.and_then(|kind| self.counts.get_mut(kind)) {
            *count += 1;
        }
    }

    fn harvest(self) -> CountsByKind {
        self.counts
    }
}
