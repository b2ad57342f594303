//! The visual editor: where it is loaded, how large it is, and that it gives back every text that nobody changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{browser::find, harness::TestApp};

/// What opening the editor may take over the wire.
const MOST: u64 = 160 * 1024;

/// Where the build made it; none where it could not.
fn built() -> Option<PathBuf> {
    let out = Path::new(env!("OUT_DIR"));
    let required = ["CI", "PLINTH_BROWSER_TESTS", "PLINTH_REQUIRE_EDITOR"];
    if out.join("built/editor/editor.js").exists() {
        return Some(out.to_owned());
    }
    let is_required = required.iter().any(|name| std::env::var_os(name).is_some());
    assert!(!is_required, "the visual editor was not built: install Node with npm, then touch editor/main.js");
    println!("skipped: the visual editor was not built");
    None
}

#[tokio::test]
async fn only_screens_with_a_text_load_it() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let is_built = built().is_some();
    for (path, has_text) in
        [("/admin/pages/new", true), ("/admin/faq/new", true), ("/admin", false), ("/admin/pages", false)]
    {
        let page = editor.get(path).await.is(200).text;
        assert_eq!(page.contains("/editor/editor.js\"></script>"), has_text && is_built, "{path}");
        assert_eq!(page.contains("/editor/editor.css\""), has_text && is_built, "{path}");
        assert_eq!(page.contains(" data-markdown"), has_text, "{path}");
    }
    let visitor = app.visitor();
    assert!(!visitor.get("/").await.is(200).text.contains("/editor/"));
    if !is_built {
        return;
    }
    let page = editor.get("/admin/pages/new").await.text;
    for (end, kind) in [("js", "text/javascript; charset=utf-8"), ("css", "text/css; charset=utf-8")] {
        let address = page.split('"').find(|part| part.ends_with(&format!("/editor/editor.{end}"))).unwrap();
        let file = visitor.get(address).await.is(200);
        assert_eq!(file.header("content-type"), kind);
        assert!(file.header("cache-control").contains("immutable"), "{}", file.header("cache-control"));
    }
}

#[test]
fn it_is_small_enough() {
    let Some(out) = built() else { return };
    let size: u64 =
        ["js", "css"].iter().map(|end| fs::metadata(out.join(format!("editor-editor.{end}.br"))).unwrap().len()).sum();
    assert!(size <= MOST, "{size} bytes");
}

#[test]
fn what_nobody_changes_comes_back_byte_for_byte() {
    let Some(out) = built() else { return };
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let Some(node) = find(&["node"]).filter(|_| suite.join("node_modules").exists()) else {
        let required = ["CI", "PLINTH_BROWSER_TESTS"].iter().any(|name| std::env::var_os(name).is_some());
        assert!(!required, "Node or tests/browser/node_modules is missing; tests/all installs them");
        println!("skipped: Node or tests/browser/node_modules is missing; tests/all installs them");
        return;
    };
    let status = Command::new(node)
        .args(["--test", "--test-reporter=spec", "layer.test.mjs"])
        .current_dir(suite)
        .env("PLINTH_EDITOR", out.join("editor"))
        .status()
        .unwrap();
    assert!(status.success(), "the editor changed a text; the report is above");
}
