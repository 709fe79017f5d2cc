//! CSV to Parquet for Node: on a worker thread, with progress and a flag that stops it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use napi::bindgen_prelude::*;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use plumbline_core::convert::{self, Column, Compression, ConvertError, CsvType, Options};

/// Weak: a pending progress call does not keep the process alive.
type Report = ThreadsafeFunction<f64, (), f64, Status, false, true>;

#[napi(object)]
pub struct CsvColumn {
    pub name: String,
    pub r#type: String,
    pub nullable: bool,
}

#[napi(object)]
pub struct ConvertResult {
    pub rows: f64,
    pub columns: Vec<CsvColumn>,
    pub bytes: f64,
}

#[napi(object)]
pub struct ConvertOptions {
    pub null_values: Option<Vec<String>>,
    pub delimiter: Option<String>,
    pub types: Option<HashMap<String, String>>,
    pub compression: Option<String>,
    pub compression_level: Option<i32>,
}

/// Stops a conversion: an AbortSignal handed to the task itself would only unqueue it.
#[napi]
pub struct StopFlag(Arc<AtomicBool>);

#[napi]
impl StopFlag {
    #[napi(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        StopFlag(Arc::new(AtomicBool::new(false)))
    }

    #[napi]
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

pub struct Convert {
    input: PathBuf,
    /// None: only the schema is wanted.
    output: Option<PathBuf>,
    options: Options,
    report: Option<Report>,
    stop: Arc<AtomicBool>,
}

/// The code travels in front of the message; the facade takes it apart.
fn coded(code: &str, message: impl std::fmt::Display) -> Error {
    Error::from_reason(format!("{code}|{message}"))
}

fn translate(error: ConvertError) -> Error {
    match error {
        ConvertError::Cancelled => coded("CANCELLED", error),
        ConvertError::NoFolder => coded("FILE_NOT_FOUND", error),
        ConvertError::Invalid(text) => coded("FILE_INVALID", text),
        ConvertError::Io(io) => match io.kind() {
            std::io::ErrorKind::NotFound => coded("FILE_NOT_FOUND", "There is no such file."),
            std::io::ErrorKind::StorageFull => coded("DISK_FULL", "The disk is full."),
            _ => coded("FILE_UNREADABLE", io),
        },
    }
}

impl Task for Convert {
    type Output = ConvertResult;
    type JsValue = ConvertResult;

    fn compute(&mut self) -> Result<ConvertResult> {
        // A panic on a worker thread would end the whole process.
        catch_unwind(AssertUnwindSafe(|| self.convert())).unwrap_or_else(|_| Err(coded("INTERNAL", "The engine failed on this file.")))
    }

    fn resolve(&mut self, _: Env, output: ConvertResult) -> Result<ConvertResult> {
        Ok(output)
    }
}

impl Convert {
    fn convert(&self) -> Result<ConvertResult> {
        let mut progress = |done: f64| {
            if let Some(report) = &self.report {
                report.call(done, ThreadsafeFunctionCallMode::NonBlocking);
            }
            !self.stop.load(Ordering::Relaxed)
        };
        let (rows, columns, bytes) = match &self.output {
            Some(output) => {
                let written = convert::csv_to_parquet(&self.input, output, &self.options, &mut progress).map_err(translate)?;
                (written.rows, written.columns, written.bytes)
            }
            None => (
                0,
                convert::infer_schema(&self.input, &self.options, &mut progress).map_err(translate)?,
                0,
            ),
        };
        Ok(ConvertResult {
            rows: rows as f64,
            columns: columns.into_iter().map(column).collect(),
            bytes: bytes as f64,
        })
    }
}

fn column(column: Column) -> CsvColumn {
    let name = match column.kind {
        CsvType::Bool => "bool",
        CsvType::Int => "int",
        CsvType::Float => "float",
        CsvType::Date => "date",
        CsvType::Timestamp { .. } => "timestamp",
        CsvType::String => "string",
    };
    CsvColumn {
        name: column.name,
        r#type: name.into(),
        nullable: column.nullable,
    }
}

fn csv_type(name: &str) -> Result<CsvType> {
    Ok(match name {
        "bool" => CsvType::Bool,
        "int" => CsvType::Int,
        "float" => CsvType::Float,
        "date" => CsvType::Date,
        "timestamp" => CsvType::Timestamp { utc: true },
        "string" => CsvType::String,
        _ => return Err(coded("OPTION_INVALID", format!("There is no type {name}."))),
    })
}

fn read_options(options: ConvertOptions) -> Result<Options> {
    let delimiter = match options.delimiter.as_deref().map(str::as_bytes) {
        None => b',',
        Some([byte]) if !matches!(byte, b'"' | b'\r' | b'\n') => *byte,
        Some(_) => {
            return Err(coded(
                "OPTION_INVALID",
                "The delimiter must be one ASCII character and no quote or line end.",
            ));
        }
    };
    let level = options.compression_level.unwrap_or(9);
    let compression = match options.compression.as_deref() {
        None | Some("zstd") if (1..=22).contains(&level) => Compression::Zstd(level),
        Some("snappy") => Compression::Snappy,
        Some("none") => Compression::None,
        _ => {
            return Err(coded(
                "OPTION_INVALID",
                "The compression must be zstd (level 1 to 22), snappy or none.",
            ));
        }
    };
    let types = options
        .types
        .unwrap_or_default()
        .into_iter()
        .map(|(name, kind)| Ok((name, csv_type(&kind)?)));
    Ok(Options {
        null_values: options
            .null_values
            .unwrap_or_default()
            .into_iter()
            .map(String::into_bytes)
            .collect(),
        delimiter,
        types: types.collect::<Result<_>>()?,
        compression,
    })
}

#[napi(catch_unwind)]
pub fn convert_csv(
    input: String,
    output: Option<String>,
    options: ConvertOptions,
    stop: &StopFlag,
    report: Option<Report>,
) -> Result<AsyncTask<Convert>> {
    Ok(AsyncTask::new(Convert {
        input: input.into(),
        output: output.map(PathBuf::from),
        options: read_options(options)?,
        report,
        stop: stop.0.clone(),
    }))
}
