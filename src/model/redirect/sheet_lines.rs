//! The lines of a list of redirects, as spreadsheets write them. Knows nothing of what they say.

pub(super) const COLUMNS: [&str; 4] = ["from", "to", "hits", "last use"];
/// What may be between the cells.
const SEPARATORS: [char; 3] = ['\t', ';', ','];
/// How a first line begins that some spreadsheets write, behind which the separator is.
const NAMES_SEPARATOR: &str = "sep=";
/// So many lines say which it is.
const LOOKED_AT: usize = 50;

/// A line that is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineFault {
    pub(crate) line: u64,
    pub(crate) reason: String,
}

/// A line with two cells.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) from: String,
    pub(super) to: String,
}

/// What is between the cells: what is named in the first line, or else what divides most of the first lines into two paths or addresses.
/// An address may have any of them in it.
fn separator_of(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    if let Some(named) = first.strip_prefix(NAMES_SEPARATOR).and_then(|rest| rest.chars().next())
        && SEPARATORS.contains(&named)
    {
        return named;
    }
    let divides = |line: &&str, separator: char| {
        line.split_once(separator).is_some_and(|(from, to)| {
            let begins = |cell: &str| cell.trim_matches([' ', '"']).starts_with(['/', 'h', 'H']);
            begins(from) && begins(to)
        })
    };
    let count = |separator| text.lines().take(LOOKED_AT).filter(|line| divides(line, separator)).count();
    let counted = SEPARATORS.map(|separator| (count(separator), separator));
    let most = counted.iter().map(|(count, _)| *count).max().unwrap_or_default();
    let by_first = || SEPARATORS.into_iter().find(|separator| first.contains(*separator));
    let by_lines = counted.into_iter().find(|(count, _)| *count == most && most > 0).map(|(_, separator)| separator);
    by_lines.or_else(by_first).unwrap_or(',')
}

/// The lines of a list, with what is wrong with those that cannot be read. A first line with the names of columns is left out.
pub(super) fn read(text: &str) -> (Vec<Line>, Vec<LineFault>) {
    let text = text.trim_start_matches('\u{feff}');
    let separator = separator_of(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (index, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(LineFault { line, reason: "This line cannot be read".to_owned() });
                continue;
            }
        };
        let number = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let (from, to) = (cell(0), cell(1));
        let names_columns = from.eq_ignore_ascii_case(COLUMNS[0]) && lines.is_empty()
            || index == 0 && from.starts_with(NAMES_SEPARATOR);
        if names_columns || (from.is_empty() && to.is_empty()) {
            continue;
        }
        if to.is_empty() {
            let reason = format!("“{from}” has no second cell that says where it leads");
            faults.push(LineFault { line: number, reason });
        } else {
            lines.push(Line { number, from, to });
        }
    }
    (lines, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_spreadsheets_write_them() {
        for text in [
            "/a,/b\n/c,/d\n",
            "\u{feff}from,to,hits\r\n\"/a\",\"/b\",3\r\n/c , /d\r\n",
            "From;To\n/a;/b\n\n/c;/d",
            "/a\t/b\n/c\t/d",
            "sep=;\r\nFrom;To\r\n/a;/b\r\n/c;/d",
        ] {
            let (lines, faults) = read(text);
            let cells: Vec<_> = lines.iter().map(|line| (&*line.from, &*line.to)).collect();
            assert_eq!((cells, faults), (vec![("/a", "/b"), ("/c", "/d")], Vec::new()), "{text}");
        }
        for (text, to) in
            [("/a,/b;v=1", "/b;v=1"), ("/a;https://b.example/x,y", "https://b.example/x,y"), ("/a,/b,3;4", "/b")]
        {
            assert_eq!(read(text).0[0].to, to, "{text}");
        }
        let (lines, faults) = read("/a\n,\n/b,/c");
        assert_eq!((lines[0].number, faults[0].line), (3, 1));
    }
}
