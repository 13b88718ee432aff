//! The commands, a file for those that share a purpose. One command knows no other.

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod content;
pub(crate) mod init;
pub(crate) mod maintain;
pub(crate) mod serve;
pub(crate) mod staff;
