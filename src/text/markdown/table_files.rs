//! What the page of a text says of each of its tables: what it is about, and where it is available as a file.

use comrak::nodes::AstNode;

/// Fewer rows below the head are copied as quickly.
const ROWS: usize = 3;

/// The address of a table of the page at a path, by its number.
type Address = fn(&str, usize) -> String;

/// Where the tables of the page at a path are to be had, by their numbers; the first is 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableFiles<'a> {
    pub(crate) page: &'a str,
    pub(crate) address: Address,
}

/// The tables that were written so far.
#[derive(Default)]
pub(super) struct TableCount {
    files: Option<(String, Address)>,
    all: usize,
    heading: String,
    below_heading: usize,
}

impl TableCount {
    pub(super) fn new(files: Option<TableFiles<'_>>) -> Self {
        Self { files: files.map(|files| (files.page.to_owned(), files.address)), ..Self::default() }
    }

    /// What follows is below this heading.
    pub(super) fn begin_part(&mut self, heading: &str) {
        heading.clone_into(&mut self.heading);
        self.below_heading = 0;
    }

    /// Another table follows.
    pub(super) fn begin_table(&mut self) {
        self.all += 1;
        self.below_heading += 1;
    }

    /// What the present table is called: as what it is below, as it has no name of its own. Empty above the first heading.
    pub(super) fn caption(&self) -> String {
        match (self.heading.as_str(), self.below_heading) {
            ("", _) => String::new(),
            (heading, 1) => heading.to_owned(),
            (heading, number) => format!("{heading}, table {number}"),
        }
    }

    /// Where the present table, `node`, is available as a file, when that is worth a link.
    pub(super) fn address<'a>(&self, node: &'a AstNode<'a>) -> Option<String> {
        let (page, address) = self.files.as_ref()?;
        (node.children().count() > ROWS).then(|| address(page, self.all))
    }
}
