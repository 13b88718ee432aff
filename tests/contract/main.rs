//! The contract of `store::Store`, on a real disk: every backend passes the same tests.

mod migrations;
mod store_contract;
