//! `plinth upgrade --rehearse`: what another version of the program would make of a site, found on a copy.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use sqlx::{Connection, Executor, SqliteConnection};
use tempfile::TempDir;

use crate::{
    backup::{SKIPPED, names},
    command_line::{fails, plinth, succeeds},
    postgres,
    program::{self, Program, SERVE, refused},
};

/// A program that does something with its copy before it serves that.
fn script(folder: &Path, before: &str) -> String {
    let file = folder.join("old");
    let text = format!("#!/bin/sh\n{before}\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_plinth"));
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    file.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_finds_what_would_be_different_and_changes_nothing() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let (data, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let program = Program::run(program::plinth(data.path(), &SERVE).env("PLINTH_STARTER", "none"));
    let rehearse = |more: &[&str]| plinth(data.path(), &[&["upgrade", "--rehearse"], more].concat(), "");
    let mut within = program::plinth(data.path(), &["upgrade", "--rehearse"]);
    let said = succeeds(&program::ended(within.current_dir(data.path()).env("PLINTH_DATA", ".")));
    assert!(said.contains("Looked at ") && said.contains("To switch:"), "{said}");
    let same = script(folder.path(), "");
    let said = succeeds(&rehearse(&["--old", &same]));
    assert!(said.contains(": all are the same with both programs"), "{said}");

    // The other one has another text on a page, then a page more.
    let differs = |before: &str, says: &[&str]| {
        let output = rehearse(&["--old", &script(folder.path(), before)]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        for part in says {
            assert!(said.contains(part), "{part}: {said}");
        }
    };
    let import = |name: &str, text: &str| {
        let export = folder.path().join(name);
        succeeds(&plinth(data.path(), &["export", export.to_str().unwrap()], ""));
        let page = export.join("pages").join(name).with_extension("md");
        let index = fs::read_to_string(export.join("pages/index.md")).unwrap();
        fs::write(page, format!("{index}\n{text}\n")).unwrap();
        format!("{} import {} >&2 || exit 1", env!("CARGO_BIN_EXE_plinth"), export.display())
    };
    let changed = import("index", "A planted difference.");
    differs(&changed, &["would not be as they are now. Nothing was changed.", "/: It has “", "until now"]);
    differs(&import("planted", "Of the old one."), &["/planted", "It answers 404, and 200 until now."]);

    let broken = script(folder.path(), "echo 'It is out of order.' >&2; exit 1");
    refused(&rehearse(&["--old", &broken]), &["does not serve the copy: It is out of order."]);
    refused(&rehearse(&["--old", "/nowhere/plinth"]), &["/nowhere/plinth does not serve the copy: it is not there."]);
    program.get("/", 200);
    program.stop();
    assert!(!names(data.path()).contains("upgrade-rehearsal"));
    fails(&plinth(data.path(), &["upgrade"], ""), 2, &["--rehearse"]);
}

#[tokio::test]
async fn a_database_that_cannot_be_brought_up_to_date_is_told() {
    if postgres::skips(SKIPPED) {
        return;
    }
    let data = TempDir::new().unwrap();
    fails(&plinth(data.path(), &["upgrade", "--rehearse"], ""), 1, &["There is no database at"]);
    succeeds(&plinth(data.path(), &["migrate"], ""));
    let address = format!("sqlite:{}", data.path().join("plinth.db").display());
    let mut database = SqliteConnection::connect(&address).await.unwrap();
    let sql = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
               values (29991231000001, 'from the future', true, x'00', 0)";
    database.execute(sql).await.unwrap();
    database.close().await.unwrap();
    let says = ["cannot be used with the site, of which nothing was changed", "newer than this program"];
    fails(&plinth(data.path(), &["upgrade", "--rehearse"], ""), 1, &says);
    assert!(!names(data.path()).contains("upgrade-rehearsal"));
}
