//! The contract of `store::Store` and `store::AuditedStore`, on a real disk: every backend passes the same tests, a file a
//! noun. After them comes what only the SQLite file can be asked. A backend is one entry in `backend::BACKENDS` and one arm
//! in `backend::open`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alert;
mod audit;
mod backend;
mod every_method;
mod indicator;
mod meeting;
mod migrations;
mod on_call;
mod page;
mod reader;
mod retention;
mod role_key;
mod rows;
mod session;
mod sqlite_faults;
mod sqlite_file;
mod staff;
mod usage;
mod view;
mod view_change;
mod words;
