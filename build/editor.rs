//! Bundles the visual editor from `editor/` with Node and esbuild, in the build folder: the sources may be read-only.
//! Without Node or the packages the build goes on and says so; the admin area then has plain text areas.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const SOURCES: &str = "editor";
/// When these change, the packages are installed again.
const PACKAGES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];
/// Set: a build without the editor is a failure.
const REQUIRED: &str = "PLINTH_REQUIRE_EDITOR";

/// Makes `editor.js` and `editor.css` in `into`, working in `workshop`.
pub fn bundle(workshop: &Path, into: &Path) -> Result<()> {
    let sources = sources()?;
    for file in &sources {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    let Err(reason) = make(&sources, workshop, into) else { return Ok(()) };
    let _ = fs::remove_dir_all(into);
    // Once it is there, nothing of this can change it.
    println!("cargo::rerun-if-env-changed={REQUIRED}");
    println!("cargo::rerun-if-env-changed=PATH");
    if env::var_os(REQUIRED).is_some() {
        return Err(format!("the visual editor cannot be built, and {REQUIRED} is set: {reason}").into());
    }
    println!("cargo::warning=THE VISUAL EDITOR IS LEFT OUT: {}", reason.to_string().replace('\n', " "));
    println!(
        "cargo::warning=Editors will write Markdown in plain text areas. Install Node with npm, then touch editor/main.js."
    );
    Ok(())
}

fn sources() -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = PACKAGES.iter().map(|name| Path::new(SOURCES).join(name)).collect();
    for entry in fs::read_dir(SOURCES)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "js" || end == "css") {
            files.push(path);
        }
    }
    Ok(files)
}

fn make(sources: &[PathBuf], workshop: &Path, into: &Path) -> Result<()> {
    fs::create_dir_all(workshop)?;
    let mut has_new_packages = !workshop.join("node_modules").exists();
    for file in sources {
        let name = file.file_name().ok_or("a file without a name")?;
        let (source, copy) = (fs::read(file)?, workshop.join(name));
        if fs::read(&copy).is_ok_and(|old| old == source) {
            continue;
        }
        has_new_packages |= PACKAGES.iter().any(|package| *package == name);
        fs::write(copy, source)?;
    }
    if has_new_packages {
        install(workshop)?;
    }
    let output = format!("--outdir={}", into.display());
    let options = [
        "main.js",
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--entry-names=editor",
        "--log-level=warning",
    ];
    run(Command::new("node").arg("node_modules/esbuild/bin/esbuild").args(options).arg(output).current_dir(workshop))
}

fn install(workshop: &Path) -> Result<()> {
    let options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    let done = run(Command::new("npm").args(options).current_dir(workshop));
    if done.is_err() {
        // Half of them would look like all of them.
        let _ = fs::remove_dir_all(workshop.join("node_modules"));
    }
    done
}

fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{program} does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
}
