//! The second pass: values into row groups.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{self, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::profile::{Column, Profile, is_null};
use super::records::Records;
use super::values::{CsvType, parse_bool, parse_date, parse_float, parse_int, parse_timestamp};
use super::{Compression, ConvertError, Options, Progress};

/// Rows a row group: readers work on one at a time, one a thread.
const ROW_GROUP: usize = 122_880;

/// The values of one column of a row group, with a definition level a row (0 is null).
enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Double(Vec<f64>),
    Text(Vec<ByteArray>),
}

struct Builder {
    values: Values,
    levels: Vec<i16>,
}

impl Builder {
    fn new(physical: Physical) -> Self {
        let values = match physical {
            Physical::BOOLEAN => Values::Bool(Vec::new()),
            Physical::INT32 => Values::Int32(Vec::new()),
            Physical::INT64 => Values::Int64(Vec::new()),
            Physical::DOUBLE => Values::Double(Vec::new()),
            _ => Values::Text(Vec::new()),
        };
        Builder {
            values,
            levels: Vec::new(),
        }
    }

    fn null(&mut self) {
        self.levels.push(0);
    }

    /// False when the text is not of the column's type.
    fn push(&mut self, kind: CsvType, text: &[u8]) -> bool {
        let pushed = match (&mut self.values, kind) {
            (Values::Bool(values), _) => parse_bool(text).map(|value| values.push(value)),
            (Values::Int32(values), CsvType::Date) => parse_date(text).map(|value| values.push(value)),
            (Values::Int32(values), _) => parse_int(text)
                .and_then(|value| i32::try_from(value).ok())
                .map(|value| values.push(value)),
            (Values::Int64(values), CsvType::Timestamp { .. }) => timestamp(text).map(|value| values.push(value)),
            (Values::Int64(values), _) => parse_int(text).map(|value| values.push(value)),
            (Values::Double(values), _) => parse_float(text).map(|value| values.push(value)),
            (Values::Text(values), _) => {
                values.push(ByteArray::from(text.to_vec()));
                Some(())
            }
        };
        self.levels.push(1);
        pushed.is_some()
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, BufWriter<File>>, nullable: bool) -> Result<(), ConvertError> {
        let mut column = group
            .next_column()?
            .ok_or_else(|| ConvertError::Invalid("The Parquet schema has too few columns.".into()))?;
        let levels = nullable.then_some(self.levels.as_slice());
        match &self.values {
            Values::Bool(values) => column.typed::<BoolType>().write_batch(values, levels, None)?,
            Values::Int32(values) => column.typed::<Int32Type>().write_batch(values, levels, None)?,
            Values::Int64(values) => column.typed::<Int64Type>().write_batch(values, levels, None)?,
            Values::Double(values) => column.typed::<DoubleType>().write_batch(values, levels, None)?,
            Values::Text(values) => column.typed::<ByteArrayType>().write_batch(values, levels, None)?,
        };
        column.close()?;
        self.levels.clear();
        match &mut self.values {
            Values::Bool(values) => values.clear(),
            Values::Int32(values) => values.clear(),
            Values::Int64(values) => values.clear(),
            Values::Double(values) => values.clear(),
            Values::Text(values) => values.clear(),
        }
        Ok(())
    }
}

/// A date in a column of timestamps is its midnight.
fn timestamp(text: &[u8]) -> Option<i64> {
    parse_timestamp(text)
        .map(|(micros, _)| micros)
        .or_else(|| parse_date(text).map(|days| i64::from(days) * 86_400_000_000))
}

fn storage(column: &Column, (min, max): (i64, i64)) -> (Physical, Option<LogicalType>) {
    let integer = |bit_width| Some(LogicalType::integer(bit_width, true));
    match column.kind {
        CsvType::Bool => (Physical::BOOLEAN, None),
        CsvType::Int if min >= i64::from(i8::MIN) && max <= i64::from(i8::MAX) => (Physical::INT32, integer(8)),
        CsvType::Int if min >= i64::from(i16::MIN) && max <= i64::from(i16::MAX) => (Physical::INT32, integer(16)),
        CsvType::Int if min >= i64::from(i32::MIN) && max <= i64::from(i32::MAX) => (Physical::INT32, integer(32)),
        CsvType::Int => (Physical::INT64, integer(64)),
        CsvType::Float => (Physical::DOUBLE, None),
        CsvType::Date => (Physical::INT32, Some(LogicalType::Date)),
        CsvType::Timestamp { utc } => (Physical::INT64, Some(LogicalType::timestamp(utc, TimeUnit::MICROS))),
        CsvType::String => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    }
}

fn properties(options: &Options) -> Result<WriterProperties, ConvertError> {
    let compression = match options.compression {
        Compression::None => basic::Compression::UNCOMPRESSED,
        Compression::Snappy => basic::Compression::SNAPPY,
        Compression::Zstd(level) => basic::Compression::ZSTD(ZstdLevel::try_new(level)?),
    };
    Ok(WriterProperties::builder()
        .set_compression(compression)
        // A page is compressed alone: larger ones share more.
        .set_data_page_row_count_limit(ROW_GROUP)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_created_by("plumbline".into())
        .build())
}

/// Writes every row and returns how many there were.
pub fn write(input: &Path, output: File, profile: &Profile, options: &Options, progress: &mut Progress<'_>) -> Result<u64, ConvertError> {
    let stored: Vec<_> = profile
        .columns
        .iter()
        .zip(&profile.bounds)
        .map(|(column, bounds)| storage(column, *bounds))
        .collect();
    let fields = profile
        .columns
        .iter()
        .zip(&stored)
        .map(|(column, (physical, logical))| {
            let repetition = if column.nullable {
                Repetition::OPTIONAL
            } else {
                Repetition::REQUIRED
            };
            let field = Type::primitive_type_builder(&column.name, *physical);
            Ok(Arc::new(
                field.with_repetition(repetition).with_logical_type(logical.clone()).build()?,
            ))
        })
        .collect::<Result<Vec<_>, ConvertError>>()?;
    let schema = Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?);
    let mut file = SerializedFileWriter::new(BufWriter::with_capacity(1 << 20, output), schema, Arc::new(properties(options)?))?;
    let mut builders: Vec<_> = stored.iter().map(|(physical, _)| Builder::new(*physical)).collect();

    let mut rows = 0u64;
    let mut pending = 0usize;
    let mut records = Records::open(input, options)?;
    records.header()?;
    records.each(builders.len(), progress, |record| {
        for ((field, column), builder) in record.fields().zip(&profile.columns).zip(&mut builders) {
            if is_null(field, options) {
                builder.null();
            } else if !builder.push(column.kind, field) {
                let text = String::from_utf8_lossy(field);
                let shown: String = text.chars().take(60).collect();
                return Err(ConvertError::Invalid(format!(
                    "Line {}, column `{}`: `{shown}` is not of the type asked for.",
                    record.line, column.name
                )));
            }
        }
        rows += 1;
        pending += 1;
        if pending == ROW_GROUP {
            pending = 0;
            flush(&mut file, &mut builders, &profile.columns)?;
        }
        Ok(())
    })?;
    if pending > 0 {
        flush(&mut file, &mut builders, &profile.columns)?;
    }
    file.close()?;
    Ok(rows)
}

fn flush(file: &mut SerializedFileWriter<BufWriter<File>>, builders: &mut [Builder], columns: &[Column]) -> Result<(), ConvertError> {
    let mut group = file.next_row_group()?;
    for (builder, column) in builders.iter_mut().zip(columns) {
        builder.write(&mut group, column.nullable)?;
    }
    group.close()?;
    Ok(())
}
