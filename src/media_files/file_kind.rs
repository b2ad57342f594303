//! What a file is, by its content; its name decides nothing but which of two words is said. What may run in a browser or an
//! office program is refused.

/// How much of the beginning of a file is looked at, in bytes.
pub(crate) const HEAD: usize = 4096;
/// How much of its end, where an archive lists its contents.
pub(crate) const TAIL: usize = 256 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Jpeg,
    Png,
    WebP,
    Gif,
    Pdf,
    Word,
    Excel,
    PowerPoint,
    OpenText,
    OpenSheet,
    OpenSlides,
}

/// What may be added, for sentences.
const TAKEN: &str = "JPEG, PNG, WebP and GIF pictures, PDF, Word, Excel, PowerPoint and OpenDocument files";

impl FileKind {
    /// Which of the names below it has: extension, content type, and what users call it.
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Jpeg => ("jpg", "image/jpeg", "JPEG"),
            Self::Png => ("png", "image/png", "PNG"),
            Self::WebP => ("webp", "image/webp", "WebP"),
            Self::Gif => ("gif", "image/gif", "GIF"),
            Self::Pdf => ("pdf", "application/pdf", "PDF"),
            Self::Word => {
                ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document")
            }
            Self::Excel => {
                ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook")
            }
            Self::PowerPoint => (
                "pptx",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                "PowerPoint presentation",
            ),
            Self::OpenText => ("odt", "application/vnd.oasis.opendocument.text", "OpenDocument text"),
            Self::OpenSheet => ("ods", "application/vnd.oasis.opendocument.spreadsheet", "OpenDocument spreadsheet"),
            Self::OpenSlides => ("odp", "application/vnd.oasis.opendocument.presentation", "OpenDocument presentation"),
        }
    }

    pub(crate) const fn extension(self) -> &'static str {
        self.names().0
    }

    pub(crate) const fn content_type(self) -> &'static str {
        self.names().1
    }

    /// `JPEG`, `Word document`.
    pub(crate) const fn label(self) -> &'static str {
        self.names().2
    }

    pub(crate) const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::WebP | Self::Gif)
    }

    /// The kind that is stored under a content type.
    pub(crate) fn of_content_type(content_type: &str) -> Option<Self> {
        ALL.into_iter().find(|kind| kind.content_type() == content_type)
    }

    /// Whether some kind is kept under this extension.
    pub(crate) fn has_extension(extension: &str) -> bool {
        ALL.into_iter().any(|kind| kind.extension() == extension)
    }

    /// Whether a file of this kind may have this extension.
    pub(crate) fn takes_extension(self, extension: &str) -> bool {
        extension.eq_ignore_ascii_case(self.extension())
            || self == Self::Jpeg && ["jpeg", "jpe", "jfif"].iter().any(|other| extension.eq_ignore_ascii_case(other))
    }

    /// What a file with this beginning and end is.
    /// Errors: a clause that says why it is not taken, which follows its name.
    pub(crate) fn detect(head: &[u8], tail: &[u8]) -> Result<Self, String> {
        if head.is_empty() {
            return Err("is empty".to_owned());
        }
        if head.starts_with(b"PK\x03\x04") {
            return in_archive(head, tail);
        }
        let picture = match head {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ => None,
        };
        picture.ok_or_else(|| refusal(head))
    }
}

const ALL: [FileKind; 11] = [
    FileKind::Jpeg,
    FileKind::Png,
    FileKind::WebP,
    FileKind::Gif,
    FileKind::Pdf,
    FileKind::Word,
    FileKind::Excel,
    FileKind::PowerPoint,
    FileKind::OpenText,
    FileKind::OpenSheet,
    FileKind::OpenSlides,
];

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// An office file is an archive: one of `OpenDocument` begins with its type, the others are told by the names in the list at
/// the end.
fn in_archive(head: &[u8], tail: &[u8]) -> Result<FileKind, String> {
    let kind = [FileKind::OpenText, FileKind::OpenSheet, FileKind::OpenSlides]
        .into_iter()
        .find(|kind| {
            head.get(30..).is_some_and(|rest| rest.starts_with(format!("mimetype{}", kind.content_type()).as_bytes()))
        })
        .or_else(|| {
            let folders: [(&[u8], FileKind); 3] = [
                (b"word/document.xml", FileKind::Word),
                (b"xl/workbook.xml", FileKind::Excel),
                (b"ppt/presentation.xml", FileKind::PowerPoint),
            ];
            let listed = holds(tail, b"[Content_Types].xml");
            folders.into_iter().find(|(name, _)| listed && holds(tail, name)).map(|(_, kind)| kind)
        });
    match kind {
        Some(_) if holds(tail, b"vbaProject.bin") || holds(tail, b"Basic/script-lc.xml") => {
            Err("holds macros, which could run on the machines of visitors; save it without them".to_owned())
        }
        Some(kind) => Ok(kind),
        None => Err(format!("is an archive that is no office file; what can be added: {TAKEN}")),
    }
}

fn refusal(head: &[u8]) -> String {
    let start = String::from_utf8_lossy(head).to_lowercase();
    if start.contains("<svg") {
        return "is an SVG drawing, which may hold scripts that would run on this site; save it as PNG".to_owned();
    }
    if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return "is an office file of an old form, which may hold macros; save it in the present one, such as .docx"
            .to_owned();
    }
    if head.get(4..12).is_some_and(|kind| {
        kind.starts_with(b"ftyphei") || kind.starts_with(b"ftypmif1") || kind.starts_with(b"ftypavif")
    }) {
        return "is a picture in a form that not all browsers show (HEIC or AVIF); save it as JPEG".to_owned();
    }
    format!("is none of what can be added: {TAKEN}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides() {
        let plain = |head: &[u8]| FileKind::detect(head, head);
        assert_eq!(plain(b"\xff\xd8\xff\xe0 and so on"), Ok(FileKind::Jpeg));
        assert_eq!(plain(b"RIFF\0\0\0\0WEBPVP8 "), Ok(FileKind::WebP));
        assert_eq!(plain(b"GIF89a"), Ok(FileKind::Gif));
        assert_eq!(plain(b"%PDF-1.7"), Ok(FileKind::Pdf));
        let zip = |rest: &str| format!("PK\x03\x04{}{rest}", "x".repeat(26)).into_bytes();
        assert_eq!(plain(&zip("mimetypeapplication/vnd.oasis.opendocument.text")), Ok(FileKind::OpenText));
        assert_eq!(plain(&zip("[Content_Types].xml xl/workbook.xml")), Ok(FileKind::Excel));
        for (bad, why) in [
            (zip("[Content_Types].xml word/document.xml word/vbaProject.bin"), "macros"),
            (zip("notes.txt"), "no office file"),
            (b"<?xml version=\"1.0\"?>\n<SVG onload=\"x\">".to_vec(), "SVG"),
            (b"<!doctype html><script>".to_vec(), "none of what can be added"),
            (b"MZ\x90".to_vec(), "none of what can be added"),
            (b"\0\0\0\x18ftypheic".to_vec(), "HEIC"),
            (vec![0xd0, 0xcf, 0x11, 0xe0], "old form"),
            (Vec::new(), "empty"),
        ] {
            let refused = plain(&bad).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        for kind in ALL {
            assert_eq!(FileKind::of_content_type(kind.content_type()), Some(kind));
        }
    }
}
