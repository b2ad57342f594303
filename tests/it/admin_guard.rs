//! No form of the admin area is left without a question about unsaved input, nor after it came back with errors.

use std::{fs, path::Path};

use crate::harness::{PASSWORD, TestApp};

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
            if !name.ends_with("/sign_in/new.html")
                && !name.ends_with("/sign_in/code.html")
                && !name.ends_with("/sign_in/forgotten.html")
                && !name.ends_with("/export.html")
            {
                assert!(form.contains("data-guard"), "{name}: <form{tag}>");
            }
        }
    }
    assert!(forms > 12, "{forms}");
}

#[tokio::test]
async fn a_button_of_another_form_says_that_it_leaves_what_is_typed() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin().await, app.editor().await.actor.id.unwrap());
    let told = "<noscript><p class=\"hint\">Save what you typed in the form above first: this button does not send it.";
    let screen = admin.get(&format!("/admin/users/{id}")).await.is(200).says(told);
    let (_, rest) = screen.text.split_once(told).unwrap();
    assert!(!rest.contains(told) && rest.split_once("<button").unwrap().1.contains("Make a link for a new password"));
    admin.get("/admin/account").await.is(200).does_not_say(told);
}

/// Without a script there is only what is sent.
#[tokio::test]
async fn what_is_typed_is_still_there_after_another_button() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    app.visitor().post("/admin/sign-in", &[("email", &editor.email), ("password", PASSWORD)]).await.is(303);
    let own = "/admin/account";
    editor.get(own).await.is(200).says("formaction=\"/admin/account/sessions/end\"").says("data-guard>");
    let typed = [("name", "Edna E"), ("was_name", "Edith Editor")];
    let screen = editor.post("/admin/account/sessions/end", &typed).await.is(200);
    let screen = screen.says("Your other sessions were ended.").says("value=\"Edna E\"").says("data-guard=\"dirty\"");
    screen.says("name=\"was_name\" value=\"Edith Editor\"");
    editor.get(own).await.is(200).says("value=\"Edith Editor\"");
    let untouched = [("name", "Edith Editor"), ("was_name", "Edith Editor")];
    assert_eq!(editor.post("/admin/account/sessions/end", &untouched).await.is(303).location(), own);

    let user = format!("/admin/users/{}", editor.actor.id.unwrap());
    let chosen = [("role", "administrator"), ("was_role", "editor")];
    for (button, said) in
        [("sessions/end", "were ended."), ("deactivate", "is deactivated."), ("reactivate", "is reactivated.")]
    {
        let screen = admin.post(&format!("{user}/{button}"), &chosen).await.is(200).says(said);
        screen.says("value=\"administrator\" selected").says("data-guard=\"dirty\"");
        admin.get(&user).await.is(200).says("value=\"editor\" selected");
    }
    // A choice that was made from another role than it is now is no choice any more.
    let old = [("role", "administrator"), ("was_role", "administrator")];
    admin.post(&format!("{user}/deactivate"), &old).await.is(303);
    admin.post(&format!("{user}/reactivate"), &[]).await.is(303);
}

#[tokio::test]
async fn deactivating_says_what_it_causes_before_it_is_done() {
    let app = TestApp::new().await;
    let (admin, editor) = (app.admin().await, app.editor().await);
    let screen = admin.get(&format!("/admin/users/{}", editor.actor.id.unwrap())).await.is(200);
    screen.says("data-consequence=\"They can no longer sign in, and their sessions and links end at once.");
}
