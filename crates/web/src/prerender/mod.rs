//! What is made ahead of a request: the pages with fixed bytes, the copy for a phone, and the copy as one file.

pub mod offline;
pub mod pages;
pub mod single_file;
