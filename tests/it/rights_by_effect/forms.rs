//! One or more fitting forms for every route that takes one.

use plinth::model::policy::Action;

/// What a form does to the public site when it is sent by a user who may send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Visitors see no change.
    Nothing,
    /// Visitors see something else at once.
    Public,
    /// The same; the route asks for less, and the handler for this action when the form wants this.
    PublicIf(Action),
    /// Nothing, and the site has nothing that the form would fit.
    Refused,
}

/// A form. In `at` and `fields`, `<name>` is what [`Site::fill`](super::site::Site::fill) knows under that name.
pub struct Form {
    /// The path of the route, as its table has it.
    pub route: &'static str,
    /// What is in the places of the path, in their order.
    pub at: &'static str,
    /// `name=value`, with `&` in between.
    pub fields: &'static str,
    pub effect: Effect,
}

const fn form(route: &'static str, at: &'static str, fields: &'static str, effect: Effect) -> Form {
    Form { route, at, fields, effect }
}

use Effect::{Nothing, Public, PublicIf, Refused};

const CONTACT_FORM: &str =
    "topic=standards&name=Zoe&email=zoe@visitor.example&body=Which level?&consent=yes&form_token=<token>";
const ERASURE: &str =
    "address=zoe@visitor.example&confirmation=zoe@visitor.example&seen=nothing&confirm_password=<password>";
const PUBLISH: Effect = PublicIf(Action::Publish);

/// The table.
pub const FORMS: &[Form] = &[
    // Visitors
    form("/", "", CONTACT_FORM, Refused),
    form("/{*path}", "contact", CONTACT_FORM, Nothing),
    form("/sitemap-{name}", "contact", CONTACT_FORM, Nothing),
    // Signing in
    form("/admin/sign-in", "", "email=<email>&password=<password>", Nothing),
    form("/admin/sign-in/code", "", "code=123456", Nothing),
    // The site sends no e-mail.
    form("/admin/forgotten-password", "", "email=<email>", Refused),
    // A site without a public address has no passkeys.
    form("/admin/sign-in/passkey", "", "answer={}", Refused),
    form("/admin/sign-in/passkey/challenge", "", "", Refused),
    // No provider is set.
    form("/admin/sign-in/company", "", "", Refused),
    form("/admin/sign-out", "", "", Nothing),
    form("/admin/session-check", "", "", Nothing),
    // It works once, and not when there is an administrator, as there is when one sends it.
    form("/admin/setup/{token}", "<setup>", "name=Ada&email=ada@portal.example&password=<password>", Refused),
    form("/admin/invitations/{token}", "<invitation>", "name=Pat&password=<password>", Nothing),
    // E-mails: the site has none.
    form("/admin/mail/{id}/send", "1", "", Nothing),
    form("/admin/mail/{id}/delete", "1", "", Nothing),
    form("/admin/personal-data", "", "address=zoe@visitor.example&confirm_password=<password>", Nothing),
    form("/admin/personal-data/export", "", "address=zoe@visitor.example&confirm_password=<password>", Nothing),
    // It names nothing that was seen, so nothing is erased.
    form("/admin/personal-data/erase", "", ERASURE, Refused),
    // Webhooks are off.
    form("/admin/webhooks", "", "url=https://hooks.example/&event=inbox.received&confirm_password=<password>", Nothing),
    form("/admin/webhooks/{id}/delete", "1", "confirm_password=<password>", Nothing),
    form("/admin/webhooks/deliveries/{id}/send", "1", "confirm_password=<password>", Nothing),
    form("/admin/webhooks/deliveries/{id}/delete", "1", "confirm_password=<password>", Nothing),
    form("/admin/account", "", "name=Another name&was_name=Some User", Nothing),
    // The site sends no e-mail, so there is no link either.
    form("/admin/account/address", "", "email=other@portal.example&current_password=<password>", Refused),
    form("/admin/account/address/{token}", "none", "", Nothing),
    form("/admin/account/mail", "", "messages=daily&own_documents=yes", Nothing),
    form("/admin/unsubscribe/{token}", "1.messages.x", "List-Unsubscribe=One-Click", Refused),
    form("/admin/account/password", "", "current_password=<password>&password=copper lantern willow drum", Nothing),
    form("/admin/account/code-app/new", "", "confirm_password=<password>", Nothing),
    form("/admin/account/code-app", "", "code=123456&confirm_password=<password>", Nothing),
    form("/admin/account/code-app/remove", "", "confirm_password=<password>", Nothing),
    form("/admin/account/passkeys", "", "confirm_password=<password>", Nothing),
    form("/admin/account/passkeys/new", "", "name=Key&answer={}&confirm_password=<password>", Nothing),
    form("/admin/account/passkeys/{id}/remove", "1", "confirm_password=<password>", Nothing),
    form("/admin/account/recovery-codes", "", "confirm_password=<password>", Nothing),
    form("/admin/account/devices/{id}/forget", "1", "", Nothing),
    form("/admin/account/sessions/end", "", "", Nothing),
    form("/admin/account/sessions/{id}/end", "1", "", Nothing),
    // Pages
    form("/admin/pages/new", "", "title=A page&slug=a-page&body=x&menu=main&layout=article&do=save", Nothing),
    form("/admin/pages/new", "", "title=A page&slug=a-page&body=x&menu=main&layout=article&do=publish", PUBLISH),
    // At an address that leads elsewhere, at one that was deleted and at one that was unpublished.
    form("/admin/pages/new", "", "title=A page&slug=old&body=x&do=save", Nothing),
    form("/admin/pages/new", "", "title=A page&slug=trashed&body=x&do=save", Nothing),
    form("/admin/pages/new/preview", "", "title=A page&slug=a-page&body=x", Nothing),
    form("/admin/pages/new/draft", "", "draft=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&title=A page", Nothing),
    form("/admin/pages/new/checks", "", "title=A page&slug=a-page&body=[](/nowhere)", Nothing),
    form("/admin/pages/{id}/checks", "<first>", "base=1&title=Renamed&slug=renamed&body=![](/x)", Nothing),
    form("/admin/pages/{id}/draft", "<first>", "base=1&title=Renamed&body=x", Nothing),
    form("/admin/pages/{id}", "<first>", "base=1&title=Renamed&slug=renamed&body=x&menu=main&do=save", Nothing),
    form("/admin/pages/{id}", "<first>", "base=1&title=Renamed&slug=old&body=x&menu=main&do=save", Nothing),
    form("/admin/pages/{id}", "<first>", "base=1&title=Renamed&slug=renamed&body=x&menu=main&do=publish", PUBLISH),
    form("/admin/pages/{id}", "<draft>", "base=1&title=Renamed&slug=old&body=x&do=save", Nothing),
    form("/admin/pages/{id}", "<draft>", "base=1&title=Renamed&slug=trashed&body=x&do=save", Nothing),
    form("/admin/pages/{id}/preview", "<first>", "base=1&title=Renamed&slug=renamed&body=x", Nothing),
    form("/admin/pages/{id}/move", "<first>", "parent=/new&was_path=/guide/first", Public),
    form("/admin/pages/{id}/duplicate", "<guide>", "", Nothing),
    form("/admin/pages/{id}/position", "<first>", "after=<second>", Public),
    form("/admin/pages/{id}/unpublish", "<first>", "", Public),
    form("/admin/pages/{id}/delete", "<first>", "", Public),
    form("/admin/pages/{id}/delete", "<draft>", "", Nothing),
    form("/admin/pages/bulk", "", "do=unpublish&document=<first>&seen=<bulk-seen>", Public),
    // Questions
    form("/admin/faq/new", "", "title=New?&slug=new&body=x&category=<category>&do=save", Nothing),
    form("/admin/faq/new", "", "title=New?&slug=new&body=x&category=<category>&do=publish", PUBLISH),
    form("/admin/faq/new/preview", "", "title=New?&slug=new&body=x&category=<category>", Nothing),
    form("/admin/faq/new/draft", "", "draft=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&title=New?", Nothing),
    form("/admin/faq/new/checks", "", "title=New?&slug=new&body=[](/nowhere)&category=<category>", Nothing),
    form("/admin/faq/{id}/checks", "<why>", "base=1&title=Whence?&slug=whence&body=x&category=<other>", Nothing),
    form("/admin/faq/{id}/draft", "<why>", "base=1&title=Whence?&body=x", Nothing),
    form("/admin/faq/{id}", "<why>", "base=1&title=Whence?&slug=whence&body=x&category=<other>&do=save", Nothing),
    form("/admin/faq/{id}", "<why>", "base=1&title=Whence?&slug=whence&body=x&category=<other>&do=publish", PUBLISH),
    form("/admin/faq/{id}/preview", "<why>", "base=1&title=Whence?&slug=whence&body=x&category=<other>", Nothing),
    form("/admin/faq/{id}/position", "<why>", "after=<how>", Public),
    form("/admin/faq/{id}/unpublish", "<why>", "", Public),
    form("/admin/faq/{id}/delete", "<why>", "", Public),
    form("/admin/faq/bulk", "", "do=unpublish&document=<why>&seen=<bulk-questions-seen>", Public),
    // Of categories visitors see those with questions.
    form("/admin/faq/categories/new", "", "title=Third&slug=third", Nothing),
    form("/admin/faq/categories/{id}", "<category>", "title=Renamed&slug=one&was_title=One&was_slug=one", Public),
    form("/admin/faq/categories/{id}/position", "<category>", "after=<other>", Public),
    form("/admin/faq/categories/{id}/page", "<category>", "page=<more>", Public),
    form("/admin/faq/categories/{id}/delete", "<empty>", "was_title=Empty&was_slug=empty", Nothing),
    // Documents
    form("/admin/documents/{id}/revisions/{version}/restore", "<second> 1", "base=2", Nothing),
    form(
        "/admin/documents/{id}/revisions/{version}/restore-change",
        "<second> 1",
        "base=2&field=body&change=1",
        Nothing,
    ),
    form("/admin/documents/{id}/discard", "<second>", "version=2", Nothing),
    form("/admin/documents/{id}/discard/undo", "<discarded>", "version=2", Nothing),
    form("/admin/documents/{id}/publication", "<second>", "version=2", Public),
    form("/admin/documents/{id}/presence", "<second>", "", Nothing),
    form("/admin/documents/{id}/republish", "<unpublished>", "revision=<unpublished>.1", Public),
    form("/admin/documents/{id}/comments", "<first>", "comment=Is this right?&quote=About rights", Nothing),
    form("/admin/documents/{id}/comments/{comment}/resolve", "<first> <thread>", "seen=<thread>", Nothing),
    form("/admin/documents/{id}/comments/{comment}/reopen", "<first> <resolved>", "seen=<resolved>", Nothing),
    form("/admin/documents/{id}/owner", "<first>", "owner=user-<pat>&was_owner=", Nothing),
    // The document control of a page has the next date.
    form("/admin/documents/{id}/review", "<first>", "version=1&next_review=2099-01-01", PUBLISH),
    form("/admin/documents/{id}/review", "<why>", "version=1&next_review=2099-01-01", Nothing),
    form("/admin/documents/{id}/review", "<draft>", "version=1&next_review=2099-01-01", Nothing),
    form("/admin/documents/{id}/schedules", "<second>", "what=2&date=2099-01-01&time=08:00", Nothing),
    form(
        "/admin/documents/{id}/schedules/{schedule}",
        "<old> <scheduled>",
        "version=2&seen=publish version 1",
        Nothing,
    ),
    form("/admin/documents/{id}/schedules/{schedule}/cancel", "<old> <scheduled>", "seen=publish version 1", Nothing),
    form("/admin/documents/{id}/preview-links", "<second>", "version=2&days=7", Nothing),
    form("/admin/documents/{id}/preview-links/{link}/revoke", "<second> <link>", "", Nothing),
    // Its address answers 404 afterwards, and no longer that it was deleted.
    form("/admin/trash/{id}/restore", "<trashed>", "", Public),
    form("/admin/trash/{id}/restore", "<trashed-question>", "", Nothing),
    form("/admin/undo/{id}", "<undo-trash>", "to=/admin/pages", PUBLISH),
    form("/admin/undo/{id}", "<undo-trash-question>", "to=/admin/faq", PUBLISH),
    form("/admin/undo/{id}", "<undo-sorting>", "to=/admin/messages", Nothing),
    // Media; a file is not public before a page shows it.
    form("/admin/media/new", "", "files=a.pdf", Nothing),
    form("/admin/media/{id}", "<shown>", "title=Other&was_title=shown&labels=&was_labels=", Nothing),
    form("/admin/media/{id}/delete", "<unused>", "seen_uses=<unused-uses>", Nothing),
    form("/admin/media/{id}/delete", "<shown>", "seen_uses=<shown-uses>", PUBLISH),
    form("/admin/media/{id}/replace", "<unused>", "seen_uses=<unused-uses>&files=a.pdf", Nothing),
    form("/admin/media/{id}/replace", "<shown>", "seen_uses=<shown-uses>&files=a.pdf", PUBLISH),
    form("/admin/media/{id}/previous", "<replaced>", "seen=<previous>&do=back", PUBLISH),
    form("/admin/media/{id}/previous", "<replaced>", "seen=<previous>&do=forget", Nothing),
    // Redirects
    form("/admin/redirects", "", "from=/nowhere/first&target=/guide", Public),
    form(
        "/admin/redirects/{id}",
        "<redirect>",
        "from=/old&target=/guide&was_from=/old&was_target=/new&was_covers_below=",
        Public,
    ),
    form("/admin/redirects/{id}/delete", "<redirect>", "was_from=/old&was_target=/new&was_covers_below=", Public),
    form("/admin/redirects/import", "", "lines=/nowhere/first,/guide", Public),
    form("/admin/redirects/import/file", "", "files=list", Nothing),
    form("/admin/redirects/not-found", "", "path=/nowhere/first", Nothing),
    // Messages
    form("/admin/messages", "", "message=<message>&to=archive", Nothing),
    form("/admin/messages/{id}", "<message>", "do=note&note=A note", Nothing),
    form("/admin/messages/{id}/delete", "<message>", "expected_version=<message-version>", Nothing),
    form("/admin/views", "", "list=/admin/pages&query=q=x&name=Mine", Nothing),
    form("/admin/views/{id}/delete", "1", "", Refused),
    form("/admin/menu/new", "", "menu=main&target=https://elsewhere.example/&label=Elsewhere", Public),
    form("/admin/menu/{menu}/{id}", "main -<guide>", "label=Renamed&was_label=", Public),
    form("/admin/menu/{menu}/{id}/position", "main -<guide>", "index=9", Public),
    form("/admin/menu/{menu}/{id}/hidden", "main -<guide>", "hidden=yes&was_label=", Public),
    form("/admin/menu/{menu}/{id}/delete", "main -<guide>", "", Refused),
    form("/admin/messages/delete", "", "message=<message>.<message-version>&confirmed=yes", Nothing),
    form("/admin/messages/templates/new", "", "name=Regards&body=Best regards", Nothing),
    form("/admin/messages/templates/{id}", "1", "name=Many thanks&body=x&was_name=Thanks&was_body=Thank you.", Nothing),
    form("/admin/messages/templates/{id}/delete", "1", "was_name=Thanks&was_body=Thank you.", Nothing),
    form("/admin/messages/export", "", "separator=comma", Nothing),
    form("/admin/messages/retention", "", "count=0", Refused),
    // Administration
    form("/admin/users", "", "name=New&email=new@portal.example&role=editor&confirm_password=<password>", Nothing),
    form("/admin/users/second-factor", "", "for_editors=yes&confirm_password=<password>", Nothing),
    form(
        "/admin/users/{id}/address",
        "<pat>",
        "email=pat@other.example&was_email=<email>&confirm_password=<password>",
        Nothing,
    ),
    form("/admin/users/{id}/role", "<pat>", "role=administrator&was_role=editor&confirm_password=<password>", Nothing),
    form("/admin/users/{id}/deactivate", "<pat>", "confirm_password=<password>", Nothing),
    form("/admin/users/{id}/reactivate", "<pat>", "confirm_password=<password>", Nothing),
    form("/admin/users/{id}/link", "<pat>", "confirm_password=<password>", Nothing),
    form("/admin/users/{id}/factors/remove", "<pat>", "confirm_password=<password>", Nothing),
    form("/admin/users/{id}/sessions/end", "<pat>", "confirm_password=<password>", Nothing),
    form("/admin/audit-log/check", "", "", Nothing),
    form("/admin/backup", "", "every=week&kept=7&was_every=day&was_kept=14", Nothing),
    form("/admin/backup/now", "", "", Refused),
    form("/admin/backup/download", "", "file=plinth.tar&confirm_password=<password>", Nothing),
    form("/admin/opening", "", "do=put_away", Nothing),
    form("/admin/opening/{step}", "time_zone", "do=confirm", Nothing),
    // Visitors see what documents have in their fields.
    form("/admin/types/new", "", "label=Supplier&for_pages=yes&layout=article", Nothing),
    form(
        "/admin/types/{key}/edit",
        "course",
        "label=Training&for_pages=yes&layout=article&base=<course-version>",
        Nothing,
    ),
    form("/admin/types/{key}/retired", "course", "retired=yes&base=<course-version>", Nothing),
    form("/admin/types/{key}/fields/new", "course", "label=Town&control=line&base=<course-version>", Nothing),
    form(
        "/admin/types/{key}/fields/{field}",
        "course price",
        "label=Cost&control=number&base=<course-version>",
        Nothing,
    ),
    form("/admin/types/{key}/fields/{field}/position", "course price", "to=down&base=<course-version>", Nothing),
    form("/admin/types/{key}/fields/{field}/hidden", "course price", "hidden=yes&base=<course-version>", Nothing),
    form("/admin/synonyms", "", "synonyms=SLA, agreement&was_synonyms=", Nothing),
    form("/admin/settings", "", "<settings>&site_name=Renamed&was_site_name=A new site", Public),
];
