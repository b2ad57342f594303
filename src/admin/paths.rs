//! The typed path of every route of the admin area: handlers take it, and links and redirects are built from it. Knows no
//! handler. The paths of the editor of documents and their lists are in `shared::document_kinds`.

use axum_extra::routing::TypedPath;

use crate::web::path::typed_path as path;

// Dashboard
path!("/admin" DashboardPath);
path!("/admin/opening" OpeningPath);
path!("/admin/opening/{step}" OpeningStepPath { step: String });
path!("/admin/backup" BackupPath);
path!("/admin/system" SystemPath);
path!("/admin/backup/now" BackupNowPath);
path!("/admin/backup/download" BackupDownloadPath);

// Personal data
path!("/admin/personal-data" PersonalDataPath);
path!("/admin/personal-data/export" ExportPersonalDataPath);
path!("/admin/personal-data/erase" ErasePersonalDataPath);

// Webhooks
path!("/admin/webhooks" WebhooksPath);
path!("/admin/webhooks/{id}/delete" DeleteWebhookPath { id: i64 });
path!("/admin/webhooks/deliveries/{id}/send" SendDeliveryPath { id: i64 });
path!("/admin/webhooks/deliveries/{id}/delete" DiscardDeliveryPath { id: i64 });

// E-mails
path!("/admin/mail" MailPath);
path!("/admin/mail/{id}/send" SendMailPath { id: i64 });
path!("/admin/mail/{id}/delete" DeleteMailPath { id: i64 });

// Signing in
path!("/admin/sign-in" SignInPath);
path!("/admin/sign-in/code" SignInCodePath);
path!("/admin/forgotten-password" ForgottenPasswordPath);
path!("/admin/sign-in/passkey" SignInPasskeyPath);
path!("/admin/sign-in/passkey/challenge" PasskeyChallengePath);
path!("/admin/sign-in/company" SignInCompanyPath);
path!("/admin/sign-in/company/callback" CompanyCallbackPath);
path!("/admin/sign-out" SignOutPath);
path!("/admin/session-check" SessionCheckPath);
path!("/admin/setup/{token}" SetupPath { token: String });
path!("/admin/invitations/{token}" InvitationPath { token: String });
path!("/admin/account" AccountPath);
path!("/admin/account/address" AddressPath);
path!("/admin/account/address/{token}" AddressLinkPath { token: String });
path!("/admin/account/mail" AccountMailPath);
path!("/admin/unsubscribe/{token}" UnsubscribePath { token: String });
path!("/admin/account/password" AccountPasswordPath);
path!("/.well-known/change-password" ChangePasswordPath);
path!("/admin/account/code-app" CodeAppPath);
path!("/admin/account/code-app/new" NewCodeAppPath);
path!("/admin/account/code-app/remove" RemoveCodeAppPath);
path!("/admin/account/passkeys" PasskeysPath);
path!("/admin/account/passkeys/new" NewPasskeyPath);
path!("/admin/account/passkeys/{id}/remove" RemovePasskeyPath { id: i64 });
path!("/admin/account/second-factor" SecondFactorPath);
path!("/admin/account/recovery-codes" RecoveryCodesPath);
path!("/admin/account/devices/{id}/forget" ForgetDevicePath { id: i64 });
path!("/admin/account/sessions/end" AccountEndSessionsPath);
path!("/admin/account/sessions/{id}/end" AccountEndSessionPath { id: i64 });

path!("/admin/undo/{id}" UndoPath { id: i64 });

// Pages
path!("/admin/pages/{id}" PagePath { id: i64 });
path!("/admin/pages/{id}/move" MovePagePath { id: i64 });
path!("/admin/pages/{id}/position" PagePositionPath { id: i64 });
path!("/admin/pages/{id}/duplicate" DuplicatePagePath { id: i64 });
path!("/admin/slug" SlugPath);
path!("/admin/edit-link" EditLinkPath);

// The whole site with the drafts of a user
path!("/admin/preview/" SitePreviewPath);
path!("/admin/preview/{*path}" SitePreviewPagePath { path: String });

// Items
path!("/admin/faq/new" NewFaqItemPath);
path!("/admin/faq/{id}" FaqItemPath { id: i64 });
path!("/admin/faq/{id}/position" FaqItemPositionPath { id: i64 });
path!("/admin/faq/categories" FaqCategoriesPath);
path!("/admin/faq/categories/new" NewFaqCategoryPath);
path!("/admin/faq/categories/{id}" FaqCategoryPath { id: i64 });
path!("/admin/faq/categories/{id}/position" FaqCategoryPositionPath { id: i64 });
path!("/admin/faq/categories/{id}/page" FaqCategoryPagePath { id: i64 });
path!("/admin/faq/categories/{id}/delete" DeleteFaqCategoryPath { id: i64 });

// Documents
path!("/admin/documents/{id}/revisions" RevisionsPath { id: i64 });
path!("/admin/documents/{id}/revisions/{version}" RevisionPath { id: i64, version: i64 });
path!("/admin/documents/{id}/revisions/{version}/restore" RestoreRevisionPath { id: i64, version: i64 });
path!("/admin/documents/{id}/revisions/{version}/restore-change" RestoreChangePath { id: i64, version: i64 });
path!("/admin/documents/{id}/compare" ComparePath { id: i64 });
path!("/admin/documents/{id}/discard" DiscardPath { id: i64 });
path!("/admin/documents/{id}/discard/undo" UndoDiscardPath { id: i64 });
path!("/admin/documents/{id}/publication" PublicationPath { id: i64 });
path!("/admin/documents/{id}/presence" PresencePath { id: i64 });
path!("/admin/documents/{id}/uses" DocumentUsesPath { id: i64 });
path!("/admin/link-choices" LinkChoicesPath);
path!("/admin/documents/{id}/republish" RepublishPath { id: i64 });
path!("/admin/documents/{id}/schedules" DocumentSchedulesPath { id: i64 });
path!("/admin/documents/{id}/schedules/{schedule}" SchedulePath { id: i64, schedule: i64 });
path!("/admin/documents/{id}/schedules/{schedule}/cancel" CancelSchedulePath { id: i64, schedule: i64 });
path!("/admin/calendar" CalendarPath);
path!("/admin/documents/{id}/review" ReviewPath { id: i64 });
path!("/admin/documents/{id}/owner" OwnerPath { id: i64 });
path!("/admin/reviews" ReviewsPath);
path!("/admin/documents/{id}/comments" DocumentCommentsPath { id: i64 });
path!("/admin/documents/{id}/comments/{comment}/resolve" ResolveCommentPath { id: i64, comment: i64 });
path!("/admin/documents/{id}/comments/{comment}/reopen" ReopenCommentPath { id: i64, comment: i64 });
path!("/admin/comments" CommentsPath);
path!("/admin/documents/{id}/preview-links" PreviewLinksPath { id: i64 });
path!("/admin/documents/{id}/preview-links/{link}/revoke" RevokePreviewLinkPath { id: i64, link: i64 });
path!("/admin/unpublished" UnpublishedPath);
path!("/admin/dead-links" DeadLinksPath);

// The report
path!("/admin/report" ReportPath);
path!("/admin/report/orphans" OrphansPath);
path!("/admin/report/pictures" UndescribedPicturesPath);
path!("/admin/report/missing-pictures" MissingPicturesPath);
path!("/admin/report/messages" WaitingMessagesPath);
path!("/admin/report/sites" ExternalLinksPath);
path!("/admin/report/sites/links" SiteLinksPath);

path!("/admin/trash" TrashPath);
path!("/admin/trash/{id}/restore" RestoreDocumentPath { id: i64 });

// Media
path!("/admin/media" MediaListPath);
path!("/admin/media/new" NewMediaPath);
path!("/admin/media/choices" MediaChoicesPath);
path!("/admin/media/{id}" MediaThingPath { id: i64 });
path!("/admin/media/{id}/delete" DeleteMediaPath { id: i64 });
path!("/admin/media/{id}/replace" ReplaceMediaPath { id: i64 });
path!("/admin/media/{id}/previous" PreviousMediaPath { id: i64 });

// Redirects
path!("/admin/redirects" RedirectsPath);
path!("/admin/redirects/new" NewRedirectPath);
path!("/admin/redirects/test" TestRedirectPath);
path!("/admin/redirects/import" RedirectImportPath);
path!("/admin/redirects/import/file" RedirectFilePath);
path!("/admin/redirects/export" RedirectExportPath);
path!("/admin/redirects/not-found" MissingPathsPath);
path!("/admin/redirects/{id}" RedirectPath { id: i64 });
path!("/admin/redirects/{id}/delete" DeleteRedirectPath { id: i64 });

// Messages
path!("/admin/messages" MessagesPath);
path!("/admin/messages/{id}" MessagePath { id: i64 });
path!("/admin/messages/{id}/delete" DeleteMessagePath { id: i64 });
path!("/admin/messages/export" MessageExportPath);
path!("/admin/messages/retention" MessageRetentionPath);
path!("/admin/messages/delete" DeleteMessagesPath);
path!("/admin/messages/templates" AnswerTemplatesPath);
path!("/admin/messages/templates/new" NewAnswerTemplatePath);
path!("/admin/messages/templates/{id}" AnswerTemplatePath { id: i64 });
path!("/admin/messages/templates/{id}/delete" DeleteAnswerTemplatePath { id: i64 });

// Administration
path!("/admin/users" UsersPath);
path!("/admin/users/new" NewUserPath);
path!("/admin/users/second-factor" FactorRulePath);
path!("/admin/users/{id}" UserPath { id: i64 });
path!("/admin/users/{id}/role" UserRolePath { id: i64 });
path!("/admin/users/{id}/address" UserAddressPath { id: i64 });
path!("/admin/users/{id}/deactivate" DeactivateUserPath { id: i64 });
path!("/admin/users/{id}/reactivate" ReactivateUserPath { id: i64 });
path!("/admin/users/{id}/link" UserLinkPath { id: i64 });
path!("/admin/users/{id}/factors/remove" UserRemoveFactorsPath { id: i64 });
path!("/admin/users/{id}/sessions/end" UserEndSessionsPath { id: i64 });
path!("/admin/audit-log" AuditLogPath);
path!("/admin/audit-log/check" AuditLogCheckPath);
path!("/admin/settings" SettingsPath);
path!("/admin/synonyms" SynonymsPath);
path!("/admin/menu" MenuPath);
path!("/admin/menu/new" NewMenuEntryPath);
path!("/admin/menu/{menu}/{id}" MenuEntryPath { menu: String, id: i64 });
path!("/admin/menu/{menu}/{id}/position" MenuEntryPositionPath { menu: String, id: i64 });
path!("/admin/menu/{menu}/{id}/hidden" MenuEntryHiddenPath { menu: String, id: i64 });
path!("/admin/menu/{menu}/{id}/delete" DeleteMenuEntryPath { menu: String, id: i64 });
path!("/admin/types" TypesPath);
path!("/admin/types/new" NewTypePath);
path!("/admin/types/{key}" TypePath { key: String });
path!("/admin/types/{key}/edit" EditTypePath { key: String });
path!("/admin/types/{key}/retired" RetiredTypePath { key: String });
path!("/admin/types/{key}/fields/new" NewTypeFieldPath { key: String });
path!("/admin/types/{key}/fields/{field}" TypeFieldPath { key: String, field: String });
path!("/admin/types/{key}/fields/{field}/position" TypeFieldPositionPath { key: String, field: String });
path!("/admin/types/{key}/fields/{field}/hidden" HiddenTypeFieldPath { key: String, field: String });
path!("/admin/search" AdminSearchPath);
path!("/admin/search/palette" PalettePath);

path!("/admin/views" SavedViewsPath);
path!("/admin/views/{id}/delete" DeleteSavedViewPath { id: i64 });

// Whatever else is asked for
path!("/admin/{*path}" UnknownPath { path: String });

/// Where what is at a path of the site is shown with the drafts of a user.
#[must_use]
pub(crate) fn site_preview(path: &str) -> String {
    format!("{}{}", SitePreviewPath::PATH, path.trim_start_matches('/'))
}
