//! The first pass: names, types and bounds of the columns.

use std::path::Path;

use super::infer::Inference;
use super::records::Records;
use super::values::CsvType;
use super::{ConvertError, Options, Progress};

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: String,
    pub kind: CsvType,
    pub nullable: bool,
}

pub struct Profile {
    pub columns: Vec<Column>,
    /// Smallest and largest whole number of each column; zero where it has none.
    pub bounds: Vec<(i64, i64)>,
}

pub fn is_null(field: &[u8], options: &Options) -> bool {
    field.is_empty() || options.null_values.contains(field)
}

pub fn profile(input: &Path, options: &Options, progress: &mut Progress<'_>) -> Result<Profile, ConvertError> {
    let mut records = Records::open(input, options)?;
    let names = records.header()?;
    for wanted in options.types.keys() {
        if !names.contains(wanted) {
            return Err(ConvertError::Invalid(format!(
                "There is no column `{wanted}` to give a type to. There are {}.",
                names.join(", ")
            )));
        }
    }
    let mut seen = vec![Inference::default(); names.len()];
    let mut nullable = vec![false; names.len()];
    records.each(names.len(), progress, |record| {
        for (i, field) in record.fields().enumerate() {
            if is_null(field, options) {
                nullable[i] = true;
                continue;
            }
            if std::str::from_utf8(field).is_err() {
                return Err(ConvertError::Invalid(format!(
                    "Line {}, column `{}` is not UTF-8. Save the file as UTF-8.",
                    record.line, names[i]
                )));
            }
            seen[i].add(field);
        }
        Ok(())
    })?;
    let bounds = seen.iter().map(|inference| (inference.min, inference.max)).collect();
    let columns = names
        .into_iter()
        .zip(&seen)
        .zip(nullable)
        .map(|((name, inference), nullable)| {
            let kind = match (options.types.get(&name), inference.kind()) {
                (None, inferred) => inferred,
                // Whether it is in UTC the texts say.
                (Some(CsvType::Timestamp { .. }), CsvType::Date) => CsvType::Timestamp { utc: false },
                (Some(CsvType::Timestamp { .. }), CsvType::Timestamp { utc }) => CsvType::Timestamp { utc },
                (Some(wanted), _) => *wanted,
            };
            Column { name, kind, nullable }
        })
        .collect();
    Ok(Profile { columns, bounds })
}
