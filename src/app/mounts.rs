//! Whether the file system for a path is mounted, by the tables of the system. Reads no file itself.

use std::path::{Path, PathBuf, absolute};

/// The innermost mount point at or above `path` that `wanted` (as `/etc/fstab` is written) names, if `mounted` (as
/// `/proc/self/mounts` is written) does not have it. The root is always there.
#[must_use]
pub(crate) fn find_missing(path: &Path, wanted: &str, mounted: &str) -> Option<PathBuf> {
    let path = path.canonicalize().or_else(|_| absolute(path)).ok()?;
    let wanted = points(wanted).filter(|point| point.parent().is_some() && path.starts_with(point));
    let innermost = wanted.max_by_key(|point| point.components().count())?;
    points(mounted).all(|point| point != innermost).then_some(innermost)
}

/// Whether something is mounted at exactly this real path, if `mounted` is as `/proc/self/mounts` is written.
#[must_use]
pub(crate) fn is_mount_point(path: &Path, mounted: &str) -> bool {
    points(mounted).any(|point| point == path)
}

/// The second field of each line that is not a comment.
fn points(table: &str) -> impl Iterator<Item = PathBuf> {
    let lines = table.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let fields = lines.filter_map(|line| line.split_ascii_whitespace().nth(1)).filter(|field| field.starts_with('/'));
    fields.map(|field| plain(field).into())
}

/// A name without the octal numbers that encode white space and backslashes.
fn plain(field: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\134", "\\")]
        .iter()
        .fold(field.to_owned(), |name, (code, c)| name.replace(code, c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_should_be_mounted_and_is_not_is_found() {
        let wanted =
            "# a comment /srv\nUUID=1 / ext4 defaults\n/dev/sdb /nowhere/my\\040site ext4 defaults 0 2\nx none swap\n";
        let found = |path: &str, mounted: &str| find_missing(Path::new(path), wanted, mounted);
        assert_eq!(found("/nowhere/my site/data", "/dev/sda / ext4"), Some(PathBuf::from("/nowhere/my site")));
        assert_eq!(found("/nowhere/my site", ""), Some(PathBuf::from("/nowhere/my site")));
        for (path, mounted) in [
            ("/nowhere/my site/data", "/dev/sdb /nowhere/my\\040site ext4 rw"),
            ("/nowhere/my sites", ""),
            ("/nowhere", ""),
            ("/", ""),
        ] {
            assert_eq!(found(path, mounted), None, "{path}");
        }
    }

    #[test]
    fn a_mount_point_is_exactly_one_path() {
        let is_one = |path: &str| is_mount_point(Path::new(path), "/dev/sdb /srv/my\\040site/plinth.db ext4 rw");
        assert!(is_one("/srv/my site/plinth.db"));
        assert!(!is_one("/srv/my site") && !is_one("/srv/my site/plinth.db-wal"));
    }
}
