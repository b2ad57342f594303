//! Documents of a type, from the form to visitors, machines and files, and back: everything that is done with documents includes the
//! fields of their types.

use plinth::model::{
    actor::Actor,
    transfer::{export, files, folder::FileMap, import},
};

use serde_json::Value;

use crate::{
    harness::{Reply, TestApp, TestUser},
    search::{index, wait_for_index},
};

const SUPPLIER: &str = r#"
label = "Supplier"
used_for = ["page", "faq_item"]
layout = "article"
fields = [
    { key = "town", label = "Town", control = "line", limit = 20, is_required = true, is_searched = true, shown = "fact" },
    { key = "address", label = "Address", control = "text", shown = "fact" },
    { key = "profile", label = "Profile", control = "markdown", shown = "section" },
    { key = "staff", label = "Staff", control = "number", shown = "fact" },
    { key = "founded", label = "Founded", control = "date", shown = "fact" },
    { key = "risk", label = "Risk", control = "choice", options = ["low", "high"], shown = "fact" },
    { key = "certified", label = "Certified", control = "yes_no", shown = "fact" },
    { key = "website", label = "Website", control = "url", shown = "fact" },
    { key = "part_of", label = "Part of", control = "reference", shown = "fact" },
    { key = "contract", label = "Contract", control = "line", is_searched = true, shown = "internal" },
    { key = "contacts", label = "Contacts", control = "rows", shown = "section", parts = [
        { key = "name", label = "Name", control = "line" },
        { key = "calls", label = "Calls", control = "number" },
        { key = "page", label = "Page", control = "reference" },
    ] },
]
"#;

const VALUES: [(&str, &str); 15] = [
    ("type", "supplier"),
    ("town", "Graz"),
    ("address", "Lane 1\r\nSecond floor"),
    ("profile", "## Strengths\r\n\r\nThey *answer*, see [home](/)."),
    ("staff", "012.50"),
    ("founded", "2001-06-30"),
    ("risk", "high"),
    ("certified", "yes"),
    ("website", "https://example.org/"),
    ("part_of", "/"),
    ("contract", "Wombat-7"),
    ("contacts.0.name", "Ida"),
    ("contacts.0.calls", "3"),
    ("contacts.1.name", ""),
    ("contacts.2.name", "Otto"),
];

/// Takes up files; errors as the command line tells them.
async fn take(app: &TestApp, files: &FileMap) -> Result<(), String> {
    let site = files::parse(&app.app.rules, files)?;
    let write = app.app.write(Actor::system("test")).await.unwrap();
    import::run(write, &site).await.map(drop).map_err(|error| format!("{error:?}"))
}

fn of_type(text: &str) -> FileMap {
    FileMap::from([("types/supplier.toml".to_owned(), text.to_owned())])
}

async fn portal() -> TestApp {
    let app = TestApp::with(&["--starter", "none"]).await;
    take(&app, &of_type(SUPPLIER)).await.unwrap();
    app
}

/// Sends the form of a page with all values, but for these.
async fn send(user: &TestUser, path: &str, base: &str, changes: &[(&str, &str)]) -> Reply {
    let mut fields =
        vec![("base", base), ("title", "Acme"), ("slug", "acme"), ("menu", "hidden"), ("layout", "article")];
    fields.extend(VALUES);
    for change in changes {
        fields.retain(|(key, _)| *key != change.0);
        fields.push(*change);
    }
    user.post(path, &fields).await
}

async fn make(user: &TestUser, changes: &[(&str, &str)]) -> String {
    let to = send(user, "/admin/pages/new", "", changes).await.is(303).location();
    to.split(['?', '#']).next().unwrap().to_owned()
}

#[tokio::test]
async fn a_page_of_a_type_is_written_published_compared_and_brought_back() {
    let app = portal().await;
    let (user, visitor) = (app.editor().await, app.visitor());
    let new = user.get("/admin/pages/new").await.is(200).does_not_say("name=\"town\"");
    new.says("href=\"/admin/pages/new?type=supplier\"").says("<option value=\"supplier\">Supplier</option>");
    let form = user.get("/admin/pages/new?type=supplier").await.is(200).says("data-limit=\"20\"");
    form.says("name=\"contacts.0.name\"").says("name=\"contacts.1.calls\"").says("value=\"supplier\" selected");

    let bad = [("town", "A town with a name that is long"), ("staff", "many"), ("website", "javascript:alert(1)")];
    let form = send(&user, "/admin/pages/new", "", &bad).await.is(422).says("Shorten the town to 20 characters");
    form.says("Enter a number").says("Enter a whole address").says("value=\"Otto\"").says("href=\"#field-staff\"");
    let bad = [("contacts.2.calls", "often"), ("part_of", "example.org"), ("risk", "huge")];
    let form = send(&user, "/admin/pages/new", "", &bad).await.is(422).says("Row 2, calls: Enter a number");
    form.says("Enter the path of a page of this site").says("Choose one of the list").says("value=\"often\"");

    let edit = make(&user, &[("town", ""), ("do", "save")]).await;
    send(&user, &edit, "1", &[("town", ""), ("do", "publish")]).await.is(422).says("Enter the town");
    send(&user, &edit, "1", &[("do", "publish")]).await.is(303);
    let form = user.get(&edit).await.is(200).says("value=\"Graz\"").says("value=\"12.5\"");
    form.says("\nLane 1\nSecond floor</textarea>").says("name=\"contacts.1.name\" value=\"Otto\"");

    let page = visitor.get("/acme").await.is(200).says("<dt dir=\"auto\">Town</dt>").says(">Graz</span>");
    let page = page.says(">12.5</span>").says(">Yes</span>").says("href=\"https://example.org/\" rel=\"noreferrer\"");
    let page =
        page.says(">example.org</a>").says("<a href=\"/\">").says("<h2 id=\"profile\" dir=\"auto\">Profile</h2>");
    let page = page.says("id=\"profile-strengths\"").says("<em>answer</em>").does_not_say("Wombat-7");
    page.says("<th scope=\"col\" dir=\"auto\">Calls</th>").says(">Otto</span>");

    let changes = [("town", "Wien"), ("contacts.0.calls", "4"), ("do", "save")];
    send(&user, &edit, "2", &changes).await.is(303);
    let id = edit.rsplit('/').next().unwrap();
    let compared = user.get(&format!("/admin/documents/{id}/compare?old=2&new=3")).await.is(200).says("Contacts");
    compared.says("Town").does_not_say("Website");
    user.get(&format!("/admin/documents/{id}/revisions/2")).await.is(200).says("Name: Ida; Calls: 3").says("Graz");
    user.post(&format!("/admin/documents/{id}/revisions/2/restore"), &[("base", "3")]).await.is(303);
    user.get(&edit).await.is(200).says("value=\"Graz\"").says("name=\"contacts.0.calls\" value=\"3\"");
    visitor.get("/acme").await.is(200).says(">Graz</span>");
}

#[tokio::test]
async fn two_editors_of_one_list_choose() {
    let app = portal().await;
    let user = app.editor().await;
    let edit = make(&user, &[("do", "save")]).await;
    send(&user, &edit, "1", &[("contacts.0.calls", "4"), ("do", "save")]).await.is(303);
    // Another field of an older version joins it, the same list does not.
    send(&user, &edit, "1", &[("town", "Wien"), ("contacts.0.calls", "4"), ("do", "save")]).await.is(303);
    let form = user.get(&edit).await.says("value=\"Wien\"").says("name=\"contacts.0.calls\" value=\"4\"");
    form.says("value=\"3\"");
    let clash = send(&user, &edit, "1", &[("contacts.0.calls", "9"), ("town", "Wien"), ("do", "save")]).await.is(409);
    clash.says("Contacts").says("Name: Ida; Calls: 4");
}

#[tokio::test]
async fn a_reference_follows_the_page_that_it_means() {
    let app = portal().await;
    let (admin, visitor) = (app.admin().await, app.visitor());
    let fields = [
        ("title", "Group"),
        ("slug", "group"),
        ("menu", "hidden"),
        ("layout", "article"),
        ("body", "x"),
        ("do", "publish"),
    ];
    let group = admin.post("/admin/pages/new", &fields).await.is(303).location();
    let references = [
        ("part_of", "/group"),
        ("contacts.0.page", "/group#board"),
        ("profile", "It belongs to [it](/group#=title)."),
        ("do", "publish"),
    ];
    let edit = make(&admin, &references).await;
    visitor.get("/acme").await.is(200).says("<a href=\"/group\">Group</a>").says("It belongs to Group.");

    let group = group.split(['?', '#']).next().unwrap();
    let renamed = [&fields[..], &[("base", "1")]].concat();
    let renamed: Vec<_> = renamed.into_iter().filter(|(key, _)| !matches!(*key, "slug" | "title")).collect();
    admin.post(group, &[&renamed[..], &[("slug", "holding"), ("title", "Holding")]].concat()).await.is(303);
    let publish = format!("/admin/documents/{}/publication", group.rsplit('/').next().unwrap());
    admin.post(&publish, &[("version", "2")]).await.is(303);
    let page = visitor.get("/acme").await.is(200).says("<a href=\"/holding\">Holding</a>");
    page.says("<a href=\"/holding#board\">Holding</a>").says("It belongs to Holding.");
    let document: Value = serde_json::from_str(&visitor.get("/api/v1/documents/acme").await.is(200).isolated).unwrap();
    assert_eq!(document["fields"]["part_of"].as_str(), Some("/holding"));
    assert_eq!(document["fields"]["contacts"][0]["page"].as_str(), Some("/holding#board"));
    visitor.get("/acme.md").await.is(200).says("- **Part of**: </holding>").says("Page: /holding\\#board");
    let files = export::read(app.app.read(), &app.app.rules.fields).await.unwrap();
    let file = &files["pages/acme.md"];
    assert!(file.contains("part_of = \"/holding\"") && file.contains("page = \"/holding#board\""), "{file}");
    let copy = format!("/admin/pages/new?copy_of={}", edit.rsplit('/').next().unwrap());
    admin.get(&copy).await.is(200).says("value=\"/holding\"").says("value=\"/holding#board\"");
    admin.confirm(&format!("{group}/unpublish")).await;
    visitor.get("/acme").await.is(200).does_not_say("Part of").does_not_say("Holding");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_found_by_its_searched_fields() {
    let app = portal().await;
    index(&app).await;
    let (user, visitor) = (app.editor().await, app.visitor());
    let edit = make(&user, &[("address", "Quokka lane"), ("do", "publish")]).await;
    wait_for_index(&app).await;
    visitor.get("/search?q=graz").await.is(200).says("href=\"/acme\"");
    visitor.get("/search?q=wombat-7").await.is(200).says("Nothing was found");
    user.get("/admin/search?q=wombat-7").await.is(200).says(&edit);
    visitor.get("/search?q=quokka").await.is(200).says("Nothing was found");
    // Other fields are searched: its documents are read again, and the index that answers meanwhile stays.
    let kept = app.data.path().join("search/public/kept");
    std::fs::write(&kept, "").unwrap();
    let other = SUPPLIER.replace("control = \"text\", shown", "control = \"text\", is_searched = true, shown");
    take(&app, &of_type(&other.replace("is_required = true, is_searched = true", "is_required = true"))).await.unwrap();
    wait_for_index(&app).await;
    visitor.get("/search?q=quokka").await.is(200).says("href=\"/acme\"");
    visitor.get("/search?q=graz").await.is(200).says("Nothing was found");
    assert!(kept.exists(), "the index was made again");
}

#[tokio::test]
async fn files_carry_types_and_their_values_there_and_back() {
    let app = portal().await;
    make(&app.editor().await, &[("do", "publish")]).await;
    let first = export::read(app.app.read(), &app.app.rules.fields).await.unwrap();
    let page = &first["pages/acme.md"];
    let lines =
        ["type = \"supplier\"", "staff = 12.5", "certified = true", "name = \"Ida\"", "founded = \"2001-06-30\""];
    for line in lines {
        assert!(page.contains(line), "{line} is not in {page}");
    }
    let fresh = TestApp::with(&["--starter", "none"]).await;
    take(&fresh, &first).await.unwrap();
    let second = export::read(fresh.app.read(), &fresh.app.rules.fields).await.unwrap();
    assert_eq!((&second["types/supplier.toml"], &second["pages/acme.md"]), (&first["types/supplier.toml"], page));
    fresh.visitor().get("/acme").await.is(200).says(">Graz</span>");

    // A folder without the file of the type, one with another value, and one whose type has lost a field.
    let mut without = first.clone();
    without.remove("types/supplier.toml");
    assert!(take(&fresh, &without).await.unwrap_err().contains("there is no type “supplier”"));
    let wrong = FileMap::from([
        ("types/supplier.toml".to_owned(), SUPPLIER.to_owned()),
        ("pages/acme.md".to_owned(), page.replace("staff = 12.5", "staff = \"many\"")),
    ]);
    assert!(take(&fresh, &wrong).await.unwrap_err().contains("pages/acme.md: staff: Staff: Enter a number"));
    let less = SUPPLIER.lines().filter(|line| !line.contains("\"staff\"")).collect::<Vec<_>>().join("\n");
    take(&fresh, &of_type(&less)).await.unwrap();
    fresh.visitor().get("/acme").await.is(200).does_not_say("12.5").says(">Graz</span>");
    let kept = export::read(fresh.app.read(), &fresh.app.rules.fields).await.unwrap();
    assert!(kept["pages/acme.md"].contains("staff = 12.5") && kept["types/supplier.toml"].contains("is_hidden = true"));
    for (text, sentence) in [
        (SUPPLIER.replace("\"town\"", "\"title\""), "“title” is a field of every document"),
        (SUPPLIER.replace("\"number\"", "\"sum\""), "unknown variant"),
        (SUPPLIER.replace("label = \"Supplier\"", "label = \"\""), "Enter what one of them is called"),
    ] {
        let fault = take(&fresh, &of_type(&text)).await.unwrap_err();
        assert!(fault.contains("types/supplier.toml") && fault.contains(sentence), "{fault}");
    }
}

#[tokio::test]
async fn hostile_values_say_what_they_are() {
    let app = portal().await;
    let user = app.editor().await;
    let hostile = "</script><b onload=\"x\">'&";
    let changes = [
        ("address", hostile),
        ("profile", hostile),
        ("contacts.0.name", hostile),
        ("website", "https://example.org/\"><b>"),
        ("do", "publish"),
    ];
    make(&user, &changes).await;
    let page = app.visitor().get("/acme").await.is(200).does_not_say("<b onload").does_not_say("\"><b>");
    page.says("&lt;b onload=");
    let many: Vec<(String, String)> = (0..101).map(|at| (format!("contacts.{at}.name"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let changes = [&many[..], &[("slug", "many")]].concat();
    send(&user, "/admin/pages/new", "", &changes).await.is(422).says("Enter at most 100 rows; there are 101");
}

#[tokio::test]
async fn programs_read_its_public_fields() {
    let app = portal().await;
    make(&app.editor().await, &[("do", "publish")]).await;
    let visitor = app.visitor();
    let read = async |path: &str| -> Value { serde_json::from_str(&visitor.get(path).await.is(200).isolated).unwrap() };
    let document = read("/api/v1/documents/acme").await;
    let fields = &document["fields"];
    assert_eq!((document["document_type"].as_str(), fields["town"].as_str()), (Some("supplier"), Some("Graz")));
    assert_eq!((fields["staff"].as_f64(), fields["certified"].as_bool()), (Some(12.5), Some(true)));
    assert_eq!(fields["contacts"], serde_json::json!([{ "name": "Ida", "calls": 3 }, { "name": "Otto" }]));
    assert!(fields.get("contract").is_none(), "{fields}");
    let listed = read("/api/v1/documents?type=supplier").await;
    let paths: Vec<_> = listed["documents"].as_array().unwrap().iter().map(|one| one["path"].clone()).collect();
    assert_eq!(paths, ["/acme"]);
    // What is of another type is no part of the limit.
    let first = read("/api/v1/documents?type=supplier&limit=1").await;
    assert_eq!(first["documents"][0]["path"].as_str(), Some("/acme"));
    let since = read("/api/v1/documents?type=supplier&limit=1&changed_since=2020-01-01T00:00:00Z").await;
    assert_eq!(since["documents"][0]["path"].as_str(), Some("/acme"));
    let problem = async |path: &str, status: u16| {
        let reply = visitor.get(path).await.is(status);
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        reply
    };
    problem("/api/v1/documents?type=nothing", 400)
        .await
        .says("There is no type")
        .says("page, question")
        .says("supplier");
    problem("/api/v1/nothing", 404).await.says("\"status\":404");
    problem("/api/v1/documents/nothing", 404).await;
    for path in ["/acme.md", "/acme/feed.xml"] {
        assert_eq!(visitor.post(path, &[]).await.is(405).header("allow"), "GET, HEAD", "{path}");
    }
    let described = read("/api/v1/openapi.json").await.to_string();
    assert!(described.contains("\"title\":\"Town\""), "{described}");
}
