//! What people at the desk do with a view, as the ends of addresses name it.

use crate::text_enum;

text_enum! {
    /// An act on a view's own page: the end of `/desk/view/{id}/{act}`.
    pub enum ViewAct {
        /// Ask the sender.
        AskBack = "ask-back",
        /// Write to the sender.
        Reply = "reply",
        /// Write a private note.
        Note = "note",
        /// Write a private note for those who keep children safe.
        NoteAdults = "note-adults",
        /// Show it to those who keep children safe, because somebody may be in danger.
        Raise = "raise",
        /// Write the version for the committee.
        Approve = "approve",
        /// Put it on a meeting's list.
        List = "list",
        /// Take it off the list.
        Unlist = "unlist",
        /// Close it with a reason.
        Close = "close",
        /// Take it on: the alerts about it end.
        Take = "take",
        /// Hand it over to a service.
        HandOver = "hand-over",
        /// Let SpeakerBox see it as well.
        Release = "release",
        /// Open the sender's name, with a reason.
        Name = "name",
        /// Hold it: it is not deleted when its time is over.
        Hold = "hold",
        /// Lift the hold.
        Unhold = "unhold",
        /// Say that one has seen that its sender withdrew it.
        Seen = "seen",
        /// Recuse oneself, because it is about oneself.
        StepAside = "step-aside",
        /// Recuse somebody whom it is about.
        KeepAway = "keep-away",
    }
}

text_enum! {
    /// An act on a text of a meeting's list: the end of `/desk/meetings/{meeting}/{view}/{act}`.
    pub enum ItemAct {
        /// Show the view to those who keep children safe, because somebody may be in danger.
        Raise = "raise",
        /// Record what the committee decided.
        Decide = "decide",
        /// Publish the decision.
        Publish = "publish",
        /// Write what was taken down in other words.
        Correct = "correct",
        /// Say that what was decided is done.
        MarkDone = "mark-done",
    }
}
