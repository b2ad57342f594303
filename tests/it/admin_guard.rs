//! No form of the admin area is left without a question about unsaved input, nor after it came back with errors.

use std::{fs, path::Path};

use crate::harness::{TestApp, TestUser};

/// All templates below a folder: name and text.
fn templates(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            templates(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_form_to_type_into_is_guarded() {
    let mut found = Vec::new();
    templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/admin"), &mut found);
    let mut forms = 0;
    for (name, text) in found {
        for form in text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let (tag, rest) = form.split_once('>').unwrap();
            // Passwords are never kept; a user who signs in has written nothing yet, and an export asks only for
            // choices.
            let typed = rest.replace("text(\"password\"", "").replace("text(\"current_password\"", "");
            let typed = typed.replace("text(\"confirm_password\"", "");
            let is_typed = ["text(\"", "textarea(\"", "select(\"", "<textarea", "<input type=\"text\""];
            if !tag.contains("method=\"post\"") || !is_typed.iter().any(|one| typed.contains(one)) {
                continue;
            }
            forms += 1;
            if !name.ends_with("/sign_in.html") && !name.ends_with("/export.html") {
                assert!(form.contains("data-guard"), "{name}: <form{tag}>");
            }
        }
    }
    assert!(forms > 12, "{forms}");
}

#[tokio::test]
async fn a_button_of_another_form_says_that_it_leaves_what_is_typed() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let id = editor.actor.id.unwrap();
    let course = app.page_id("/training/foundation-course").await;
    editor.post(&format!("/admin/pages/{course}/unpublish"), &[]).await.is(303);
    let told = "Save what you typed in the form above first: this button does not send it.";
    let says = async |who: &TestUser, path: &str| {
        let screen = who.get(path).await.is(200).text;
        assert!(screen.contains("<noscript>") && screen.contains(told), "{path}");
    };
    says(&admin, &format!("/admin/users/{id}")).await;
    says(&admin, "/admin/account").await;
    says(&editor, &format!("/admin/pages/{course}")).await;
}

#[tokio::test]
async fn deactivating_says_what_it_causes_before_it_is_done() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let screen = admin.get(&format!("/admin/users/{}", editor.actor.id.unwrap())).await.is(200);
    screen.says("data-consequence=\"They can no longer sign in, and their sessions and links end at once.");
}
