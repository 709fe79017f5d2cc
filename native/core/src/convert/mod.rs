//! CSV to Parquet in two passes: the first reads every value to find the narrowest type that loses none, the second writes.

mod infer;
mod profile;
mod records;
mod values;
mod write;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

pub use profile::Column;
pub use values::CsvType;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    None,
    Snappy,
    /// 1 (fast) to 22 (small).
    Zstd(i32),
}

#[derive(Debug, Clone)]
pub struct Options {
    /// Texts that mean "no value", beside the empty one.
    pub null_values: HashSet<Vec<u8>>,
    pub delimiter: u8,
    /// Types that are given and not inferred.
    pub types: HashMap<String, CsvType>,
    pub compression: Compression,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            null_values: HashSet::new(),
            delimiter: b',',
            types: HashMap::new(),
            compression: Compression::Zstd(9),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    pub rows: u64,
    pub columns: Vec<Column>,
    pub bytes: u64,
}

#[derive(Debug)]
pub enum ConvertError {
    /// The file is not what it should be; the text names the line.
    Invalid(String),
    Io(io::Error),
    /// The folder of the output is not there.
    NoFolder,
    Cancelled,
}

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConvertError::Invalid(text) => f.write_str(text),
            ConvertError::Io(error) => write!(f, "{error}"),
            ConvertError::NoFolder => f.write_str("The folder of the output does not exist."),
            ConvertError::Cancelled => f.write_str("Stopped."),
        }
    }
}

impl std::error::Error for ConvertError {}

impl From<io::Error> for ConvertError {
    fn from(error: io::Error) -> Self {
        ConvertError::Io(error)
    }
}

impl From<parquet::errors::ParquetError> for ConvertError {
    fn from(error: parquet::errors::ParquetError) -> Self {
        match error {
            parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(io) => ConvertError::Io(*io),
                Err(other) => ConvertError::Invalid(other.to_string()),
            },
            other => ConvertError::Invalid(other.to_string()),
        }
    }
}

/// Called now and then with the fraction done, 0 to 1. False stops the work.
pub type Progress<'a> = dyn FnMut(f64) -> bool + 'a;

/// The first pass reads faster than the second writes.
const FIRST_PASS_SHARE: f64 = 0.35;

/// The columns of a CSV file, typed over all of its rows.
pub fn infer_schema(input: &Path, options: &Options, progress: &mut Progress<'_>) -> Result<Vec<Column>, ConvertError> {
    Ok(profile::profile(input, options, progress)?.columns)
}

/// Writes `output` whole or not at all: into a temporary file beside it, which takes its name at the end.
pub fn csv_to_parquet(input: &Path, output: &Path, options: &Options, progress: &mut Progress<'_>) -> Result<Written, ConvertError> {
    let profile = profile::profile(input, options, &mut |done| progress(done * FIRST_PASS_SHARE))?;
    let partial = Partial::new(output);
    let file = File::create_new(&partial.path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ConvertError::NoFolder,
        _ => ConvertError::Io(error),
    })?;
    let rows = write::write(input, file, &profile, options, &mut |done| {
        progress(FIRST_PASS_SHARE + done * (1.0 - FIRST_PASS_SHARE))
    })?;
    let bytes = fs::metadata(&partial.path)?.len();
    partial.keep(output)?;
    Ok(Written {
        rows,
        columns: profile.columns,
        bytes,
    })
}

/// A file that is removed unless it is kept.
struct Partial {
    path: PathBuf,
}

static NEXT: AtomicU64 = AtomicU64::new(0);

impl Partial {
    fn new(output: &Path) -> Self {
        let mut name = output.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}-{}.partial", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        Partial {
            path: output.with_file_name(name),
        }
    }

    /// Durable before it is named, so that a crash leaves the old file or the new one.
    fn keep(self, output: &Path) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, output)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After `keep` there is nothing of that name; an error here has nobody to tell.
        let _ = fs::remove_file(&self.path);
    }
}
