//! The text format of Prometheus. Knows no metric.

use std::fmt::{Display, Write};

use crate::histogram::{BOUNDS, HistogramCounts};

/// What is said of the type of the text.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Default)]
pub(super) struct MetricsText(pub(super) String);

impl MetricsText {
    /// Begins a metric; `kind` is `counter`, `gauge` or `histogram`.
    pub(super) fn metric(&mut self, name: &str, kind: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// A value of it; `labels` as `class="page"`, or empty.
    pub(super) fn value(&mut self, name: &str, labels: &str, value: impl Display) {
        let (open, close) = if labels.is_empty() { ("", "") } else { ("{", "}") };
        self.line(format_args!("{name}{open}{labels}{close} {value}"));
    }

    /// One that has a single value.
    pub(super) fn single(&mut self, (name, kind, help): (&str, &str, &str), value: impl Display) {
        self.metric(name, kind, help);
        self.value(name, "", value);
    }

    /// The same when it is known.
    pub(super) fn known(&mut self, metric: (&str, &str, &str), value: Option<impl Display>) {
        if let Some(value) = value {
            self.single(metric, value);
        }
    }

    /// The classes of a histogram that was begun; `labels` as in [`Self::value`].
    pub(super) fn histogram(&mut self, name: &str, labels: &str, counts: &HistogramCounts) {
        let (before, own) = if labels.is_empty() { ("", String::new()) } else { (",", format!("{{{labels}}}")) };
        let mut sum = 0;
        for (class, count) in counts.classes.iter().enumerate() {
            sum += count;
            let bound = BOUNDS.get(class).map_or_else(|| "+Inf".to_owned(), |bound| seconds(*bound));
            self.line(format_args!("{name}_bucket{{{labels}{before}le=\"{bound}\"}} {sum}"));
        }
        self.line(format_args!("{name}_sum{own} {}", seconds(counts.microseconds)));
        self.line(format_args!("{name}_count{own} {sum}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.0, "{line}");
    }
}

/// As a decimal number, exact.
fn seconds(microseconds: u64) -> String {
    format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::histogram::Histogram;

    #[test]
    fn classes_add_up_as_prometheus_wants_them() {
        let histogram = Histogram::new();
        for milliseconds in [1, 1, 20_000] {
            histogram.add(Duration::from_millis(milliseconds));
        }
        let mut text = MetricsText::default();
        text.metric("x", "histogram", "Some time.");
        text.histogram("x", "kind=\"read\"", &histogram.counts());
        for line in [
            "# TYPE x histogram\n",
            "x_bucket{kind=\"read\",le=\"0.000500\"} 0\n",
            "x_bucket{kind=\"read\",le=\"0.001000\"} 2\n",
            "x_bucket{kind=\"read\",le=\"10.000000\"} 2\n",
            "x_bucket{kind=\"read\",le=\"+Inf\"} 3\n",
            "x_sum{kind=\"read\"} 20.002000\n",
            "x_count{kind=\"read\"} 3\n",
        ] {
            assert!(text.0.contains(line), "{line} is not in {}", text.0);
        }
    }
}
