//! The screens that have a name of their own and what can be begun from everywhere, with the words that find them.

use axum_extra::routing::TypedPath;

use crate::{
    admin::{
        paths::{
            AccountMailPath, AccountPasswordPath, AccountPath, AddressPath, AuditLogCheckPath, BackupPath,
            CommentsPath, DeadLinksPath, FactorRulePath, FaqCategoriesPath, MailPath, MessageExportPath,
            MessageRetentionPath, MissingPathsPath, NewFaqCategoryPath, NewMediaPath, NewRedirectPath, NewTypePath,
            NewUserPath, PersonalDataPath, RedirectImportPath, ReviewsPath, SettingsPath, SignOutPath, SitePreviewPath,
            SystemPath, TestRedirectPath, UnpublishedPath, WebhooksPath,
        },
        shared::{admin_context::AdminContext, document_kinds::screens, main_menu::main_menu},
    },
    model::{document::kind::DocumentKind, policy::Action},
    text::fold::fold,
};

/// Where one can go, or what one can do, by one press.
#[derive(Debug, Clone, Copy)]
pub(super) struct AdminPlace {
    pub(super) label: &'static str,
    /// Further words that find it.
    words: &'static str,
    pub(super) path: &'static str,
    /// What one needs the right for to see it.
    needs: Action,
    /// Whether it is a form that is sent, not a screen.
    pub(super) is_button: bool,
}

const fn place(label: &'static str, words: &'static str, path: &'static str, needs: Action) -> AdminPlace {
    AdminPlace { label, words, path, needs, is_button: false }
}

const PAGES: &str = screens(DocumentKind::Page).paths.new;
const QUESTIONS: &str = screens(DocumentKind::FaqItem).paths.new;

/// What is in no menu, the most frequent first.
const MORE: [AdminPlace; 31] = [
    place("New page", "create add write", PAGES, Action::Edit),
    place("New question", "create add write faq item answer", QUESTIONS, Action::Edit),
    place("Add pictures or files", "new upload image photo media pdf", NewMediaPath::PATH, Action::Edit),
    place("Invite a user", "new create add account", NewUserPath::PATH, Action::ManageUsers),
    place(
        "Who needs a second factor",
        "2fa mfa totp code app passkey users",
        FactorRulePath::PATH,
        Action::ManageUsers,
    ),
    place("New redirect", "create add", NewRedirectPath::PATH, Action::Publish),
    place("Import redirects", "csv spreadsheet list", RedirectImportPath::PATH, Action::Publish),
    place("Test a path", "redirects try", TestRedirectPath::PATH, Action::Edit),
    place("Paths that visitors did not find", "404 missing broken redirects", MissingPathsPath::PATH, Action::Edit),
    place("Categories of the FAQ", "questions", FaqCategoriesPath::PATH, Action::Edit),
    place("New category of the FAQ", "create add questions", NewFaqCategoryPath::PATH, Action::Edit),
    place("Unpublished changes", "drafts waiting", UnpublishedPath::PATH, Action::Edit),
    place("Due for review", "overdue reviews", ReviewsPath::PATH, Action::Edit),
    place("Comments", "mentions threads", CommentsPath::PATH, Action::Edit),
    place("Links that lead nowhere", "dead broken", DeadLinksPath::PATH, Action::Edit),
    place("Export messages", "csv download spreadsheet", MessageExportPath::PATH, Action::ExportMessages),
    place("Deletion of old messages", "retention", MessageRetentionPath::PATH, Action::DisposeOfMessages),
    place("Personal data", "gdpr privacy erase export retention", PersonalDataPath::PATH, Action::HandlePersonalData),
    place("Check the audit log", "verify intact", AuditLogCheckPath::PATH, Action::ReadAuditLog),
    place("E-mail", "mail smtp outbox sent failed", MailPath::PATH, Action::ChangeSettings),
    place("Webhooks", "http api events notify secret", WebhooksPath::PATH, Action::ManageWebhooks),
    place("New type", "create add fields documents structure", NewTypePath::PATH, Action::ChangeTypes),
    place("Backup", "copy download", BackupPath::PATH, Action::ChangeSettings),
    place("System", "doctor health status disk checks operation", SystemPath::PATH, Action::ChangeSettings),
    place("Preview of the whole site", "drafts unpublished", SitePreviewPath::PATH, Action::Edit),
    place("View the portal", "website public home visitors", "/", Action::UseAdmin),
    place("Your account", "profile name e-mail sessions passkeys devices", AccountPath::PATH, Action::UseAdmin),
    place("Change your e-mail address", "account", AddressPath::PATH, Action::UseAdmin),
    place("E-mails to you", "account notifications messages digest", AccountMailPath::PATH, Action::UseAdmin),
    place("Change your password", "account", AccountPasswordPath::PATH, Action::UseAdmin),
    AdminPlace { is_button: true, ..place("Sign out", "log out logout leave", SignOutPath::PATH, Action::UseAdmin) },
];

/// The fields of the settings: label, further words, and the id of the field.
const SETTINGS: [(&str, &str, &str); 7] = [
    ("Name of the site", "title", "site_name"),
    ("Tagline", "subtitle slogan", "tagline"),
    ("Contact address", "e-mail", "contact_address"),
    ("Footer", "foot", "footer"),
    ("Language", "locale", "language"),
    ("Time zone", "clock", "time_zone"),
    ("Delete messages after how many months", "retention", "retention_months"),
];

/// All that the user may see, in the order in which it is offered: what can be begun, and the menu.
pub(super) fn all(admin: &AdminContext) -> Vec<AdminPlace> {
    let (begin, more) = MORE.split_at(4);
    let menu: Vec<_> = main_menu().map(|(label, path, needs)| place(label, "", path, needs)).collect();
    let every = begin.iter().chain(&menu).chain(more).copied();
    every.filter(|place| admin.may(place.needs)).collect()
}

/// Those that all words of `q` find; those first whose label they find.
pub(super) fn find(admin: &AdminContext, q: &str) -> Vec<AdminPlace> {
    let q = fold(q);
    let all = all(admin);
    let (by_label, by_words): (Vec<_>, Vec<_>) = all
        .into_iter()
        .filter(|place| fits(&q, &[place.label, place.words]))
        .partition(|place| fits(&q, &[place.label]));
    by_label.into_iter().chain(by_words).collect()
}

/// The fields of the settings that all words of `q` find: label, and the path of the screen at that field.
pub(super) fn settings(admin: &AdminContext, q: &str) -> Vec<(&'static str, String)> {
    if !admin.may(Action::ChangeSettings) {
        return Vec::new();
    }
    let q = fold(q);
    let found = SETTINGS.iter().filter(|(label, words, _)| fits(&q, &[label, words, "settings"]));
    found.map(|(label, _, field)| (*label, format!("{}#field-{field}", SettingsPath::PATH))).collect()
}

/// Whether each word of `q`, which is folded, begins a word of the texts. None does when there is no word.
fn fits(q: &str, texts: &[&str]) -> bool {
    let texts = fold(&texts.join(" "));
    let begins = |word: &str| texts.split_whitespace().any(|known| known.starts_with(word));
    !q.trim().is_empty() && q.split_whitespace().all(begins)
}
