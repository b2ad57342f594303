//! New pages and questions from a copy or a template, and where a new page goes.

use crate::harness::TestApp;

const COURSE: &str = "/training/foundation-course";

#[tokio::test]
async fn a_copy_is_a_form_with_everything_and_nothing_is_saved() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let id = app.page_id(COURSE).await;
    let parent = app.page_id("/training").await;
    let copy = format!("/admin/pages/new?copy_of={id}");
    editor.get(&format!("/admin/pages/{id}")).await.says(&format!("<a href=\"{copy}\">Copy this page</a>"));
    editor.get(&format!("/admin/pages?under={parent}")).await.says(&format!("<a href=\"{copy}\">Copy"));
    let body = plinth::model::document::revision::latest(app.app.read(), id).await.unwrap().content.body;
    let form = editor.get(&copy).await.is(200).says("value=\"Copy of ");
    assert!(form.text.contains(body.split('/').next().unwrap()), "the text");
    let form = form.says(&format!("<option value=\"{parent}\" selected>")).says("<option value=\"hidden\" selected>");
    // The slug is free.
    form.does_not_say("value=\"foundation-course\"");
    editor.get("/admin/pages?q=Copy+of").await.says("No page was found");
    editor.get("/admin/unpublished?show=drafts").await.says("Everything that you typed is saved");
    // One that is gone cannot be copied.
    editor.post(&format!("/admin/pages/{id}/delete"), &[]).await.is(303);
    editor.get(&copy).await.is(404);
    editor.get("/admin/pages/new?copy_of=x").await.is(404);
}

#[tokio::test]
async fn a_question_is_copied_with_its_category() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let fields = [("title", "Why?"), ("body", "Because."), ("category", "2")];
    let fields = [&fields[..], &[("review_by", "2027-06-30")]].concat();
    let path = editor.post("/admin/faq/new", &fields).await.is(303).location();
    editor.get(&path).await.says("value=\"2027-06-30\"");
    let copy = format!("/admin/faq/new?copy_of={}", path.rsplit('/').next().unwrap());
    editor.get(&path).await.says(&format!("<a href=\"{copy}\">Copy this question</a>"));
    editor.get("/admin/faq").await.says(&format!("<a href=\"{copy}\">Copy"));
    let form = editor.get(&copy).await.is(200).says("value=\"Copy of Why?\"").says("Because.</textarea>");
    form.says("<option value=\"2\" selected>").does_not_say("value=\"2027-06-30\"");
    // A question is no page.
    editor.get(&copy.replace("faq", "pages")).await.is(404);
}

#[tokio::test]
async fn a_template_is_offered_and_never_public() {
    let app = TestApp::new().await;
    let (editor, visitor) = (app.editor().await, app.visitor());
    let parent = app.page_id("/training").await.to_string();
    editor.get("/admin/pages/new").await.is(200).does_not_say("Course page</a>");
    let mut fields = vec![
        ("title", "Course page"),
        ("slug", "course-template"),
        ("body", "## Who it is for"),
        ("summary", "For whom"),
        ("template", "yes"),
        ("under", &parent),
        ("do", "publish"),
    ];
    let refused = editor.post("/admin/pages/new", &fields).await.is(422);
    refused.says("A template is never published").says("id=\"field-template-error\"");
    fields[6].1 = "save";
    let edit = editor.post("/admin/pages/new", &fields).await.is(303).location();
    let id = edit.rsplit('/').next().unwrap();
    visitor.get("/training/course-template").await.is(404);
    editor.get(&format!("/admin/pages?under={parent}")).await.says(">Template</span>");
    // It waits for nobody.
    editor.get("/admin").await.says("Nothing waits for you");

    let offered = editor.get("/admin/pages/new").await.is(200).says("aria-label=\"Begin with\"");
    let path = format!("/admin/pages/new?copy_of={id}");
    offered.says(&format!("<a href=\"{path}\" dir=\"auto\">Course page</a>")).says("Blank page</a>");
    let below = editor.get("/admin/pages/new?under=1").await;
    below.says(&format!("<a href=\"{path}&amp;under=1\" dir=\"auto\">Course page</a>"));
    let form = editor.get(&path).await.is(200).says("## Who it is for").says("For whom");
    let form = form.says("name=\"title\" required value=\"\"").does_not_say("Copy of");
    form.does_not_say("name=\"template\" value=\"yes\" checked");
    editor.get("/admin/faq/new").await.is(200).does_not_say("Course page</a>");
    // As a schedule it stays private too.
    let (date, time) = ("2090-01-01", "08:00");
    let schedule = format!("/admin/documents/{id}/schedules");
    editor.post(&schedule, &[("what", "1"), ("date", date), ("time", time)]).await.is(422);
    // Without the mark it is a page like any other.
    let plain: Vec<_> = fields.iter().filter(|(name, _)| *name != "template" && *name != "do").copied().collect();
    let plain = [plain, vec![("base", "1"), ("do", "publish")]].concat();
    editor.post(&edit, &plain).await.is(303);
    visitor.get("/training/course-template").await.is(200);
    editor.get("/admin/pages/new").await.is(200).does_not_say("Course page</a>");
}

#[tokio::test]
async fn the_page_above_is_chosen_in_the_form() {
    let app = TestApp::new().await;
    let editor = app.editor().await;
    let parent = app.page_id("/training").await;
    let form = editor.get("/admin/pages/new").await.is(200).says("Below which page");
    let form = form.says("<option value=\"top\" selected>The top level</option>");
    form.says(&format!("<option value=\"{parent}\">Training (/training)</option>"));
    let form = editor.get(&format!("/admin/pages/new?under={parent}")).await.is(200);
    form.says(&format!("<option value=\"{parent}\" selected>")).does_not_say("is not there any more");
    let under = parent.to_string();
    let fields = [("title", "Chosen"), ("slug", "chosen"), ("body", "x"), ("under", &under), ("do", "publish")];
    editor.post("/admin/pages/new", &fields).await.is(303);
    app.visitor().get("/training/chosen").await.is(200);
    // Wherever it is, it is in no menu unless someone asked for one.
    app.visitor().get("/training").await.does_not_say("href=\"/training/chosen\"");
}
