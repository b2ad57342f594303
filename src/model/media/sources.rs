//! What texts show of the media library, looked up before they are rendered: a query for each thing that a text names, and none for
//! a text that names nothing. A page that is kept is not rendered again, so it asks nothing.

use crate::{
    db::conn::Conn,
    error::Result,
    media_files::file_kind::FileKind,
    text::{
        markdown::media::{MediaSource, MediaSources, PictureSource},
        media_path, media_targets,
    },
    work,
};

/// Things that are looked up for one page; others are shown by their plain addresses.
const LOOKED_UP: usize = 500;
/// How wide a picture is that is sent to a browser that chooses none.
const USUAL: i64 = 960;

#[derive(sqlx::FromRow)]
struct FileRow {
    is_picture: bool,
    is_itself: bool,
    hash: String,
    content_type: String,
    width: i64,
    height: i64,
}

/// What these texts show and link to.
pub(crate) async fn of(db: &Conn, texts: &[&str]) -> Result<MediaSources> {
    let mut sources = MediaSources::default();
    for text in texts {
        for path in work::blocking_if_large(text.len(), || media_targets::paths_in(text)) {
            if sources.len() < LOOKED_UP
                && !sources.contains_key(&path)
                && let Some(source) = find(db, &path).await?
            {
                sources.insert(path, source);
            }
        }
    }
    Ok(sources)
}

async fn find(db: &Conn, path: &str) -> Result<Option<MediaSource>> {
    let files: Vec<FileRow> = db
        .all(
            "select m.kind = 'picture' as is_picture, f.hash = m.hash as is_itself, f.hash, f.content_type, f.width, f.height \
             from media m join media_file f on f.media_id = m.id and f.of_hash = m.hash where m.path = $1 order by f.width, f.hash",
            (path,),
        )
        .await?;
    let Some(itself) = files.iter().find(|file| file.is_itself) else { return Ok(None) };
    let address = media_path::of_content(path, &itself.hash);
    let picture = itself.is_picture.then(|| picture(path, itself, &files));
    Ok(Some(MediaSource { address, picture }))
}

fn picture(path: &str, itself: &FileRow, files: &[FileRow]) -> PictureSource {
    let webp = FileKind::WebP.content_type();
    let made = files.iter().filter(|file| !file.is_itself);
    let choice = |file: &FileRow| (media_path::of_content(path, &file.hash), file.width);
    let (webp, plain): (Vec<_>, Vec<_>) = made.partition(|file| file.content_type == webp);
    let widest = plain.iter().chain(&webp).map(|file| file.width).max().unwrap_or_default();
    let mut sizes: Vec<_> = plain.into_iter().map(choice).collect();
    // One that is much larger than any screen is sent to nobody who does not ask for it.
    if itself.width <= widest || sizes.is_empty() {
        sizes.push(choice(itself));
    }
    let usual = sizes.iter().rev().find(|(_, width)| *width <= USUAL).or(sizes.first());
    PictureSource {
        width: itself.width,
        height: itself.height,
        usual: usual.map_or_else(|| choice(itself).0, |(address, _)| address.clone()),
        sizes: if sizes.len() > 1 { sizes } else { Vec::new() },
        webp: webp.into_iter().map(choice).collect(),
    }
}
