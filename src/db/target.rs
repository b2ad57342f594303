//! A database that is to be filled: whether it is empty, and whether it is another one than that which is read. Changes nothing.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use super::{
    address::DatabaseAddress,
    opening::{self, OpenError},
    postgres,
};

/// Whether there is nothing in it, not even empty tables; a file may be missing.
/// Fails when it is another program's, or cannot be written.
pub(crate) async fn is_blank(address: &DatabaseAddress) -> Result<bool, OpenError> {
    match address {
        DatabaseAddress::File(file) => match fs::metadata(file) {
            Ok(metadata) if metadata.len() > 0 => opening::inspect(file).await.map(|()| false),
            Ok(_) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(error.into()),
        },
        DatabaseAddress::Server(server) => postgres::opening::is_blank(server).await,
    }
}

/// Whether both addresses are of one database, however they are written.
/// Fails when a server does not say so.
pub(crate) async fn is_same(one: &DatabaseAddress, other: &DatabaseAddress) -> Result<bool, OpenError> {
    match (one, other) {
        (DatabaseAddress::File(one), DatabaseAddress::File(other)) => {
            Ok(id(one).is_some_and(|id_one| id(other) == Some(id_one)))
        }
        (DatabaseAddress::Server(one), DatabaseAddress::Server(other)) => {
            Ok(postgres::opening::is_same(one, other).await?)
        }
        _ => Ok(false),
    }
}

/// Device and inode.
fn id(file: &Path) -> Option<(u64, u64)> {
    fs::metadata(file).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}
