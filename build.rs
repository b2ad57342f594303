//! Lets cargo notice what the macros embed, and compresses the files of `static/` as well as can be, once for all visitors.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    // A new migration file must reach `sqlx::migrate!`, which cargo cannot see by itself.
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=static");
    let out = env::var("OUT_DIR")?;
    let mut table = String::from("&[\n");
    let mut files = Vec::new();
    collect(Path::new("static"), &mut files)?;
    files.sort();
    for file in files {
        let name = file.to_str().ok_or("a file in static/ has a strange name")?.replace('/', "-");
        let plain = fs::read(&file)?;
        let stem = Path::new(&out).join(name).display().to_string();
        for (end, body) in
            [("", plain.clone()), (".br", brotli(&plain)?), (".zst", zstd(&plain)?), (".gz", gzip(&plain)?)]
        {
            fs::write(format!("{stem}{end}"), body)?;
        }
        writeln!(
            table,
            "(include_bytes!({stem:?}), Encoded {{ brotli: include_bytes!(\"{stem}.br\"), \
             zstd: include_bytes!(\"{stem}.zst\"), gzip: include_bytes!(\"{stem}.gz\") }}),"
        )?;
    }
    fs::write(Path::new(&out).join("encoded.rs"), table + "]")?;
    Ok(())
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

fn brotli(plain: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: plain.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &*plain, &mut out, &params)?;
    Ok(out)
}

fn zstd(plain: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    zstd::bulk::compress(plain, 19)
}

fn gzip(plain: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}
