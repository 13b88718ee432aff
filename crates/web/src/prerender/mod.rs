//! What is made ahead of a request: the copy of the pages as one file.

pub mod single_file;
