//! The command line. Reads `.env`, the environment and the options, and hands over to `app`.

use std::{env, error::Error as _, io, path::PathBuf, process::ExitCode};

use clap::{
    CommandFactory, FromArgMatches, Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};
use plinth::{
    app::{
        audit, backup, copy, doctor, drill, environment, logging, personal_data, restore, serve, terminal, transfer,
        upgrade, user,
    },
    config::{
        Config,
        backup::{LockOptions, UnlockOptions},
    },
    model::{actor::Role, audit_log::AuditHead},
};

/// Gives memory back to the system after an index was made, which the default allocator does not.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Options of every command; the others are for serving alone.
const SHARED: [&str; 6] = ["data", "database_url", "database_direct_url", "statement_cache", "new_site", "log"];

/// A content management system in one binary, for portals that have to be right
#[derive(Parser)]
#[command(version)]
struct CommandLine {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal (also without a command)
    Serve,
    /// Read a site from a folder of Markdown files
    Import {
        /// The folder, as `plinth export` writes it
        dir: PathBuf,
    },
    /// Write the whole site into an empty folder
    Export {
        /// The folder; it is made when it is missing
        dir: PathBuf,
    },
    /// Back up the whole site into a file, also while the portal is served
    Backup {
        /// The file; it must not be there yet
        file: PathBuf,
        /// Make none, and see whether this one can be restored
        #[arg(long)]
        verify: bool,
        #[command(flatten)]
        lock: LockOptions,
        #[command(flatten)]
        unlock: UnlockOptions,
    },
    /// Put a backup in place, while the portal is stopped
    Restore {
        /// The file, as `plinth backup` makes it
        file: PathBuf,
        /// Put it in place of the site that is there, which is kept aside
        #[arg(long)]
        replace: bool,
        #[command(flatten)]
        unlock: UnlockOptions,
    },
    /// Copy everything from one database into another, empty one
    Copy {
        /// Address of the database to read, such as sqlite:data/plinth.db
        #[arg(long)]
        from: String,
        /// Address of the database to fill, such as <postgres://plinth@db.example/plinth>
        #[arg(long)]
        to: String,
    },
    /// Look at settings, files and the site, and say what is wrong, also while the portal is served; fails when something is
    Doctor(doctor::DoctorOptions),
    /// Bring the database up to date and stop
    Migrate,
    /// Try this version of the program on a copy of the site
    Upgrade {
        /// Bring a copy of the database up to date, look at every public path with it, and change nothing
        #[arg(long, required = true)]
        rehearse: bool,
        /// The program that serves the site now, to compare what both answer
        #[arg(long)]
        old: Option<PathBuf>,
    },
    #[command(subcommand)]
    Audit(Audit),
    /// Add and list users, give them new passwords, remove second factors
    #[command(subcommand)]
    User(User),
    /// Find, export or erase everything about one e-mail address
    #[command(subcommand)]
    PersonalData(PersonalData),
}

#[derive(Subcommand)]
enum PersonalData {
    /// Say how much there is
    Find { address: String },
    /// Print all of it as JSON
    Export { address: String },
    /// Erase it for good
    Erase {
        address: String,
        /// Yes, for good
        #[arg(long, required = true)]
        for_good: bool,
    },
}

#[derive(Subcommand)]
enum Audit {
    /// Print number and hash of the newest entry, to be kept elsewhere
    Head,
    /// Check that nothing was changed beside Plinth; fails when something was
    Verify {
        /// A head that was kept, NUMBER:HASH: is it still part of the audit log?
        #[arg(long)]
        head: Option<AuditHead>,
    },
}

#[derive(Subcommand)]
enum User {
    /// Add a user who can sign in at once
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read the password from standard input, one line (the only way to give it)
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// List everyone: e-mail, name, role and state, separated by tabs
    List,
    /// Give a user a new password and end their sessions
    Password {
        #[arg(long)]
        email: String,
        /// Read the password from standard input, one line (the only way to give it)
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Let a user who has lost passkeys, code app and recovery codes sign in with the password alone
    RemoveFactors {
        #[arg(long)]
        email: String,
    },
}

fn role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).ok_or("the role is administrator or editor")
}

fn main() -> ExitCode {
    // Whatever files this program makes are for its own user: the database, the search index, an export, temporary
    // files.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    match environment::load() {
        Ok(warnings) => warnings.iter().for_each(|warning| say(warning)),
        Err(sentence) => {
            say(&sentence);
            doctor::print_unread(&sentence);
            return ExitCode::FAILURE;
        }
    }
    let line = command().try_get_matches().and_then(|matches| CommandLine::from_arg_matches(&matches));
    let line = match line {
        Ok(line) => line,
        Err(error) => return refuse(&with_usage(error)),
    };
    match run(line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say(&sentence);
            ExitCode::FAILURE
        }
    }
}

/// The command line as it is shown: options for serving alone are hidden from other commands.
fn command() -> clap::Command {
    let command = CommandLine::command();
    let is_hidden = |arg: &&clap::Arg| arg.is_global_set() && !SHARED.contains(&arg.get_id().as_str());
    let hidden: Vec<_> = command.get_arguments().filter(is_hidden).map(|arg| arg.clone().hide(true)).collect();
    let others: Vec<_> =
        command.get_subcommands().map(|one| one.get_name().to_owned()).filter(|name| name != "serve").collect();
    others.into_iter().fold(command, |command, name| command.mut_subcommand(name, |one| one.args(hidden.clone())))
}

/// Says why the command line is not understood; a value from the environment is called by its name there.
fn refuse(error: &clap::Error) -> ExitCode {
    if let Some(sentence) = wrong_variable(error) {
        say(&sentence);
        doctor::print_unread(&sentence);
        return ExitCode::from(2);
    }
    // Help and version are errors to the library, too.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// The usage of the command as it always is: the library would show options that the environment sets as if they had to
/// be typed.
fn with_usage(mut error: clap::Error) -> clap::Error {
    if error.get(ContextKind::Usage).is_some() {
        let mut command = command();
        command.build();
        for word in env::args().skip(1) {
            // What is no command is an option or a value.
            if let Some(named) = command.find_subcommand(&word) {
                command = named.clone();
            }
        }
        error.insert(ContextKind::Usage, ContextValue::StyledStr(command.render_usage()));
    }
    error
}

fn wrong_variable(error: &clap::Error) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue) {
        return None;
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return None };
    let long = option.trim_start_matches("--").split([' ', '=']).next()?;
    if env::args().any(|typed| typed.trim_start_matches("--").split('=').next() == Some(long)) {
        return None;
    }
    let command = CommandLine::command();
    let variable = command.get_arguments().find(|arg| arg.get_long() == Some(long))?.get_env()?.to_string_lossy();
    let value = env::var(&*variable).unwrap_or_default();
    // In the place of a public key, a secret one is no text for a log.
    let is_secret = value.to_ascii_uppercase().contains("AGE-SECRET-KEY");
    let value = if is_secret { "(a secret key)".to_owned() } else { value };
    let choices = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(choices)) if !choices.is_empty() => {
            format!("it must be one of {}", choices.join(", "))
        }
        _ => "it must not be empty".to_owned(),
    };
    let reason = error.source().map_or(choices, ToString::to_string);
    Some(format!("{variable} (in the environment or .env) is “{value}”: {reason}"))
}

#[tokio::main]
async fn run(line: CommandLine) -> Result<(), String> {
    logging::begin(&line.config.log)?;
    match line.command {
        None | Some(Command::Serve) => serve::run(line.config).await,
        Some(Command::Import { dir }) => transfer::import(line.config, &dir).await,
        Some(Command::Export { dir }) => transfer::export(line.config, &dir).await,
        Some(Command::Backup { file, verify: true, unlock, .. }) => drill::run(line.config, &file, &unlock).await,
        Some(Command::Backup { file, lock, unlock, .. }) => backup::run(line.config, &file, (lock, &unlock)).await,
        Some(Command::Restore { file, replace, unlock }) => restore::run(line.config, &file, (replace, &unlock)).await,
        Some(Command::Copy { from, to }) => copy::run(line.config, from, to).await,
        Some(Command::Doctor(options)) => doctor::run(line.config, options).await,
        Some(Command::Upgrade { old, .. }) => upgrade::rehearse(line.config, old.as_deref()).await,
        Some(Command::Migrate) => transfer::migrate(line.config).await,
        Some(Command::Audit(Audit::Head)) => audit::head(line.config).await,
        Some(Command::Audit(Audit::Verify { head })) => audit::verify(line.config, head).await,
        Some(Command::User(command)) => help(line.config, command).await,
        Some(Command::PersonalData(PersonalData::Find { address })) => personal_data::find(line.config, &address).await,
        Some(Command::PersonalData(PersonalData::Export { address })) => {
            personal_data::export(line.config, &address).await
        }
        Some(Command::PersonalData(PersonalData::Erase { address, .. })) => {
            personal_data::erase(line.config, &address).await
        }
    }
}

async fn help(config: Config, command: User) -> Result<(), String> {
    let input = io::stdin().lock();
    match command {
        User::Add { email, name, role, .. } => user::add(config, &email, &name, role, input).await,
        User::List => user::list(config).await,
        User::Password { email, .. } => user::password(config, &email, input).await,
        User::RemoveFactors { email } => user::remove_factors(config, &email).await,
    }
}

fn say(sentence: &str) {
    terminal::say_error(&format!("plinth: {sentence}"));
}
