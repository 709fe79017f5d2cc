//! The data engine of Plumbline, free of Node: CSV to Parquet and the SQL guard.

pub mod convert;
pub mod sql;
