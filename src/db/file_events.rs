//! What the kernel tells of files (inotify): that something happened to one, not what.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    io,
    mem::MaybeUninit,
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
};

use rustix::{
    fs::inotify::{self, CreateFlags, Event, Reader, WatchFlags},
    io::Errno,
};
use tokio::io::{Interest, unix::AsyncFd};

/// Files that may be missing: their folders are watched.
pub(super) struct FileEvents {
    inotify: AsyncFd<OwnedFd>,
    names: BTreeSet<OsString>,
}

impl FileEvents {
    pub(super) fn listen(files: &[PathBuf]) -> io::Result<Self> {
        let inotify = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC)?;
        let flags = WatchFlags::CREATE
            | WatchFlags::DELETE
            | WatchFlags::DELETE_SELF
            | WatchFlags::MODIFY
            | WatchFlags::MOVE
            | WatchFlags::MOVE_SELF;
        for file in files {
            inotify::add_watch(&inotify, folder(file), flags)?;
        }
        let names = files.iter().filter_map(|file| file.file_name()).map(OsString::from).collect();
        #[expect(deprecated, reason = "what replaces it is unsafe; this descriptor is owned and stays the same")]
        let inotify = AsyncFd::with_interest(inotify, Interest::READABLE)?;
        Ok(Self { inotify, names })
    }

    /// Waits for the next event; several at once are one.
    pub(super) async fn next(&self) -> io::Result<()> {
        loop {
            let mut ready = self.inotify.readable().await?;
            let happened = self.read()?;
            ready.clear_ready();
            if happened {
                return Ok(());
            }
        }
    }

    /// Takes all events that are there; whether one is about the files.
    fn read(&self) -> io::Result<bool> {
        let mut buffer = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(self.inotify.get_ref(), &mut buffer);
        let mut happened = false;
        loop {
            match reader.next() {
                Ok(event) => happened |= self.concerns(&event),
                Err(Errno::AGAIN) => return Ok(happened),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// An event without a name is about the folder itself, or about events that were left out.
    fn concerns(&self, event: &Event<'_>) -> bool {
        let is_ours = |name: &[u8]| self.names.iter().any(|known| known.as_bytes() == name);
        event.file_name().is_none_or(|name| is_ours(name.to_bytes()))
    }
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
