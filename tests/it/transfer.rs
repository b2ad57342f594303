//! Import and export.

use plinth::{
    app::start,
    model::{
        actor::Actor,
        transfer::{export, files, import},
        write::Write,
    },
    text::time::Clock,
};
use tempfile::TempDir;

use crate::harness::{TestApp, config};

#[tokio::test]
async fn an_export_imports_to_the_same_site() {
    let app = TestApp::new().await;
    let first = export::read(app.app.read()).await.unwrap();
    assert!(first.len() > 170);

    let fresh = TempDir::new().unwrap();
    let db = start::open(&config(fresh.path(), &[])).await.unwrap();
    let write = Write::begin(&db, &Clock::default(), Actor::system("test")).await.unwrap();
    import::apply(&write, &files::parse(&first).unwrap()).await.unwrap();
    write.commit().await.unwrap();
    let second = export::read(db.read()).await.unwrap();
    assert_eq!(first, second);
}
