//! Redirects as a list for spreadsheets, with commas between its cells: written, and read back. All lines are checked before any is
//! kept, each as if it had been typed into the form.

use std::collections::{HashMap, HashSet};

use super::{
    editing::{self, RedirectInput},
    list::{self, RedirectFields},
    missing,
    sheet_lines::{COLUMNS, Line, LineFault, read},
    typed::{self, TypedTarget},
};
use crate::{
    clock::Timestamp,
    db::conn::Conn,
    error::{Error, Result},
    model::{audit_log::AuditEntry, document::rules::DocumentRules, page::tree, write::Write},
    text::{count::pluralise, csv_cell::harmless},
};

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

/// Most lines of a list. All saving waits while a list is checked and written.
pub(crate) const LINES_MAX: usize = 30_000;

/// What lines are compared with, so that most of them ask the database nothing.
struct Present {
    /// Ids of pages and whether they are live, by path.
    pages: HashMap<String, (i64, bool)>,
    /// Ids of live pages.
    live: HashSet<i64>,
    redirects: HashMap<String, (i64, RedirectFields)>,
}

/// What was read of a list so far.
#[derive(Default)]
struct Progress {
    /// By path the number of the line that is about it, and the redirect.
    taken: HashMap<String, (u64, RedirectFields)>,
    /// What is still to be stored.
    waiting: Vec<RedirectFields>,
    report: SheetReport,
}

/// Sets all redirects of a list, or with `leaves_out_faulty` those that are right; otherwise nothing when one is wrong.
pub(crate) async fn import(write: &Write, text: &str, leaves_out_faulty: bool) -> Result<SheetReport> {
    let (lines, faults) = read(text);
    let pages: HashMap<_, _> =
        tree::paths(write).await?.into_iter().map(|(path, id, live)| (path, (id, live))).collect();
    let live = pages.values().filter(|(_, live)| *live).map(|(id, _)| *id).collect();
    let redirects =
        list::every(write).await?.into_iter().map(|one| (one.path.clone(), (one.id, one.fields()))).collect();
    let present = Present { pages, live, redirects };
    let mut progress = Progress { report: SheetReport { faults, ..SheetReport::default() }, ..Progress::default() };
    for line in in_order(&write.rules, &lines) {
        if let Err(reason) = take_line(write, &present, &mut progress, line).await? {
            progress.report.faults.push(LineFault { line: line.number, reason });
        }
    }
    editing::put_all(write, &progress.waiting).await?;
    let Progress { mut report, .. } = progress;
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
    progress: &mut Progress,
    line: &Line,
) -> Result<Result<(), String>> {
    let fields = if let Some(fields) = check_usual(write, present, progress, line) {
        fields
    } else {
        // What asks the database has to find what comes before.
        editing::put_all(write, &std::mem::take(&mut progress.waiting)).await?;
        match check(write, present, line).await? {
            Ok(fields) => fields,
            Err(reason) => return Ok(Err(reason)),
        }
    };
    if let Some((other, _)) = progress.taken.get(&fields.path) {
        return Ok(Err(format!("Line {other} is about {} too", fields.path)));
    }
    progress.taken.insert(fields.path.clone(), (line.number, fields.clone()));
    match present.redirects.get(&fields.path) {
        Some((_, now)) if *now == fields => progress.report.same += 1,
        Some(_) => {
            progress.waiting.push(fields);
            progress.report.changed += 1;
        }
        None => {
            progress.waiting.push(fields);
            progress.report.added += 1;
        }
    }
    Ok(Ok(()))
}

/// What a line says, as the form would take it.
async fn check(write: &Write, present: &Present, line: &Line) -> Result<Result<RedirectFields, String>> {
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

/// The same for a line without anything special: to a page that is there, to another site, or to a path that leads to such a one.
fn check_usual(write: &Write, present: &Present, progress: &Progress, line: &Line) -> Option<RedirectFields> {
    let (path, covers_below) = typed::parse_from(&write.rules, &line.from).ok()?;
    if path == "/" || write.rules.answers(&path) || present.pages.get(&path).is_some_and(|(_, live)| *live) {
        return None;
    }
    let (document_id, target) = match typed::parse_target(&write.rules, &line.to, covers_below).ok()? {
        TypedTarget::Page(to, part) if !typed::is_at_or_below(&to, &path) => match present.pages.get(&to) {
            Some((id, _)) => (Some(*id), part),
            None if covers_below => return None,
            None => {
                let taken = progress.taken.get(&to).map(|(_, fields)| fields);
                let next = taken.or_else(|| present.redirects.get(&to).map(|(_, fields)| fields))?;
                let is_end = next.document_id.is_none_or(|id| present.live.contains(&id));
                let next = Some(next).filter(|next| is_end && !next.covers_below)?;
                let is_own = next.document_id.is_some() && !part.is_empty();
                (next.document_id, if is_own { part } else { next.target.clone() })
            }
        },
        TypedTarget::Address(address) if !address.starts_with('/') => (None, address),
        _ => return None,
    };
    Some(RedirectFields { path, document_id, target, covers_below })
}
