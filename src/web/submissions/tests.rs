//! Which of two forms is handled, and how much is remembered.

use super::*;

const LONG: Duration = Duration::from_mins(1);

fn sent_form<'a>(owner: &'a str, target: &'a str, body: &'a str) -> SentForm<'a> {
    SentForm { owner, signed_in: true, target, body: body.as_bytes() }
}

fn stranger<'a>(owner: &'a str, target: &'a str) -> SentForm<'a> {
    SentForm { signed_in: false, ..sent_form(owner, target, "1") }
}

async fn first(all: &Arc<Submissions>, sent: SentForm<'_>) -> SubmissionGuard {
    match all.claim(sent).await {
        Claim::First(turn) => turn,
        _ => panic!("not the first"),
    }
}

async fn handle(all: &Arc<Submissions>, sent: SentForm<'_>, status: u16, time: Duration) {
    let response = (StatusCode::from_u16(status).unwrap(), "answer").into_response();
    first(all, sent).await.finish(response, "note".to_owned(), time, None).await;
}

async fn is_again(all: &Arc<Submissions>, sent: SentForm<'_>) -> bool {
    matches!(all.claim(sent).await, Claim::Again { waited: false, .. })
}

#[tokio::test]
async fn what_was_done_is_answered_again_and_what_was_refused_is_not() {
    let all = Arc::new(Submissions::default());
    handle(&all, sent_form("a", "/x", "1"), 303, LONG).await;
    assert!(is_again(&all, sent_form("a", "/x", "1")).await);
    for other in
        [sent_form("b", "/x", "1"), sent_form("a", "/y", "1"), sent_form("a", "/x", "2"), sent_form("a/", "x", "1")]
    {
        drop(first(&all, other).await);
    }
    handle(&all, sent_form("a", "/x", "3"), 422, LONG).await;
    drop(first(&all, sent_form("a", "/x", "3")).await);
    handle(&all, sent_form("a", "/x", "4"), 200, Duration::ZERO).await;
    drop(first(&all, sent_form("a", "/x", "4")).await);
    let refused = StatusCode::UNPROCESSABLE_ENTITY.into_response();
    first(&all, sent_form("a", "/x", "5")).await.finish(refused, String::new(), LONG, Some(LONG)).await;
    assert!(is_again(&all, sent_form("a", "/x", "5")).await);
    assert!(all.knows("a") && !all.knows("b"));
}

#[tokio::test]
async fn another_form_to_the_same_address_makes_the_first_one_new() {
    let all = Arc::new(Submissions::default());
    handle(&all, sent_form("a", "/x", "1"), 303, LONG).await;
    handle(&all, sent_form("b", "/x", "2"), 303, LONG).await;
    assert!(is_again(&all, sent_form("a", "/x", "1")).await, "what others send is their own affair");
    handle(&all, sent_form("a", "/x", "2"), 303, LONG).await;
    drop(first(&all, sent_form("a", "/x", "1")).await);
}

#[tokio::test]
async fn what_is_too_large_to_be_kept_is_known_to_have_been() {
    let all = Arc::new(Submissions::default());
    for status in [200, 422] {
        let turn = first(&all, sent_form("a", "/x", "1")).await;
        let (_, body) = crate::web::stream::channel();
        let response = (StatusCode::from_u16(status).unwrap(), body).into_response();
        assert_eq!(turn.finish(response, String::new(), LONG, None).await.0.status(), status);
        match all.claim(sent_form("a", "/x", "1")).await {
            Claim::Again { kept, .. } => assert!(status == 200 && !kept.is_whole()),
            Claim::First(_) => assert_eq!(status, 422),
            Claim::Untracked => panic!("there is room"),
        }
        all.entries().clear();
    }
    for (length, is_kept) in [(BODY, true), (BODY + 1, false)] {
        let turn = first(&all, sent_form("a", "/y", "1")).await;
        let body = vec![b'a'; usize::try_from(length).unwrap()];
        turn.finish(body.into_response(), String::new(), LONG, None).await;
        let again = all.claim(sent_form("a", "/y", "1")).await;
        assert!(matches!(again, Claim::Again { kept, .. } if kept.is_whole() == is_kept), "{length}");
        all.entries().clear();
    }
}

#[tokio::test]
async fn memory_is_bounded() {
    let all = Arc::new(Submissions::default());
    for number in 0..2 * PER_OWNER {
        handle(&all, sent_form("a", &format!("/{number}"), "1"), 303, LONG).await;
    }
    assert_eq!(all.entries().len(), PER_OWNER);
    let mut turns = Vec::new();
    for number in 0..PER_OWNER {
        turns.push(first(&all, sent_form("c", &format!("/{number}"), "1")).await);
    }
    assert!(matches!(all.claim(sent_form("c", "/x", "1")).await, Claim::Untracked));
    drop(turns);
    for number in 0..2 * SIGNED_IN {
        handle(&all, sent_form(&number.to_string(), "/x", "1"), 303, LONG).await;
    }
    assert_eq!(all.entries().len(), SIGNED_IN);
    let large = "x".repeat(1024 * 1024);
    for number in 0..40 {
        let owner = number.to_string();
        let turn = first(&all, sent_form(&owner, "/large", "1")).await;
        turn.finish(large.clone().into_response(), String::new(), LONG, None).await;
    }
    assert!(all.entries().iter().map(|entry| entry.size).sum::<usize>() <= SIGNED_IN_BYTES);
}

#[tokio::test]
async fn strangers_push_out_nobody_who_is_signed_in() {
    let all = Arc::new(Submissions::default());
    handle(&all, sent_form("a", "/x", "1"), 303, LONG).await;
    let large = "x".repeat(1024 * 1024);
    for number in 0..2 * SIGNED_IN {
        let owner = number.to_string();
        let turn = first(&all, stranger(&owner, "/admin/sign-in")).await;
        let body = if number < 40 { large.clone() } else { String::new() };
        turn.finish(body.into_response(), String::new(), LONG, None).await;
        let bytes: usize = all.entries().iter().filter(|entry| !entry.signed_in).map(|entry| entry.size).sum();
        assert!(all.entries().len() <= STRANGERS + 1 && bytes <= STRANGERS_BYTES);
        assert!(number != 39 || bytes > 2 * large.len(), "as many are kept as fit");
    }
    assert!(is_again(&all, sent_form("a", "/x", "1")).await);
    let mut turns = Vec::new();
    for number in 0..STRANGERS {
        turns.push(first(&all, stranger(&number.to_string(), "/running")).await);
    }
    assert!(matches!(all.claim(stranger("b", "/running")).await, Claim::Untracked));
    drop(first(&all, sent_form("b", "/x", "1")).await);
}

#[tokio::test]
async fn who_comes_second_waits_and_takes_over_when_the_first_fails() {
    let all = Arc::new(Submissions::default());
    let turn = first(&all, sent_form("a", "/x", "1")).await;
    let waiting = tokio::spawn({
        let all = Arc::clone(&all);
        async move { all.claim(sent_form("a", "/x", "1")).await }
    });
    tokio::task::yield_now().await;
    drop(turn);
    let Claim::First(turn) = waiting.await.unwrap() else { panic!("nobody took over") };
    let waiting = tokio::spawn({
        let all = Arc::clone(&all);
        async move { all.claim(sent_form("a", "/x", "1")).await }
    });
    tokio::task::yield_now().await;
    let refused = (StatusCode::UNPROCESSABLE_ENTITY, "faults").into_response();
    turn.finish(refused, String::new(), LONG, None).await;
    let Claim::Again { kept, waited: true } = waiting.await.unwrap() else { panic!("did not wait") };
    assert_eq!(kept.into_response().status(), 422);
}
