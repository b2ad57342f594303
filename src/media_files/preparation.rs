//! Makes of a file that arrived what the library keeps: pictures are decoded and written again, with smaller ones for narrow
//! screens; documents stay as they are. Slow: runs on a thread of its own.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use super::{
    disk_fault::fault,
    file_kind::{FileKind, HEAD, TAIL},
    file_name, moving_picture,
    picture::{self, ReadPicture},
    picture_output::WrittenPicture,
    renditions,
    store::MediaStore,
    temporary_file::WrittenFile,
};
use crate::error::Result;

/// A file that the library can take.
#[derive(Debug)]
pub(crate) struct PreparedFile {
    /// As its sender called it.
    pub(crate) name: String,
    /// Of what is kept.
    pub(crate) kind: FileKind,
    /// SHA-256 of what arrived.
    pub(crate) source_hash: String,
    /// What is kept: first the file itself, then what was made of it.
    pub(crate) files: Vec<WrittenPicture>,
    /// What its sender should know; may be empty.
    pub(crate) note: String,
}

/// What is done with the bytes of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// They are written again, so that nothing but the picture is left.
    WriteAgain,
    /// They stay, because this program has written them.
    KeepBytes,
    /// They are written again in the form of what they take the place of, whose address says what it is.
    InPlaceOf(FileKind),
}

/// Prepares what arrived under a name.
/// Errors: a sentence for its sender; within: `Storage` when the disk does not take it.
pub(crate) fn prepare(
    store: &MediaStore,
    name: String,
    arrived: WrittenFile,
    treatment: Treatment,
) -> Result<std::result::Result<PreparedFile, String>> {
    let refuse = |clause: &str| Ok(Err(format!("“{}” {clause}.", file_name::display(&name))));
    let (head, tail) = ends(arrived.place.path()).map_err(|error| fault(&error))?;
    let found = match FileKind::detect(&head, &tail) {
        Ok(found) => found,
        Err(clause) => return refuse(&clause),
    };
    if let Treatment::InPlaceOf(kind) = treatment
        && (kind.is_picture() != found.is_picture() || !kind.is_picture() && kind != found)
    {
        return refuse(&format!("is a {}, which cannot take the place of a {}", found.label(), kind.label()));
    }
    let source_hash = arrived.hash.clone();
    let made = if found.is_picture() {
        prepare_picture(store, arrived, found, treatment)?
    } else {
        Ok(vec![WrittenPicture { file: arrived, kind: found, width: 0, height: 0 }])
    };
    let files = match made {
        Ok(files) => files,
        Err(clause) => return refuse(&clause),
    };
    let kind = files.first().map_or(found, |file| file.kind);
    let (_, extension) = file_name::split(&name);
    let is_kept_so = matches!(treatment, Treatment::InPlaceOf(_));
    let note = if is_kept_so || found.takes_extension(extension) {
        String::new()
    } else {
        format!("“{}” is a {}, whatever its name says.", file_name::display(&name), found.label())
    };
    Ok(Ok(PreparedFile { name, kind, source_hash, files, note }))
}

fn prepare_picture(
    store: &MediaStore,
    arrived: WrittenFile,
    found: FileKind,
    treatment: Treatment,
) -> Result<std::result::Result<Vec<WrittenPicture>, String>> {
    let picture = match picture::read(arrived.place.path(), found) {
        Ok(picture) => picture,
        Err(clause) => return Ok(Err(clause)),
    };
    let picture = match picture {
        ReadPicture::Still(picture) => picture,
        ReadPicture::Moving if matches!(treatment, Treatment::InPlaceOf(kind) if kind != FileKind::Gif) => {
            return Ok(Err("moves, and what it would take the place of does not".to_owned()));
        }
        ReadPicture::Moving => return prepare_moving(store, arrived, treatment),
    };
    // What can be seen through needs a form that has that; a photograph one that is small.
    let kind = match (treatment, found) {
        (Treatment::InPlaceOf(kind), _) => kind,
        (_, FileKind::Jpeg) => FileKind::Jpeg,
        (_, FileKind::WebP) if !picture.color().has_alpha() => FileKind::Jpeg,
        _ => FileKind::Png,
    };
    if kind == FileKind::Gif {
        return Ok(Err("does not move, and what it would take the place of does".to_owned()));
    }
    if kind == FileKind::Jpeg && picture.color().has_alpha() {
        return Ok(Err("can be seen through, which a JPEG cannot; add it as a new picture".to_owned()));
    }
    let (width, height) = (picture.width(), picture.height());
    let mut files = renditions::write_all(store, picture, kind)?;
    if treatment == Treatment::KeepBytes && kind == found {
        files[0] = WrittenPicture { file: arrived, kind, width, height };
    }
    Ok(Ok(files))
}

fn prepare_moving(
    store: &MediaStore,
    arrived: WrittenFile,
    treatment: Treatment,
) -> Result<std::result::Result<Vec<WrittenPicture>, String>> {
    let from = File::open(arrived.place.path()).map_err(|error| fault(&error))?;
    let mut to = store.create().map_err(|error| fault(&error))?;
    let (width, height) = match moving_picture::write_again(BufReader::new(from), &mut to) {
        Ok(size) => size,
        Err(clause) => return Ok(Err(clause)),
    };
    let written = to.finish().map_err(|error| fault(&error))?;
    let file = if treatment == Treatment::KeepBytes { arrived } else { written };
    Ok(Ok(vec![WrittenPicture { file, kind: FileKind::Gif, width, height }]))
}

/// The beginning and the end of a file.
fn ends(path: &Path) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    let mut file = File::open(path)?;
    let (mut head, mut tail) = (Vec::new(), Vec::new());
    (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL as u64)))?;
    file.take(TAIL as u64).read_to_end(&mut tail)?;
    Ok((head, tail))
}
