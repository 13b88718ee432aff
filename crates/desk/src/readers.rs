//! Who can read a text, in words, from the rules that seal it.

use app::messages::{t, tf};
use domain::audience::{Reader, RoleKey, TextKind, readers_excluding_subject};
use domain::role::Role;
use model::QueueRow;

/// One sentence that says who will be able to read a text of this kind.
pub(super) fn readers_line(kind: TextKind, view: &QueueRow, writer: Role) -> String {
    let audience = view.lane.audience();
    let mut who = readers_excluding_subject(kind, audience, view.about, Some(writer));
    // Whatever a role's key opens, the recovery key opens through that key.
    if !who.contains(&Reader::Recovery) && !who.is_empty() {
        who.push(Reader::Recovery);
    }
    who.sort_by_key(|reader| match reader {
        Reader::Receipt => 0,
        Reader::Key(_) => 1,
        Reader::Recovery => 2,
    });
    let names: Vec<String> = who.into_iter().map(name).collect();
    tf(
        "desk.readers.line",
        &[("who", &names.join(&t("desk.readers.between")))],
    )
}

fn name(reader: Reader) -> String {
    match reader {
        Reader::Receipt => t("desk.readers.receipt"),
        Reader::Recovery => t("desk.readers.recovery"),
        Reader::Key(RoleKey::Speakerbox) => t("desk.readers.speakerbox"),
        Reader::Key(RoleKey::Coordinator) => t("desk.readers.coordinator"),
        Reader::Key(RoleKey::Safety) => t("desk.readers.safety"),
        Reader::Key(RoleKey::Committee) => t("desk.readers.committee"),
    }
}
