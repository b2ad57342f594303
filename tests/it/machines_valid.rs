//! What machines read, before the validators of others: `machines.test.mjs` and `api.test.mjs` in `tests/browser`.

use std::{path::Path, process::Command};

use crate::browser::{find, start};

#[test]
fn what_machines_read_is_valid() {
    validate("machines.test.mjs");
}

#[test]
fn the_read_api_is_as_its_description_says() {
    validate("api.test.mjs");
}

fn validate(file: &str) {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let Some(node) = find(&["node"]).filter(|_| suite.join("node_modules/xmllint-wasm").exists()) else {
        let required = ["CI", "PLINTH_BROWSER_TESTS"].iter().any(|name| std::env::var_os(name).is_some());
        assert!(!required, "Node or a package of tests/browser is missing; tests/all installs them");
        println!("skipped: Node or a package of tests/browser is missing; tests/all installs them");
        return;
    };
    let server = start();
    let status = Command::new(node)
        .args(["--test", "--test-reporter=spec", file])
        .current_dir(suite)
        .env("PLINTH_URL", &server.url)
        .status()
        .unwrap();
    assert!(status.success(), "something is not valid; the report is above");
}
