//! What is in the media library: one thing, and the list.

use crate::{
    clock::Timestamp,
    db::{conn::Conn, like},
    error::{Error, Result},
    media_files::file_kind::FileKind,
    model::cursor::Cursor,
    text::fold::fold,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub(crate) enum MediaKind {
    Picture,
    File,
}

impl MediaKind {
    #[must_use]
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "picture" => Some(Self::Picture),
            "file" => Some(Self::File),
            _ => None,
        }
    }

    #[must_use]
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::File => "file",
        }
    }
}

/// Which part of a picture matters when it is cropped: names as they are stored, and for users.
pub(crate) const FOCUSES: [(&str, &str); 9] = [
    ("centre", "The centre"),
    ("top", "The top"),
    ("bottom", "The bottom"),
    ("left", "The left side"),
    ("right", "The right side"),
    ("left-top", "The upper left corner"),
    ("right-top", "The upper right corner"),
    ("left-bottom", "The lower left corner"),
    ("right-bottom", "The lower right corner"),
];

#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct MediaItem {
    pub(crate) id: i64,
    /// Its address: `/media/name.jpg`.
    pub(crate) path: String,
    pub(crate) kind: MediaKind,
    pub(crate) title: String,
    /// With commas between them.
    pub(crate) labels: String,
    pub(crate) focus: String,
    pub(crate) hash: String,
    pub(crate) source_hash: String,
    /// The same two of the file before it was replaced; empty when it was not.
    pub(crate) previous_hash: String,
    pub(crate) previous_source_hash: String,
    pub(crate) replaced_at: Option<Timestamp>,
    pub(crate) replacer_name: String,
    pub(crate) uploader_name: String,
    pub(crate) created_at: Timestamp,
    pub(crate) content_type: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) bytes: i64,
    /// Of the smallest picture that was made of it, or of itself.
    pub(crate) small_hash: String,
    pub(crate) is_used: bool,
}

impl MediaItem {
    /// The last part of its address.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// `JPEG`, `Word document`.
    #[must_use]
    pub(crate) fn type_label(&self) -> &'static str {
        type_label(&self.content_type)
    }
}

/// The same for a content type.
#[must_use]
pub(crate) fn type_label(content_type: &str) -> &'static str {
    FileKind::of_content_type(content_type).map_or("File", FileKind::label)
}

/// What a search looks through.
pub(super) fn search_text(title: &str, labels: &str, path: &str) -> String {
    fold(&format!("{title}\n{labels}\n{path}"))
}

/// One thing that is there.
/// `NotFound` when there is none, or it was deleted.
pub(crate) async fn get(db: &Conn, id: i64) -> Result<MediaItem> {
    db.optional("select * from media_item where id = $1", (id,)).await?.ok_or(Error::NotFound)
}

pub(crate) async fn at(db: &Conn, path: &str) -> Result<Option<MediaItem>> {
    Ok(db.optional("select * from media_item where path = $1", (path,)).await?)
}

/// The thing that has this content, or that arrived with it.
pub(crate) async fn with_content(db: &Conn, source_hash: &str, hash: &str) -> Result<Option<MediaItem>> {
    let found: Option<MediaItem> =
        db.optional("select * from media_item where source_hash = $1 order by id limit 1", (source_hash,)).await?;
    match found {
        Some(found) => Ok(Some(found)),
        None => Ok(db.optional("select * from media_item where hash = $1 order by id limit 1", (hash,)).await?),
    }
}

/// Whether something was at a path and was deleted.
pub(crate) async fn is_deleted(db: &Conn, path: &str) -> Result<bool> {
    let sql = "select id from media where path = $1 and deleted_at is not null";
    Ok(db.optional::<(i64,)>(sql, (path,)).await?.is_some())
}

/// What a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MediaFilter {
    /// Part of a title, a label or a name.
    pub(crate) text: String,
    pub(crate) kind: Option<MediaKind>,
    pub(crate) is_used: Option<bool>,
}

impl MediaFilter {
    /// As the statements below take it.
    fn arguments(&self) -> (String, &'static str, &'static str) {
        let used = match self.is_used {
            None => "",
            Some(true) => "yes",
            Some(false) => "no",
        };
        (like::containing(&self.text), self.kind.map_or("", MediaKind::as_str), used)
    }
}

/// At most `limit` of what is there, the newest first.
pub(crate) async fn list(db: &Conn, filter: &MediaFilter, cursor: Cursor, limit: i64) -> Result<Vec<MediaItem>> {
    let (text, kind, used) = filter.arguments();
    match cursor {
        Cursor::Before(id) => Ok(db
            .all(
                "select * from media_item where id < $1 and search_text like $2 escape '\\' \
                 and ($3 = '' or kind = $3) and ($4 = '' or is_used = ($4 = 'yes')) order by id desc limit $5",
                (id, text, kind, used, limit),
            )
            .await?),
        Cursor::After(id) => {
            let mut found: Vec<MediaItem> = db
                .all(
                    "select * from media_item where id > $1 and search_text like $2 escape '\\' \
                     and ($3 = '' or kind = $3) and ($4 = '' or is_used = ($4 = 'yes')) order by id limit $5",
                    (id, text, kind, used, limit),
                )
                .await?;
            found.reverse();
            Ok(found)
        }
    }
}

/// Everything that is there after an id, for an export.
pub(crate) async fn after(db: &Conn, id: i64, limit: i64) -> Result<Vec<MediaItem>> {
    Ok(db.all("select * from media_item where id > $1 order by id limit $2", (id, limit)).await?)
}
