//! How much a sender may write in messages before somebody answers. Knows the record of a view, and no text.
//!
//! An alarm ("I am not safe right now") is never bounded and never counted.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::date::Date;
use crate::event::EventKind;

/// Messages of one view's sender on one day. A conversation with a desk that answers at once stays below.
pub const MESSAGES_A_DAY: usize = 20;
/// Messages of one view's sender in a row, on however many days, while nobody has answered.
pub const MESSAGES_IN_A_ROW: usize = 50;

/// Why one message more has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageLimit {
    /// Until tomorrow.
    Today,
    /// Until somebody has answered.
    Unanswered,
}

/// Whether one message more has to wait. `record`: what happened to the view, oldest first, each with its day.
pub fn message_limit(
    record: impl IntoIterator<Item = (EventKind, Date)>,
    today: Date,
) -> Option<MessageLimit> {
    let (mut on_the_day, mut in_a_row) = (0, 0);
    for (kind, day) in record {
        if kind == EventKind::WroteBack {
            in_a_row += 1;
            on_the_day += usize::from(day == today);
        } else if is_answer(kind) {
            in_a_row = 0;
        }
    }
    if in_a_row >= MESSAGES_IN_A_ROW {
        Some(MessageLimit::Unanswered)
    } else {
        (on_the_day >= MESSAGES_A_DAY).then_some(MessageLimit::Today)
    }
}

/// Whether the sender reads words of the desk or of the committee with it.
fn is_answer(kind: EventKind) -> bool {
    match kind {
        EventKind::AskedBack | EventKind::Replied | EventKind::Closed | EventKind::Published => {
            true
        }
        EventKind::Sent
        | EventKind::Opened
        | EventKind::ApprovedRead
        | EventKind::NameOpened
        | EventKind::Noted
        | EventKind::Approved
        | EventKind::Listed
        | EventKind::Unlisted
        | EventKind::Decided
        | EventKind::TakenDown
        | EventKind::Corrected
        | EventKind::MarkedDone
        | EventKind::Raised
        | EventKind::Claimed
        | EventKind::HandedOver
        | EventKind::Released
        | EventKind::WroteBack
        | EventKind::Alarmed
        | EventKind::Agreed
        | EventKind::Disputed
        | EventKind::Withdrawn
        | EventKind::Acknowledged
        | EventKind::Held
        | EventKind::HoldLifted => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventKind::{Alarmed, Opened, Replied, WroteBack};

    const TODAY: Date = Date::EPOCH;

    fn after(kind: EventKind, count: usize, day: Date) -> Vec<(EventKind, Date)> {
        vec![(kind, day); count]
    }

    #[test]
    fn so_many_a_day_and_more_on_the_next() {
        let day = |count| message_limit(after(WroteBack, count, TODAY), TODAY);
        assert_eq!(day(MESSAGES_A_DAY - 1), None);
        assert_eq!(day(MESSAGES_A_DAY), Some(MessageLimit::Today));
        let tomorrow = TODAY.plus_days(1);
        let written = after(WroteBack, MESSAGES_A_DAY, TODAY);
        assert_eq!(message_limit(written, tomorrow), None);
    }

    #[test]
    fn so_many_in_a_row_until_somebody_answers() {
        let later = TODAY.plus_days(9);
        let mut record = after(WroteBack, MESSAGES_IN_A_ROW - 1, TODAY);
        assert_eq!(message_limit(record.clone(), later), None);
        record.extend(after(WroteBack, 1, TODAY));
        // Reading is no answer.
        record.extend(after(Opened, 1, TODAY));
        let unanswered = Some(MessageLimit::Unanswered);
        assert_eq!(message_limit(record.clone(), later), unanswered);
        record.extend(after(Replied, 1, TODAY));
        assert_eq!(message_limit(record, later), None);
    }

    #[test]
    fn an_alarm_is_not_counted() {
        let alarms = after(Alarmed, 1_000, TODAY);
        assert_eq!(message_limit(alarms, TODAY), None);
    }
}
