//! What needs a process of its own or a quiet machine: time, memory, floods, alerts, connections, the command line. One
//! test at a time: `cargo xtask test` gives it `--test-threads=1`.

#[path = "../fixtures/fake_smtp.rs"]
mod fake_smtp;
#[path = "../fixtures/process.rs"]
mod process;
#[path = "../fixtures/terminal.rs"]
mod terminal;
#[path = "../fixtures/world.rs"]
mod world;

mod alerts;
mod command_line;
mod connection;
mod doctor;
mod fair_queues;
mod flood;
mod papers;
mod recovery;
mod stolen_disk;
mod timing;
