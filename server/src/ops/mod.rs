//! What an operator does with the data folder while the server stands or runs.

pub mod backup;
pub mod doctor;
pub mod readers;
