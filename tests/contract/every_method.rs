//! No method of the store is left without a test.

/// The methods of the trait that begins with these words.
fn methods<'t>(text: &'t str, begin: &str) -> Vec<&'t str> {
    let from = text.find(begin).unwrap();
    let text = &text[from..];
    let text = &text[..text.find("\n}\n").unwrap()];
    text.lines()
        .filter_map(|line| {
            let line = line.trim().trim_start_matches("async ");
            line.strip_prefix("fn ")?.split('(').next()
        })
        .collect()
}

#[test]
fn every_method_of_the_store_is_called_here() {
    let text = include_str!("../../crates/store/src/lib.rs");
    let mut all = methods(text, "pub trait Store:");
    assert!(all.len() > 50 && all.contains(&"audited"), "{all:?}");
    let text = include_str!("../../crates/store/src/audited.rs");
    let of_staff = methods(text, "pub trait AuditedStore:");
    assert!(
        of_staff.len() > 20 && of_staff.contains(&"change"),
        "{of_staff:?}"
    );
    all.extend(of_staff);
    let here = [
        include_str!("alert.rs"),
        include_str!("audit.rs"),
        include_str!("indicator.rs"),
        include_str!("meeting.rs"),
        include_str!("on_call.rs"),
        include_str!("page.rs"),
        include_str!("reader.rs"),
        include_str!("retention.rs"),
        include_str!("role_key.rs"),
        include_str!("session.rs"),
        include_str!("sqlite_faults.rs"),
        include_str!("sqlite_file.rs"),
        include_str!("staff.rs"),
        include_str!("usage.rs"),
        include_str!("view.rs"),
        include_str!("view_change.rs"),
        include_str!("words.rs"),
    ]
    .concat();
    let called = |method: &&str| here.contains(&format!(".{method}("));
    let missing: Vec<&&str> = all.iter().filter(|method| !called(method)).collect();
    assert_eq!(missing, [] as [&&str; 0]);
    // The control: one that nobody has written a test for.
    assert!(!called(&["forget", "everything"].concat().as_str()));
}
