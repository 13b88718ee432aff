//! Whether the people are there whom the pages promise to young people.

use domain::readers::{ReaderSet, Unread};
use domain::role::Role;

/// What the operator has to know of the roles for which nobody reads, a sentence each; none when all three have a reader.
pub fn warnings(present: ReaderSet) -> Vec<String> {
    let missing: Vec<&str> = ReaderSet::ROLES
        .into_iter()
        .filter(|role| !present.contains(*role))
        .map(Role::id)
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let what = match Unread::of_new(present) {
        Some(Unread::Everything) => "NOBODY READS WHAT YOUNG PEOPLE SEND.",
        Some(Unread::Unsafe) => "NOBODY READS WHAT A YOUNG PERSON SENDS WHO IS NOT SAFE.",
        Some(Unread::Ordinary) => "NOBODY READS WHAT IS SENT TO SPEAKERBOX.",
        None => "Not everybody is there who usually reads what young people send.",
    };
    vec![
        what.to_owned(),
        format!(
            "Without a reader: {}. The pages of Speak and Follow say so. Add somebody (pledge staff add) or invite them at \
             the desk, and let them in; see pledge doctor.",
            missing.join(", ")
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_without_a_reader_is_named_and_what_follows_from_it() {
        for present in ReaderSet::all() {
            let said = warnings(present).join(" ");
            assert_eq!(said.is_empty(), present == ReaderSet::EVERYBODY);
            for role in ReaderSet::ROLES {
                let is_named = said.contains(&format!(" {}", role.id()));
                assert_eq!(is_named, !present.contains(role), "{present:?}: {said}");
            }
            let unread = Unread::of_new(present).is_some();
            assert_eq!(said.contains("NOBODY READS"), unread, "{present:?}: {said}");
        }
    }
}
