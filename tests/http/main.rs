//! Requests through the real router, in this process, over a real database in a temporary folder; and what the
//! repository says about itself.

#[path = "../fixtures/fake_smtp.rs"]
mod fake_smtp;
#[path = "../fixtures/world.rs"]
mod world;

mod abandoned_journeys;
mod access_guard;
mod accounts;
mod advisories;
mod api;
mod audit;
mod authz;
mod backup;
mod catalog;
mod checker;
mod content_lint;
mod crate_edges;
mod docs_evidence;
mod docs_paths;
mod end_to_end;
mod features;
mod features_table;
mod hand_over;
mod headers;
mod hostile;
mod insider_access;
mod languages;
mod letters;
mod meetings;
mod module_circles;
mod offline;
mod page_editor;
mod print;
mod progress;
mod retention;
mod sealing;
mod search;
mod sign_in;
mod style_guide;
mod subject;
mod test_files;
mod timeline;
mod usage;
