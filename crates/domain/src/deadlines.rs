//! How long somebody may wait for whoever's turn it is. It knows no pages and no clock.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::lifecycle::Turn;

/// Whether a view has waited so long that it is set apart: a day for safety, a week for SpeakerBox.
/// The committee meets only every few weeks, and a sender may take as long as they like.
pub fn is_late(turn: Turn, days: i32) -> bool {
    match turn {
        Turn::Safety => days >= 1,
        Turn::Speakerbox | Turn::Coordinator => days >= 7,
        Turn::Sender | Turn::Committee | Turn::Nobody => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safety_is_late_after_a_day_and_speakerbox_after_a_week() {
        let first_late = |turn: Turn| (0..1_000).find(|days| is_late(turn, *days));
        assert_eq!(first_late(Turn::Safety), Some(1));
        assert_eq!(first_late(Turn::Speakerbox), Some(7));
        assert_eq!(first_late(Turn::Coordinator), Some(7));
        for turn in [Turn::Sender, Turn::Committee, Turn::Nobody] {
            assert_eq!(first_late(turn), None, "{turn:?}");
        }
    }
}
