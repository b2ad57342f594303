//! Redirects as a list with commas between its cells, for spreadsheets: written, and read back. All lines are checked before
//! any is kept, each as if it had been typed into the form.

use std::collections::HashMap;

use super::{
    editing::{self, RedirectInput},
    list::{self, RedirectFields},
    missing,
    typed::{self, TypedTarget},
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
    model::{audit_log::AuditEntry, document::rules::DocumentRules, page::tree, write::Write},
    text::{count::pluralise, csv_cell::harmless},
};

const COLUMNS: [&str; 4] = ["from", "to", "hits", "last use"];
/// What may be between the cells; the one that the first line has.
const SEPARATORS: [char; 3] = ['\t', ';', ','];

/// A line that is wrong, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineFault {
    pub(crate) line: u64,
    pub(crate) reason: String,
}

/// What an import did, or would have done.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct SheetReport {
    pub(crate) added: usize,
    pub(crate) changed: usize,
    /// Lines that say what is so already.
    pub(crate) same: usize,
    /// In the order of the lines.
    pub(crate) faults: Vec<LineFault>,
}

/// All redirects that lead somewhere, by path.
pub(crate) async fn write(db: &Conn) -> Result<Vec<u8>> {
    let tell = |error: &dyn std::fmt::Display| Error::internal("csv", error);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|error| tell(&error))?;
    for redirect in list::all(db).await? {
        let last_use = redirect.last_used_at.map(Timestamp::iso).unwrap_or_default();
        let cells = [redirect.from(), redirect.to(), redirect.hits.to_string(), last_use];
        writer.write_record(cells.map(|cell| harmless(&cell).into_owned())).map_err(|error| tell(&error))?;
    }
    writer.into_inner().map_err(|error| tell(&error))
}

struct Line {
    number: u64,
    from: String,
    to: String,
}

/// The lines of a list, with what is wrong with those that cannot be read. A first line with the names of columns is left out.
fn read(text: &str) -> (Vec<Line>, Vec<LineFault>) {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = SEPARATORS.into_iter().find(|separator| first.contains(*separator)).unwrap_or(',');
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
        let names_columns = index == 0 && from.eq_ignore_ascii_case(COLUMNS[0]);
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

/// Most lines of a list. All saving waits while a list is checked and written.
pub(crate) const LINES_MAX: usize = 30_000;

/// What lines are compared with, so that most of them ask the database nothing.
struct Present {
    /// Ids of pages and whether they are live, by path.
    pages: HashMap<String, (i64, bool)>,
    redirects: HashMap<String, (i64, RedirectFields)>,
}

/// Sets all redirects of a list, or with `leaves_out_faulty` those that are right; otherwise nothing when one is wrong.
pub(crate) async fn import(write: &Write, text: &str, leaves_out_faulty: bool) -> Result<SheetReport> {
    let (lines, faults) = read(text);
    let mut report = SheetReport { faults, ..SheetReport::default() };
    let pages = tree::paths(write).await?.into_iter().map(|(path, id, live)| (path, (id, live))).collect();
    let redirects =
        list::every(write).await?.into_iter().map(|one| (one.path.clone(), (one.id, one.fields()))).collect();
    let present = Present { pages, redirects };
    let mut taken: HashMap<String, u64> = HashMap::new();
    for line in in_order(&write.rules, &lines) {
        if let Err(reason) = take_line(write, &present, &mut taken, &mut report, line).await? {
            report.faults.push(LineFault { line: line.number, reason });
        }
    }
    report.faults.sort_by_key(|fault| fault.line);
    if report.added + report.changed > 0 && (report.faults.is_empty() || leaves_out_faulty) {
        missing::clear_redirected(write).await?;
        write.record(AuditEntry::new("redirect.import", "redirect", None, "Redirects").detail(describe(&report)));
        write.touch_public();
    }
    Ok(report)
}

/// The lines in an order in which each comes behind the one that says where its target leads. Among those that lead in a circle one
/// comes first all the same.
fn in_order<'a>(rules: &DocumentRules, lines: &'a [Line]) -> Vec<&'a Line> {
    let mut begins: HashMap<String, usize> = HashMap::new();
    let mut covering: HashMap<String, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        if let Ok((path, covers_below)) = typed::parse_from(rules, &line.from) {
            if covers_below {
                covering.entry(path.clone()).or_insert(at);
            }
            begins.entry(path).or_insert(at);
        }
    }
    let next = |line: &Line| {
        let covers_below = line.from.trim_end().ends_with("/*");
        let Ok(TypedTarget::Page(to, _)) = typed::parse_target(rules, &line.to, covers_below) else { return None };
        let above = || to.rmatch_indices('/').find_map(|(end, _)| covering.get(&to[..end]));
        begins.get(&to).or_else(above).copied()
    };
    let (mut ordered, mut is_placed) = (Vec::with_capacity(lines.len()), vec![false; lines.len()]);
    for at in 0..lines.len() {
        let (mut chain, mut at) = (Vec::new(), Some(at));
        while let Some(here) = at.filter(|here| !is_placed[*here]) {
            is_placed[here] = true;
            chain.push(&lines[here]);
            at = next(&lines[here]);
        }
        ordered.extend(chain.into_iter().rev());
    }
    ordered
}

fn describe(report: &SheetReport) -> String {
    let left_out = match report.faults.len() {
        0 => String::new(),
        faults => format!(", {} with mistakes left out", pluralise(faults, "line", "lines")),
    };
    format!("{} added, {} changed{left_out}", report.added, report.changed)
}

/// Sets the redirect of a line.
/// Errors: a sentence for its user.
async fn take_line(
    write: &Write,
    present: &Present,
    taken: &mut HashMap<String, u64>,
    report: &mut SheetReport,
    line: &Line,
) -> Result<Result<(), String>> {
    let fields = match check(write, present, line).await? {
        Ok(fields) => fields,
        Err(reason) => return Ok(Err(reason)),
    };
    if let Some(other) = taken.insert(fields.path.clone(), line.number).filter(|other| *other != line.number) {
        taken.insert(fields.path.clone(), other);
        return Ok(Err(format!("Line {other} is about {} too", fields.path)));
    }
    match present.redirects.get(&fields.path) {
        Some((_, now)) if *now == fields => report.same += 1,
        Some(_) => {
            editing::put(write, &fields, true).await?;
            report.changed += 1;
        }
        None => {
            editing::put(write, &fields, true).await?;
            report.added += 1;
        }
    }
    Ok(Ok(()))
}

/// What a line says, as the form would take it.
async fn check(write: &Write, present: &Present, line: &Line) -> Result<Result<RedirectFields, String>> {
    if let Some(fields) = check_usual(write, present, line) {
        return Ok(Ok(fields));
    }
    let path = typed::parse_from(&write.rules, &line.from).map(|(path, _)| path).unwrap_or_default();
    let id = match present.redirects.get(&path) {
        Some((id, _)) => *id,
        None => list::at(write, &path).await?.map_or(0, |redirect| redirect.id),
    };
    let input = RedirectInput { from: line.from.clone(), to: line.to.clone(), covers_below: false };
    match editing::check(write, &write.rules, &input, id).await {
        Ok(checked) => Ok(Ok(checked.fields)),
        Err(error) => Ok(Err(error.validation_errors()?.sentence())),
    }
}

/// The same for a line without anything special: to a page that is there, or to another site.
fn check_usual(write: &Write, present: &Present, line: &Line) -> Option<RedirectFields> {
    let (path, covers_below) = typed::parse_from(&write.rules, &line.from).ok()?;
    if path == "/" || write.rules.answers(&path) || present.pages.get(&path).is_some_and(|(_, live)| *live) {
        return None;
    }
    let (document_id, target) = match typed::parse_target(&write.rules, &line.to, covers_below).ok()? {
        TypedTarget::Page(to, part) if !typed::is_at_or_below(&to, &path) => (Some(present.pages.get(&to)?.0), part),
        TypedTarget::Address(address) if !address.starts_with('/') => (None, address),
        _ => return None,
    };
    Some(RedirectFields { path, document_id, target, covers_below })
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
        ] {
            let (lines, faults) = read(text);
            let cells: Vec<_> = lines.iter().map(|line| (&*line.from, &*line.to)).collect();
            assert_eq!((cells, faults), (vec![("/a", "/b"), ("/c", "/d")], Vec::new()), "{text}");
        }
        let (lines, faults) = read("/a\n,\n/b,/c");
        assert_eq!((lines[0].number, faults[0].line), (3, 1));
    }
}
