//! What the program keeps about whom, why and for how long, as the screen and `docs/personal-data.md` say it.

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeptFor {
    /// Until its time is over that the settings give.
    Retention,
    Fixed(&'static str),
}

impl KeptFor {
    /// In words, where `months` says what the settings say.
    #[must_use]
    pub(crate) fn words(self, months: &str) -> String {
        match self {
            Self::Retention => format!("{months}, then 3 days of running time"),
            Self::Fixed(words) => words.to_owned(),
        }
    }
}

/// One kind of personal data.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptData {
    pub(crate) what: &'static str,
    pub(crate) why: &'static str,
    pub(crate) kept_for: KeptFor,
    pub(crate) erasing: &'static str,
}

const fn row(what: &'static str, why: &'static str, kept_for: KeptFor, erasing: &'static str) -> KeptData {
    KeptData { what, why, kept_for, erasing }
}

use KeptFor::{Fixed, Retention};

pub(crate) const ALL: [KeptData; 10] = [
    row("Messages of visitors, with answers and notes", "To answer them", Retention, "Deletes them"),
    row(
        "E-mails that were sent, wait or failed, without their text once they are sent",
        "To send them, and to say what became of each",
        Fixed("As the message; 30 days when it failed"),
        "Deletes them",
    ),
    row(
        "Accounts: name, e-mail address, role, last sign-in, company account",
        "To know who may sign in",
        Fixed("Until erased"),
        "Takes name, address, password and factors away; the account can never be used again",
    ),
    row("Sessions: browser and system", "So that users see where they are signed in", Fixed("12 hours"), "Ends them"),
    row(
        "Drafts and saved filters of users",
        "So that nothing typed is lost",
        Fixed("Until saved or discarded; filters until removed"),
        "Deletes those of the account, and filters that ask for the address",
    ),
    row(
        "Texts of others that name the address: messages, answers, notes, comments",
        "They were written to work with",
        Fixed("As what they belong to"),
        "Replaces the address in them",
    ),
    row(
        "Versions and publications of pages and questions: who wrote and published them",
        "To prove what was published when, and by whom",
        Fixed("For good"),
        "Nothing: they never change",
    ),
    row(
        "Audit log: who did what when",
        "To prove that nothing was changed unseen",
        Fixed("For good"),
        "Nothing: it is a chain of hashes. It names users, and no visitor",
    ),
    row(
        "Log of the program: network addresses of sign-ins and refusals",
        "To see attacks",
        Fixed("As the host keeps it"),
        "Nothing",
    ),
    row(
        "Backups, and what a restore has kept aside (before-restore-…)",
        "To restore the site",
        Fixed("Until they are deleted, by rotation or by hand"),
        "Nothing: erase again after a restore",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_says_the_same() {
        let text = include_str!("../../../docs/personal-data.md");
        for kept in &ALL {
            let KeptData { what, why, kept_for, erasing } = kept;
            let line =
                format!("| {what} | {why} | {} | {erasing} |", kept_for.words("The months in the settings (24)"));
            assert!(text.contains(&line), "docs/personal-data.md needs the line\n{line}");
        }
    }
}
