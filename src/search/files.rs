//! The files of the index, read by calls of the system and not mapped into memory: one that someone cuts off, or a disk
//! that fails, is then an error like any other and not the end of the process. Knows nothing of what is in them.

use std::{fmt, fs::File, io, ops::Range, os::unix::fs::FileExt, path::Path, path::PathBuf, sync::Arc};

use super::index_error::index_error;
use crate::error::Error;
use tantivy::{
    HasLen, IndexMeta,
    directory::{
        Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
        footer::Footer,
    },
};

/// A directory of files. Writing and locking are tantivy's own.
#[derive(Clone, Debug)]
pub(crate) struct IndexDirectory {
    own: MmapDirectory,
    root: PathBuf,
}

impl IndexDirectory {
    /// The files in `root`, which is there already.
    /// Fails when it is no directory.
    pub(crate) fn open(root: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { own: MmapDirectory::open(root)?, root: root.to_owned() })
    }

    /// Whether a file is as it was written. Reads all of it, a piece at a time: tantivy's own check would hold it whole.
    /// Fails when it cannot be read to its end.
    pub(crate) fn is_whole(&self, path: &Path) -> io::Result<bool> {
        let file = self.open_read(path).map_err(io::Error::other)?;
        let (footer, body) = Footer::extract_footer(file)?;
        let mut sum = crc32fast::Hasher::new();
        for piece in body.stream_file_chunks() {
            sum.update(&piece?);
        }
        Ok(sum.finalize() == footer.crc)
    }

    /// Refuses an index with a file that is not as it was written.
    pub(crate) fn check(&self, metas: &IndexMeta) -> crate::error::Result<()> {
        // The names of all files that there could be.
        for path in metas.list_segment_files() {
            if self.exists(&path).map_err(index_error)? && !self.is_whole(&path).map_err(index_error)? {
                return Err(Error::Internal(format!("the file {} is damaged", path.display())));
            }
        }
        Ok(())
    }
}

impl Directory for IndexDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        };
        Ok(Arc::new(Handle::open(&self.root.join(path)).map_err(failed)?))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.own.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.own.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.own.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.own.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.own.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.own.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.own.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.own.watch(callback)
    }
}

/// An open file. It can be read as long as this lives, also when it has been deleted.
struct Handle {
    file: File,
    length: usize,
}

impl Handle {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        Ok(Self { file, length })
    }
}

impl FileHandle for Handle {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        self.file.read_exact_at(&mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

impl HasLen for Handle {
    fn len(&self) -> usize {
        self.length
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("length", &self.length).finish_non_exhaustive()
    }
}
