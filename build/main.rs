//! Lets cargo notice what the macros embed, bundles the visual editor, and compresses all files for browsers as well as can
//! be, once for all visitors.

mod compress;
mod editor;

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    // A new migration file must reach `sqlx::migrate!`, which cargo cannot see by itself.
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=static");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let built = out.join("built");
    if built.exists() {
        fs::remove_dir_all(&built)?;
    }
    fs::create_dir_all(&built)?;
    editor::bundle(&out.join("editor"), &built.join("editor"))?;
    fs::write(out.join("encoded.rs"), encode(&[Path::new("static"), &built], &out)?)?;
    Ok(())
}

/// The table of all files below some directories, each with its encodings, as Rust.
fn encode(directories: &[&Path], out: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("&[\n");
    for directory in directories {
        let mut files = Vec::new();
        collect(directory, &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(directory)?.to_str().ok_or("a file for browsers has a strange name")?;
            let plain = fs::read(&file)?;
            let stem = out.join(name.replace('/', "-")).display().to_string();
            for (end, body) in compress::all(&plain)? {
                fs::write(format!("{stem}{end}"), body)?;
            }
            writeln!(
                table,
                "(include_bytes!({stem:?}), Encoded {{ brotli: include_bytes!(\"{stem}.br\"), \
                 zstd: include_bytes!(\"{stem}.zst\"), gzip: include_bytes!(\"{stem}.gz\") }}),"
            )?;
        }
    }
    Ok(table + "]")
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), std::io::Error> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
