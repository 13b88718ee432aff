//! Requests through the real router, in this process, over a real database in a temporary folder; and what the
//! repository says about itself.

#[path = "../fixtures/council.rs"]
mod council;
#[path = "../fixtures/fake_smtp.rs"]
mod fake_smtp;
#[path = "../fixtures/module_graph.rs"]
mod module_graph;
#[path = "../fixtures/page_text.rs"]
mod page_text;
#[path = "../fixtures/rust_source.rs"]
mod rust_source;
#[path = "../fixtures/world.rs"]
mod world;

mod abandoned_journeys;
mod access_guard;
mod account_report;
mod accounts;
mod advisories;
mod after_restore;
mod api;
mod audit;
mod authz;
mod backup;
mod catalog;
mod checker;
mod colleagues_read;
mod content_lint;
mod crate_edges;
mod current_pages;
mod damaged_rows;
mod danger;
mod desk_views;
mod docs_evidence;
mod docs_paths;
mod drop_matrix;
mod end_to_end;
mod features_table;
mod follow;
mod hand_over;
mod headers;
mod hostile;
mod house_rules;
mod housekeeping;
mod insider_access;
mod installation;
mod kept_form;
mod languages;
mod leave;
mod letters;
mod meetings;
mod message_limit;
mod odd_use;
mod offline;
mod on_call;
mod opening;
mod opening_at_meetings;
mod outcomes;
mod page_editor;
mod planted_words;
mod print;
mod progress;
mod proxy;
mod public_url;
mod publication;
mod raw_html;
mod readers;
mod reading_pages;
mod reseal;
mod retention;
mod sealing;
mod search;
mod sender_privacy;
mod sign_in;
mod speak;
mod style_guide;
mod subject;
mod test_files;
mod timeline;
mod usage;
