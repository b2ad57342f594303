//! How many wrong codes an account bears in all.

use plinth::db::transaction::Transaction;

use crate::{
    harness::TestApp,
    second_factor::{actions, add_app, sign_in},
};

const MINUTE: i64 = 60_000;
const WEEK: i64 = 7 * 24 * 60 * MINUTE;

#[tokio::test]
async fn a_code_app_bears_fifty_wrong_codes_in_a_row_however_slowly_they_come() {
    let app = TestApp::with(&["--login-limit", "1000"]).await;
    let editor = app.editor().await;
    let factor = add_app(&app, &editor).await;
    let wrong = async |times: i64| {
        let tx = Transaction::begin(&app.app.db).await.unwrap();
        tx.execute("update code_app set wrong_codes = $1", (times,)).await.unwrap();
        tx.commit().await.unwrap();
    };
    let counted = async || app.app.read().value::<i64>("select wrong_codes from code_app", ()).await.unwrap();
    wrong(48).await;
    sign_in(&app, &editor.email, "000000").await.1.is(422).says("After 50 wrong codes in a row");
    assert_eq!(counted().await, 49);
    // One that is right begins a new count; something else is no code.
    sign_in(&app, &editor.email, &factor.code(&app, 1)).await.1.is(303);
    sign_in(&app, &editor.email, "no code").await.1.is(422);
    assert_eq!(counted().await, 0);
    wrong(49).await;
    sign_in(&app, &editor.email, "000000").await.1.is(422);
    // After a restart, and whatever the clocks say.
    app.app.clock.advance(WEEK);
    let again = TestApp::over(app.data.clone(), &["--login-limit", "1000"]).await;
    for place in [&app, &again] {
        sign_in(place, &editor.email, &factor.code(place, 0)).await.1.is(422);
    }
    let locked = "user.lock_code_app A visitor".to_owned();
    assert_eq!(actions(&app).await.iter().filter(|line| **line == locked).count(), 1);
    let (who, reply) = sign_in(&again, &editor.email, &factor.recovery[0]).await;
    reply.is(303);
    who.get("/admin/account").await.is(200);
    assert_eq!(counted().await, 0);
    again.app.clock.advance(MINUTE);
    sign_in(&again, &editor.email, &factor.code(&again, 1)).await.1.is(303);
}
