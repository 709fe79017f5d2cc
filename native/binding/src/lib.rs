//! The Node face of plumbline-core: types across the border, threads, cancellation. No logic.

mod convert;
mod gate;
mod lineage;
mod sql;
