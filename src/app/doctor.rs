//! The command `doctor`: looks at settings, files and the site, and says what is wrong, how bad it is, and what to do. Changes
//! nothing, beside a running portal too. The same is logged at the start.

use clap::Args;
use serde::Serialize;

use super::{data_directory::DataDirectory, start, terminal::print};
use crate::{
    clock::Clock,
    config::Config,
    doctor::{
        diagnosis::{Diagnosis, Grade},
        examined::{Machine, Site},
        list,
    },
    mail::mailer::Mailer,
    state::app_state::App,
    text::count::pluralise,
};

const DATABASE: &str = "Database";
const CONNECTION: &str = "Mail server, asked";

/// How the command is to do it.
#[derive(Debug, Clone, Copy, Args)]
pub struct DoctorOptions {
    /// Ask the mail server too; nothing is sent
    #[arg(long)]
    mail: bool,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    /// The worst of them.
    grade: Grade,
    checks: &'a [Diagnosis],
}

/// `plinth doctor`.
/// Errors: how many checks found something wrong; what it was is printed.
pub async fn run(config: Config, options: DoctorOptions) -> Result<(), String> {
    let mut found = look(&config).await;
    if options.mail {
        found.push(ask_mail_server(&config).await);
    }
    let worst = found.iter().map(|one| one.grade).max().unwrap_or(Grade::Ok);
    if options.json {
        let report = Report { grade: worst, checks: &found };
        print(&serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?)?;
    } else {
        for one in &found {
            print(&format!("{:<7} {}: {}", one.grade.as_str(), one.check, one.says))?;
            if !one.remedy.is_empty() {
                print(&format!("        {}", one.remedy))?;
            }
        }
    }
    match found.iter().filter(|one| one.grade == Grade::Wrong).count() {
        0 => Ok(()),
        wrong => Err(format!("{} found something wrong.", pluralise(wrong, "check", "checks"))),
    }
}

async fn look(config: &Config) -> Vec<Diagnosis> {
    let directory = match DataDirectory::of(config) {
        Ok(directory) => directory,
        Err(sentence) => return vec![Diagnosis::wrong(DATABASE, sentence, "Correct the setting, then look again.")],
    };
    let mut found = list::look_at_machine(Machine::new(config, directory.file())).await;
    let remedy = "Put that right, or restore a backup with `plinth restore`; keep a copy of what is there.";
    if let Err(sentence) = directory.refuse_missing_mount() {
        found.push(Diagnosis::wrong(DATABASE, sentence, remedy));
        return found;
    }
    match start::open_read_only(config).await {
        Ok(db) => {
            found.push(Diagnosis::ok(DATABASE, format!("{} is in the form of this version.", directory.database)));
            let is_on_server = directory.file().is_none();
            let site = Site::on_disk(db.read(), config, Clock::default().now(), is_on_server);
            found.extend(list::look_at_site(&site).await);
            db.close().await;
        }
        Err(sentence) => found.push(Diagnosis::wrong(DATABASE, sentence, remedy)),
    }
    found
}

/// Connects, signs in and says good-bye.
async fn ask_mail_server(config: &Config) -> Diagnosis {
    match Mailer::of(&config.mail) {
        Ok(Some(mailer)) => match mailer.check().await {
            Ok(()) => Diagnosis::ok(CONNECTION, format!("{} answers, and lets the portal send.", mailer.server_name())),
            Err(fault) => {
                Diagnosis::wrong(CONNECTION, fault.sentence, "Correct PLINTH_SMTP_URL, or ask who runs the server.")
            }
        },
        Ok(None) => Diagnosis::advice(CONNECTION, "None is set.", "Set PLINTH_SMTP_URL and PLINTH_MAIL_FROM."),
        Err(fault) => Diagnosis::wrong(CONNECTION, fault, "Put that right."),
    }
}

/// Logs what is wrong with settings and files, before the portal is announced.
pub(super) async fn log_machine(app: &App) {
    log(&list::look_at_machine(Machine::serving(app)).await);
}

/// Logs what is wrong with the site.
pub(super) async fn log_site(app: App) {
    log(&list::look_at_site(&Site::serving(&app)).await);
}

fn log(found: &[Diagnosis]) {
    for Diagnosis { check, says, remedy, .. } in found.iter().filter(|one| one.grade == Grade::Wrong) {
        tracing::warn!("{check}: {says} {remedy}");
    }
}
