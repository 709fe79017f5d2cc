//! The records of a CSV file (RFC 4180, any line ending), strictly: what is malformed is an error that names its line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use memchr::{memchr, memchr3};

use super::{ConvertError, Options, Progress};

const CHUNK: usize = 1 << 20;
/// A quote that is never closed would otherwise take the whole file for one field.
const MAX_RECORD: usize = 64 << 20;
/// Records between two calls of the progress.
const PROGRESS_EVERY: u64 = 16_384;

/// One record; its fields lie one behind the other.
#[derive(Debug, Default)]
pub struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The line it begins on; the first is 1.
    pub line: u64,
}

impl Record {
    pub fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end])
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn end_field(&mut self) {
        self.ends.push(self.bytes.len());
    }

    fn is_blank(&self) -> bool {
        self.ends.len() == 1 && self.bytes.is_empty()
    }
}

pub struct Records {
    file: File,
    size: u64,
    delimiter: u8,
    buffer: Vec<u8>,
    at: usize,
    read: u64,
    line: u64,
}

impl Records {
    pub fn open(input: &Path, options: &Options) -> Result<Self, ConvertError> {
        let file = File::open(input)?;
        let size = file.metadata()?.len();
        let mut records = Records {
            file,
            size,
            delimiter: options.delimiter,
            buffer: Vec::new(),
            at: 0,
            read: 0,
            line: 1,
        };
        records.peek()?;
        match records.buffer.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => records.at = 3,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
                return Err(ConvertError::Invalid("The file is UTF-16. Save it as UTF-8.".into()));
            }
            _ => {}
        }
        Ok(records)
    }

    /// The next byte, if there is one.
    fn peek(&mut self) -> Result<Option<u8>, ConvertError> {
        if self.at == self.buffer.len() {
            self.buffer.resize(CHUNK, 0);
            let mut filled = 0;
            // A short read at the start would hide the mark of the encoding.
            while filled < CHUNK {
                match self.file.read(&mut self.buffer[filled..])? {
                    0 => break,
                    count => filled += count,
                }
            }
            self.buffer.truncate(filled);
            self.read += filled as u64;
            self.at = 0;
        }
        Ok(self.buffer.get(self.at).copied())
    }

    /// Reads the next record. False at the end of the file.
    fn next(&mut self, record: &mut Record) -> Result<bool, ConvertError> {
        record.clear();
        record.line = self.line;
        if self.peek()?.is_none() {
            return Ok(false);
        }
        loop {
            if self.peek()? == Some(b'"') {
                self.at += 1;
                self.quoted(record)?;
            } else {
                self.unquoted(record)?;
            }
            record.end_field();
            match self.peek()? {
                Some(byte) if byte == self.delimiter => self.at += 1,
                Some(b'\r') => {
                    self.at += 1;
                    if self.peek()? == Some(b'\n') {
                        self.at += 1;
                    }
                    self.line += 1;
                    return Ok(true);
                }
                Some(b'\n') => {
                    self.at += 1;
                    self.line += 1;
                    return Ok(true);
                }
                None => return Ok(true),
                Some(_) => {
                    return Err(ConvertError::Invalid(format!(
                        "Line {}: text stands behind the closing quote of a field. A quote inside a field is written twice.",
                        self.line
                    )));
                }
            }
        }
    }

    fn unquoted(&mut self, record: &mut Record) -> Result<(), ConvertError> {
        while self.peek()?.is_some() {
            let rest = &self.buffer[self.at..];
            let end = memchr3(self.delimiter, b'\n', b'\r', rest);
            self.take(record, end.unwrap_or(rest.len()))?;
            if end.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn quoted(&mut self, record: &mut Record) -> Result<(), ConvertError> {
        let opened = self.line;
        while self.peek()?.is_some() {
            let rest = &self.buffer[self.at..];
            let end = memchr(b'"', rest);
            let taken = end.unwrap_or(rest.len());
            self.line += lines(&rest[..taken]);
            self.take(record, taken)?;
            if end.is_none() {
                continue;
            }
            self.at += 1;
            if self.peek()? != Some(b'"') {
                return Ok(());
            }
            self.take(record, 1)?;
        }
        Err(ConvertError::Invalid(format!("Line {opened}: a quote is opened and never closed.")))
    }

    fn take(&mut self, record: &mut Record, count: usize) -> Result<(), ConvertError> {
        if record.bytes.len() + count > MAX_RECORD {
            let text = format!("Line {}: a record is larger than 64 MB. Is a quote not closed?", record.line);
            return Err(ConvertError::Invalid(text));
        }
        record.bytes.extend_from_slice(&self.buffer[self.at..self.at + count]);
        self.at += count;
        Ok(())
    }

    /// The names of the columns: the first line that is not blank. A name that is empty or there twice gets a number.
    pub fn header(&mut self) -> Result<Vec<String>, ConvertError> {
        let mut record = Record::default();
        loop {
            if !self.next(&mut record)? {
                return Err(ConvertError::Invalid("The file is empty.".into()));
            }
            if !record.is_blank() {
                break;
            }
        }
        let mut names: Vec<String> = Vec::with_capacity(record.len());
        for (i, field) in record.fields().enumerate() {
            let text = std::str::from_utf8(field)
                .map_err(|_| ConvertError::Invalid(format!("Line {} is not UTF-8. Save the file as UTF-8.", record.line)))?;
            let base = match text.trim() {
                "" => format!("column_{}", i + 1),
                name => name.to_string(),
            };
            // Most systems take names that differ in case for one.
            let taken = |name: &str| names.iter().any(|other| other.to_lowercase() == name.to_lowercase());
            let mut name = base.clone();
            let mut count = 1;
            while taken(&name) {
                count += 1;
                name = format!("{base}_{count}");
            }
            names.push(name);
        }
        Ok(names)
    }

    /// Hands every record of `width` fields to `take`. A blank line is a missing value in a file of one column, else nothing.
    pub fn each(
        &mut self,
        width: usize,
        progress: &mut Progress<'_>,
        mut take: impl FnMut(&Record) -> Result<(), ConvertError>,
    ) -> Result<(), ConvertError> {
        let mut record = Record::default();
        let mut count = 0u64;
        while self.next(&mut record)? {
            if record.is_blank() && width != 1 {
                continue;
            }
            if record.len() != width {
                let (line, fields) = (record.line, record.len());
                return Err(ConvertError::Invalid(format!(
                    "Line {line} has {fields} fields, the header has {width}."
                )));
            }
            take(&record)?;
            count += 1;
            if count.is_multiple_of(PROGRESS_EVERY) {
                let done = (self.read - (self.buffer.len() - self.at) as u64) as f64 / self.size.max(1) as f64;
                if !progress(done.min(1.0)) {
                    return Err(ConvertError::Cancelled);
                }
            }
        }
        if progress(1.0) { Ok(()) } else { Err(ConvertError::Cancelled) }
    }
}

/// Line ends in a quoted field. `\r` alone is one only where a file has no `\n`, and is not counted here.
fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, name: &str) -> Vec<(u64, Vec<String>)> {
        let path = std::env::temp_dir().join(format!("plumbline-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, text).expect("a file");
        let mut records = Records::open(&path, &Options::default()).expect("an open file");
        std::fs::remove_file(&path).expect("removed");
        let mut record = Record::default();
        let mut all = Vec::new();
        while records.next(&mut record).expect("a record") {
            let fields = record.fields().map(|field| String::from_utf8_lossy(field).into_owned());
            all.push((record.line, fields.collect()));
        }
        all
    }

    #[test]
    fn nothing_is_lost_where_a_chunk_ends() {
        for before in CHUNK - 12..CHUNK + 2 {
            let long = "x".repeat(before);
            let all = read(&format!("{long}\r\n\"q\"\"\r\nq\",2\r\n3"), "chunk");
            assert_eq!(all.len(), 3, "{before}");
            assert_eq!(all[0], (1, vec![long]));
            assert_eq!(all[1], (2, vec!["q\"\r\nq".into(), "2".into()]));
            assert_eq!(all[2], (4, vec!["3".into()]));
        }
    }

    #[test]
    fn a_line_may_end_in_any_way() {
        for end in ["\n", "\r\n", "\r"] {
            let all = read(&["a,b", "1,2", "", "3,"].join(end), "ends");
            let fields: Vec<_> = all.iter().map(|(_, fields)| fields.join("|")).collect();
            assert_eq!(fields, ["a|b", "1|2", "", "3|"]);
            assert_eq!(all.last().map(|(line, _)| *line), Some(4));
        }
    }
}
