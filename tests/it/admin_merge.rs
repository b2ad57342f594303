//! Two users who change the same document at once: pages and questions alike.

use plinth::model::{
    actor::Role,
    audit_log::{self, AuditFilter},
    document::revision,
};

use crate::harness::{Reply, TestApp, TestUser};

/// A kind of document: where its forms go, and what they send.
pub struct Editor {
    pub path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// A short field besides the title, with its name on screens.
    pub other: (&'static str, &'static str),
    pub public: &'static str,
}

const PAGES: Editor = Editor {
    path: "/admin/pages",
    fields: &[
        ("title", "A page"),
        ("slug", "a-page"),
        ("summary", "What it says."),
        ("body", "First line.\r\n\r\nSecond *line*."),
        ("menu", "main"),
        ("layout", "article"),
        ("number", ""),
        ("owner", "Registrar"),
        ("note", ""),
    ],
    other: ("summary", "summary"),
    public: "/a-page",
};

const QUESTIONS: Editor = Editor {
    path: "/admin/faq",
    fields: &[
        ("title", "May I ask?"),
        ("slug", "may-i-ask"),
        ("body", "First line.\r\n\r\nSecond *line*."),
        ("category", "1"),
        ("owner", "Registrar"),
        ("review_by", ""),
        ("note", ""),
    ],
    other: ("owner", "public owner"),
    public: "/faq",
};

pub const BOTH: [Editor; 2] = [PAGES, QUESTIONS];

impl Editor {
    pub fn form<'a>(&self, base: &'a str, changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut fields = vec![("base", base), ("do", "save")];
        fields.extend(self.fields);
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push((*name, *value));
        }
        fields
    }

    /// Makes a document; gives the address of its edit screen.
    pub async fn create(&self, user: &TestUser, intent: &str) -> String {
        let fields = self.form("", &[("do", intent)]);
        user.post(&format!("{}/new", self.path), &fields).await.is(303).location()
    }

    pub async fn save(&self, user: &TestUser, edit: &str, base: &str, changes: &[(&str, &str)]) -> Reply {
        user.post(edit, &self.form(base, changes)).await
    }
}

pub fn id(edit: &str) -> i64 {
    edit.rsplit('/').next().unwrap().parse().unwrap()
}

pub async fn newest(app: &TestApp, edit: &str) -> revision::Revision {
    revision::latest(app.app.read(), id(edit)).await.unwrap()
}

/// The hidden fields of the form on a screen, to be sent once more.
pub fn resent(screen: &Reply, edit: &str) -> Vec<(String, String)> {
    crate::forms::hidden(screen, edit).into_iter().filter(|(name, _)| name != "submission").collect()
}

pub fn refs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Follows the redirect that must come.
pub async fn shown(user: &TestUser, reply: Reply) -> Reply {
    let to = reply.is(303).location();
    user.get(&to).await.is(200)
}

#[tokio::test]
async fn a_field_that_only_one_of_them_changed_keeps_their_value() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "publish").await;
        let (field, name) = editor.other;
        editor
            .save(&ada, &edit, "1", &[("body", "Ada’s line.\r\n\r\nSecond *line*."), ("do", "publish")])
            .await
            .is(303);
        let reply = editor.save(&otto, &edit, "1", &[(field, "Shorter")]).await;
        let screen = shown(&otto, reply).await.says("Version 3").says(&format!("It joins your change of the {name}"));
        screen.says("version 2 by Ada, which changed the");
        let joined = newest(&app, &edit).await;
        assert_eq!((joined.version, joined.content.body.as_str()), (3, "Ada’s line.\n\nSecond *line*."));
        assert_eq!(if field == "summary" { joined.content.summary } else { joined.content.owner }, "Shorter");
        app.visitor().get(editor.public).await.says("Ada’s line.").does_not_say("Shorter");

        let filter = AuditFilter { text: "joins version".to_owned(), ..AuditFilter::default() };
        let entries = audit_log::list(app.app.read(), &filter, 9).await.unwrap();
        assert_eq!(entries[0].detail, "version 3 joins version 2 by Ada with a change of version 1");
    }
}

#[tokio::test]
async fn publishing_a_joined_change_asks_before_it_takes_an_unpublished_one_along() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "publish").await;
        editor.save(&ada, &edit, "1", &[("body", "Not agreed yet."), ("note", "A try")]).await.is(303);
        let changes = [(editor.other.0, "Shorter"), ("do", "publish")];
        let reply = editor.save(&otto, &edit, "1", &changes).await.is(303);
        let sheet = format!("/admin/documents/{}/publication", id(&edit));
        assert_eq!(reply.location(), sheet);
        app.visitor().get(editor.public).await.does_not_say("Not agreed yet.").does_not_say("Shorter");
        let screen =
            otto.get(&sheet).await.is(200).says("Version 3").says("Not agreed yet.").says("A try").says("Shorter");
        screen.says("Publish version 3").says(">Ada<").says(">Otto<");

        // Another version in between has to be looked at first.
        editor.save(&ada, &edit, "3", &[("body", "Still not."), (editor.other.0, "Shorter")]).await.is(303);
        otto.post_and_follow(&sheet, &[("version", "3")])
            .await
            .says("version 4 was saved in the meantime")
            .says("Still not.");
        app.visitor().get(editor.public).await.does_not_say("Not agreed yet.").does_not_say("Still not.");
        for _ in 0..2 {
            otto.post_and_follow(&sheet, &[("version", "4")]).await.says("Version 4 of").says("is published");
        }
        app.visitor().get(editor.public).await.says("Still not.");
        otto.get(&sheet).await.is(303);
    }
}

#[tokio::test]
async fn publishing_without_a_change_of_ones_own_asks_too() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.editor().await, app.editor().await);
        let edit = editor.create(&ada, "publish").await;
        editor.save(&ada, &edit, "1", &[("body", "Not agreed yet.")]).await.is(303);
        let reply = editor.save(&otto, &edit, "1", &[("do", "publish")]).await;
        shown(&otto, reply).await.says("Publish version 2").says("Not agreed yet.");
        app.visitor().get(editor.public).await.does_not_say("Not agreed yet.");
        assert_eq!(newest(&app, &edit).await.version, 2);
    }
}

#[tokio::test]
async fn a_joined_change_is_published_when_the_other_one_is_public() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "publish").await;
        editor.save(&ada, &edit, "1", &[("body", "Agreed."), ("note", "Mended"), ("do", "publish")]).await.is(303);
        let changes = [("title", "Otto’s title"), ("note", "Better title"), ("do", "publish")];
        let reply = editor.save(&otto, &edit, "1", &changes).await;
        shown(&otto, reply).await.says("is published").says("version 2 by Ada");
        app.visitor().get(editor.public).await.says("Agreed.").says("Otto’s title");
        assert_eq!(
            newest(&app, &edit).await.content.change_note,
            "Better title",
            "the other note was published with its version"
        );
    }
}

#[tokio::test]
async fn a_field_that_both_changed_is_chosen_by_the_second() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        let (field, _) = editor.other;
        let adas = [("title", "Ada’s title"), ("body", "First line.\n\nAda’s <b>.")];
        editor.save(&ada, &edit, "1", &adas).await.is(303);
        let ottos = [("title", "Otto’s title"), ("body", "First line.\r\n\r\nOtto’s <i>."), (field, "Otto’s field")];
        let screen = editor.save(&otto, &edit, "1", &ottos).await.is(409);
        let screen = screen
            .says("Ada saved version 2 while you were writing")
            .says("<details class=\"disclosure\"><summary>What differs")
            .says("After “<bdi>First line.</bdi>”")
            .says("<del>")
            .says("Otto’s &lt;i&gt;.</")
            .says("name=\"keep_title\" value=\"theirs\"")
            .says("name=\"keep_body.1\" value=\"yours\"")
            .says("name=\"clash\" value=\"body.1\"")
            .says("name=\"base\" value=\"2\"")
            .says("name=\"made_from\" value=\"1\"")
            .says("data-label=\"Changed by\">You<")
            .says("data-guard=\"dirty\"")
            .says("Otto’s field");
        assert!(!screen.text.contains(" checked"), "nothing is chosen for them");
        assert_eq!(newest(&app, &edit).await.version, 2);

        let sent = resent(&screen, &edit);
        let mut fields = refs(&sent);
        fields.extend([("title", "Otto’s title"), ("body.1", "Otto’s <i>."), ("do", "save"), ("keep_title", "theirs")]);
        let again = otto.post(&edit, &fields).await.is(422).says("Choose which").says("href=\"#field-keep_body.1\"");
        let again = again.says("value=\"theirs\" checked").says("Otto’s &lt;i&gt;.").says("Otto’s field");
        // It still tells what happened, and compares line by line.
        let again = again.says("Ada saved version 2 while you were writing").says("data-label=\"Changed by\">You<");
        let again = again.says("After “<bdi>First line.</bdi>”").says("name=\"made_from\" value=\"1\"");
        again.says("Ada’s &lt;b&gt;.").says("id=\"field-keep_body.1\"").says("Otto’s title");

        fields.push(("keep_body.1", "yours"));
        otto.post(&edit, &fields).await.is(303);
        let chosen = newest(&app, &edit).await;
        assert_eq!((chosen.version, chosen.content.title.as_str()), (3, "Ada’s title"));
        assert_eq!(chosen.content.body, "First line.\n\nOtto’s <i>.");
        assert_eq!(if field == "summary" { chosen.content.summary } else { chosen.content.owner }, "Otto’s field");
        let theirs = revision::version(app.app.read(), id(&edit), 2).await.unwrap().unwrap();
        assert_eq!(theirs.content.body, "First line.\n\nAda’s <b>.");
    }
}

#[tokio::test]
async fn a_choice_is_kept_through_a_fault_and_through_a_third_version() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&ada, "save").await;
        editor.save(&ada, &edit, "1", &[("body", "Ada’s.")]).await.is(303);
        let mut fields = editor.form("2", &[("body", "Otto’s."), ("title", "")]);
        fields.extend([("clash", "body"), ("keep_body", "theirs")]);
        otto.post(&edit, &fields).await.is(422).says("There is a problem").says("\nAda’s.</textarea>");
        // A third version was saved while they chose: it is merged as well, and nothing is chosen twice.
        editor.save(&ada, &edit, "2", &[("body", "Ada’s."), ("owner", "Ada’s owner")]).await.is(303);
        let mut fields = editor.form("2", &[("body", "Otto’s.")]);
        fields.extend([("clash", "body"), ("keep_body", "yours")]);
        otto.post(&edit, &fields).await.is(303);
        let joined = newest(&app, &edit).await;
        assert_eq!((joined.content.body.as_str(), joined.content.owner.as_str()), ("Otto’s.", "Ada’s owner"));
    }
}

#[tokio::test]
async fn a_form_without_a_base_loses_nothing() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let otto = app.editor().await;
        let edit = editor.create(&otto, "save").await;
        for base in ["", "x", "0", "99"] {
            let reply = editor.save(&otto, &edit, base, &[("body", "Typed.")]).await.is(409);
            reply.says("Typed.").says("name=\"clash\" value=\"body\"").does_not_say("name=\"clash\" value=\"title\"");
        }
        assert_eq!(newest(&app, &edit).await.version, 1);
    }
}

#[tokio::test]
async fn the_same_request_twice_leads_where_the_first_did() {
    for editor in BOTH {
        let app = TestApp::new().await;
        let (ada, otto) = (app.user(Role::Editor, "Ada").await, app.user(Role::Editor, "Otto").await);
        let edit = editor.create(&otto, "save").await;
        for intent in ["save", "publish"] {
            let base = newest(&app, &edit).await.version.to_string();
            let changes = [("body", intent), ("do", intent)];
            let first = editor.save(&otto, &edit, &base, &changes).await.is(303).location();
            let first = otto.get(&first).await.is(200).text;
            let second = editor.save(&otto, &edit, &base, &changes).await.is(303).location();
            let second = otto.get(&second).await.is(200).text;
            let flash =
                |text: &str| text.split("class=\"flash").nth(1).unwrap().split("</p>").next().unwrap().to_owned();
            assert_eq!(flash(&first), flash(&second));
        }
        assert_eq!(newest(&app, &edit).await.version, 3);
        // Once someone else has replaced it, it may be meant: that is for Otto to choose.
        editor.save(&ada, &edit, "3", &[("body", "Ada’s.")]).await.is(303);
        editor.save(&otto, &edit, "2", &[("body", "publish")]).await.is(409).says("Ada’s.").says("publish");
        assert_eq!(newest(&app, &edit).await.content.body, "Ada’s.");
    }
}

#[tokio::test]
async fn an_earlier_text_of_ones_own_is_not_taken_for_one_that_is_saved() {
    for kind in BOTH {
        let app = TestApp::new().await;
        let editor = app.editor().await;
        let edit = kind.create(&editor, "save").await;
        let (other, _) = kind.other;
        kind.save(&editor, &edit, "1", &[(other, "One")]).await.is(303);
        kind.save(&editor, &edit, "2", &[(other, "Two")]).await.is(303);
        // Another window, still at version 1: what it says was replaced since.
        let reply = kind.save(&editor, &edit, "1", &[(other, "One")]).await.is(409);
        reply.says("One").says("Two");
        assert_eq!(newest(&app, &edit).await.version, 3);
    }
}
