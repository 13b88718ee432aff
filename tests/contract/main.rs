//! The contract of `store::Store`, on a real disk: every backend passes the same tests.

mod store_contract;
