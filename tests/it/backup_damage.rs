//! Each kind of damaged or forged backup is refused with a sentence, and what was there stays.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};

use sha2::{Digest, Sha256};
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::{
    backup::{SKIPPED, names, restore, site_with_media},
    command_line::fails,
    postgres,
};

/// The members of an archive: name and content.
type Members = Vec<(String, Vec<u8>)>;

fn members(file: &Path) -> Members {
    let mut archive = tar::Archive::new(File::open(file).unwrap());
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
        (entry.path().unwrap().to_str().unwrap().to_owned(), content)
    });
    entries.collect()
}

/// As it says, whatever it says.
fn header(name: &str, bytes: u64, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    let field = &mut header.as_old_mut().name;
    field[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(bytes);
    header.set_mode(0o644);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

fn write(file: &Path, members: &Members) {
    let mut archive = tar::Builder::new(File::create(file).unwrap());
    for (name, content) in members {
        archive.append(&header(name, content.len() as u64, tar::EntryType::Regular), content.as_slice()).unwrap();
    }
    archive.finish().unwrap();
}

/// Another manifest, with its right hash.
fn with_manifest(members: &Members, change: impl Fn(&mut serde_json::Value)) -> Members {
    let mut members = members.clone();
    let (_, hash) = members.pop().unwrap();
    let (_, text) = members.last_mut().unwrap();
    let mut manifest = serde_json::from_slice(text).unwrap();
    change(&mut manifest);
    *text = serde_json::to_vec(&manifest).unwrap();
    assert_eq!(hash.len(), 64 + "  manifest.json\n".len());
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&*text));
    members.push(("manifest.sha256".to_owned(), format!("{hash}  manifest.json\n").into_bytes()));
    members
}

#[track_caller]
fn is_refused(file: &Path, says: &str) {
    let data = TempDir::new().unwrap();
    fails(&restore(file, data.path()), 1, &["was not restored, and nothing was changed. ", says]);
    assert_eq!(names(data.path()), std::collections::BTreeSet::new());
}

#[tokio::test]
async fn one_flipped_bit_in_any_member_is_found() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (_data, file) = site_with_media(folder.path()).await;
    let whole = fs::read(&file).unwrap();
    let mut archive = tar::Archive::new(whole.as_slice());
    let places: Vec<_> = archive
        .entries()
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.path().unwrap().into_owned(), entry.raw_header_position(), entry.raw_file_position(), entry.size())
        })
        .collect();
    assert!(places.len() > 4, "{places:?}");
    let damaged = folder.path().join("damaged.tar");
    for (name, head, start, bytes) in places {
        for at in [head + 3, head + 126, start, start + bytes / 2, start + bytes - 1] {
            let mut bytes = whole.clone();
            bytes[usize::try_from(at).unwrap()] ^= 1;
            fs::write(&damaged, bytes).unwrap();
            let data = TempDir::new().unwrap();
            fails(&restore(&damaged, data.path()), 1, &["was not restored, and nothing was changed. "]);
            assert_eq!(names(data.path()), std::collections::BTreeSet::new(), "{name:?} at {at}");
        }
    }
}

#[tokio::test]
async fn a_truncated_backup_is_told() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (_data, file) = site_with_media(folder.path()).await;
    let whole = fs::read(&file).unwrap();
    let cut = folder.path().join("cut.tar");
    // Without the end, within a member, between two, and with nothing at all.
    for bytes in [whole.len() - 2048, whole.len() / 2, 512 * (whole.len() / 1024), 700, 512, 0] {
        fs::write(&cut, &whole[..bytes]).unwrap();
        is_refused(&cut, "It ends too early");
    }
    fs::write(&cut, "This is no backup.\n".repeat(1000)).unwrap();
    is_refused(&cut, "It is no backup, or is damaged");
    fails(
        &restore(&folder.path().join("nowhere.tar"), folder.path()),
        1,
        &["nowhere.tar cannot be read: it is not there"],
    );
}

#[tokio::test]
async fn a_forged_backup_writes_nothing() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (_data, file) = site_with_media(folder.path()).await;
    let members = members(&file);
    let forged = folder.path().join("forged.tar");
    let hash = "ab".repeat(32);
    for name in ["../evil", "/tmp/evil", "media/../../evil", "media/ab/../../../evil", "plinth.db", "evil\u{1b}[2J"] {
        let mut more = members.clone();
        more.insert(1, (name.to_owned(), b"x".to_vec()));
        write(&forged, &more);
        is_refused(&forged, "which no backup of this version does");
    }
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Link,
        tar::EntryType::Directory,
        tar::EntryType::Fifo,
        tar::EntryType::GNUSparse,
        tar::EntryType::GNULongName,
        tar::EntryType::XHeader,
    ] {
        let mut head = header(&format!("media/ab/{hash}"), 0, kind);
        head.as_old_mut().linkname[..11].copy_from_slice(b"/etc/passwd");
        head.set_cksum();
        let mut bytes = head.as_bytes().to_vec();
        bytes.extend(fs::read(&file).unwrap());
        fs::write(&forged, bytes).unwrap();
        is_refused(&forged, "which is a link or something else that is not a file");
    }
    // A size that no disk has.
    let mut output = File::create(&forged).unwrap();
    output.write_all(header(&format!("media/ab/{hash}"), 8_000_000_000, tar::EntryType::Regular).as_bytes()).unwrap();
    output.write_all(&[0; 4096]).unwrap();
    is_refused(&forged, "It ends too early");
    let mut more = members.clone();
    more.insert(1, (format!("media/ab/{hash}"), b"x".to_vec()));
    write(&forged, &more);
    is_refused(&forged, "its manifest.json does not name that file");
    let mut twice = members.clone();
    twice.insert(1, twice[1].clone());
    write(&forged, &twice);
    is_refused(&forged, "twice");
    let mut fewer = members.clone();
    fewer.remove(1);
    write(&forged, &fewer);
    is_refused(&forged, "is missing in it");
    let mut after = members.clone();
    after.push((format!("media/ab/{hash}"), b"x".to_vec()));
    write(&forged, &after);
    is_refused(&forged, "where a backup ends");
}

#[tokio::test]
async fn a_manifest_that_makes_no_sense_is_told() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (_data, file) = site_with_media(folder.path()).await;
    let members = members(&file);
    let forged = folder.path().join("forged.tar");
    let told = |change: &dyn Fn(&mut serde_json::Value), says: &str| {
        write(&forged, &with_manifest(&members, change));
        is_refused(&forged, says);
    };
    told(&|manifest| manifest["format"] = 2.into(), "which is newer than this one");
    told(&|manifest| manifest["migration"] = 99_999_999_999_999_i64.into(), "which is newer than this one");
    told(&|manifest| manifest["members"] = 1.into(), "Its manifest.json cannot be read");
    told(&|manifest| manifest["database"]["bytes"] = (1_u64 << 60).into(), "MB are free.");
    told(&|manifest| manifest["database"]["bytes"] = 4096.into(), "holds more than its manifest.json says");
    told(&|manifest| manifest["database"]["sha256"] = "0".into(), "does not hold the database that was backed up");
    let head = format!("1:{}", "0".repeat(64));
    told(&|manifest| manifest["audit_head"] = head.clone().into(), "audit log");
    let packed = zstd::encode_all(&b"no database"[..], 1).unwrap();
    let mut other = members.clone();
    other[0].1 = packed;
    write(&forged, &other);
    is_refused(&forged, "plinth.db.zst is not as it was when the backup was made");
}

#[tokio::test]
async fn a_database_that_was_changed_beside_plinth_is_told() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let folder = TempDir::new().unwrap();
    let (data, _) = site_with_media(folder.path()).await;
    let address = format!("sqlite:{}", data.path().join("plinth.db").display());
    let file = folder.path().join("changed.tar");
    let run = async |sql: &'static str| {
        let mut connection = SqliteConnection::connect(&address).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let _ = fs::remove_file(&file);
        crate::command_line::succeeds(&crate::backup::backup(data.path(), &file));
    };
    run("pragma foreign_keys = off; insert into media_file select 4711, of_hash, hash, content_type, width, height, bytes \
         from media_file limit 1")
    .await;
    is_refused(&file, "a row of media_file names one of media that is missing");
    run("delete from media_file where media_id = 4711; drop trigger audit_log_keeps_values; \
         update audit_log set detail = 'x' where id = 2")
    .await;
    is_refused(&file, "Entry 2 does not fit");
}
