//! The commands, a file for those that share a purpose. One file knows another only for what both ask the machine for.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod content;
pub(crate) mod init;
pub(crate) mod maintain;
pub(crate) mod recovery;
pub(crate) mod serve;
pub(crate) mod staff;
