//! Where the steady clock goes on after a restart, so that a wrong clock of the machine neither ends all sessions nor makes
//! them last. The program writes down what the clocks say, each minute; the next start finds out how much time has passed
//! since. Like the running time it is not content.

use super::running_time::TOLERANCE;
use crate::{
    clock::{Clock, Timestamp},
    db::{conn::Conn, pool::Db, transaction::Transaction},
    error::Result,
};

/// What the clocks said when the program last wrote them down.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Written {
    steady_at: Timestamp,
    wall_at: Timestamp,
    machine: Option<String>,
    machine_since: Option<i64>,
}

/// Lets the steady clock go on where it was, plus the time since. Does nothing for a database that is new.
pub(crate) async fn resume(db: &Conn, clock: &Clock) -> Result<()> {
    let written: Option<Written> = db
        .optional(
            "select steady_at, wall_at, machine, machine_since from running_time \
             where id = 1 and steady_at is not null and wall_at is not null",
            (),
        )
        .await?;
    if let Some(written) = written {
        clock.go_on_at(written.steady_at.plus(time_since(&written, clock.now(), clock.since_boot().as_ref())));
        clock.trust(written.wall_at.0.saturating_sub(written.steady_at.0));
    }
    Ok(())
}

/// Catches up with what another node has written down: a machine that was suspended has missed time, and a session would end
/// at another time on each node. The clock never goes back.
pub(crate) async fn catch_up(db: &Conn, clock: &Clock) -> Result<()> {
    let written: Option<(Timestamp,)> =
        db.optional("select steady_at from running_time where id = 1 and steady_at is not null", ()).await?;
    if let Some((written,)) = written.filter(|(written,)| *written > clock.steady()) {
        clock.go_on_at(written);
    }
    Ok(())
}

/// How much time has passed since. While the machine runs, it says so itself. Otherwise its clock says so, but when that has
/// gone back, or too far ahead to be plausible, no time counts: then sessions last longer by what the restart took.
fn time_since(written: &Written, wall: Timestamp, since_boot: Option<&(String, i64)>) -> i64 {
    if let (Some(machine), Some(before), Some((now_machine, now))) =
        (&written.machine, written.machine_since, since_boot)
        && machine == now_machine
        && before <= *now
    {
        return now.saturating_sub(before);
    }
    let passed = wall.0.saturating_sub(written.wall_at.0);
    if (0..=TOLERANCE).contains(&passed) { passed } else { 0 }
}

/// Writes down what the clocks say now.
pub(crate) async fn write_down(db: &Db, clock: &Clock) -> Result<()> {
    let (machine, machine_since) = clock.since_boot().unzip();
    let tx = Transaction::begin(db).await?;
    tx.execute(
        "update running_time set steady_at = $1, wall_at = $2, machine = $3, machine_since = $4 where id = 1",
        (clock.steady(), clock.now(), machine, machine_since),
    )
    .await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{DAY, HOUR};

    #[test]
    fn time_passes_as_far_as_it_is_plausible() {
        let written = |machine: Option<&str>| Written {
            steady_at: Timestamp(0),
            wall_at: Timestamp(1000 * DAY),
            machine: machine.map(str::to_owned),
            machine_since: machine.map(|_| HOUR),
        };
        let wall = |gap| Timestamp(1000 * DAY + gap);
        let boot = |name: &str, since| Some((name.to_owned(), since));
        // The machine runs still: its clock may say what it likes.
        for gap in [-400 * DAY, -1, 0, HOUR, 400 * DAY] {
            assert_eq!(time_since(&written(Some("a")), wall(gap), boot("a", 3 * HOUR).as_ref()), 2 * HOUR);
        }
        // It was started again, or does not tell.
        for (machine, now) in
            [(Some("a"), boot("b", 3 * HOUR)), (Some("a"), boot("a", 0)), (None, boot("b", 3)), (None, None)]
        {
            for (gap, counted) in
                [(-400 * DAY, 0), (-1, 0), (0, 0), (HOUR, HOUR), (TOLERANCE, TOLERANCE), (TOLERANCE + 1, 0)]
            {
                assert_eq!(
                    time_since(&written(machine), wall(gap), now.as_ref()),
                    counted,
                    "{machine:?} {now:?} {gap}"
                );
            }
        }
    }
}
