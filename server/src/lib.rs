//! The server of Pledge: pages, desk, storage and keys.
//!
//! Layers, each knowing only the ones below it: `web` (HTTP, forms, headers) -> `service` (what happens when somebody
//! acts) -> `store` (domain words, no HTTP; SQL only inside a backend) and `vault` (the only part that sees keys).
//! The clock and randomness come in through [`service::clock::Clock`] and [`vault::random::Random`].

pub mod assets;
pub mod bootstrap;
pub mod cli;
mod commands;
mod config;
pub mod demo;
pub mod error;
pub mod housekeeping;
pub mod ops;
mod options;
mod recovery_input;
