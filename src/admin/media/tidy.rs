//! Files that nothing names any more are deleted at once; what stays because of a fault is deleted later.

use crate::{
    admin::shared::admin_context::AdminContext,
    model::media::{adding::StoredMedia, leftovers},
};

/// Deletes the files of what was deleted, unless something else has them.
pub(super) async fn delete_unnamed(admin: &AdminContext, hashes: Vec<String>) {
    let app = &admin.app;
    if let Err(error) = leftovers::delete_unnamed(&app.db, &app.media, app.now(), hashes).await {
        app.fault_log.tell("files of what was deleted from the media library are still there", error);
    }
}

/// The same for what was stored and not added.
pub(super) async fn give_back(admin: &AdminContext, stored: &StoredMedia) {
    let app = &admin.app;
    if let Err(error) = leftovers::give_back(&app.db, &app.media, app.now(), stored).await {
        app.fault_log.tell("files that were not added to the media library are still there", error);
    }
}
