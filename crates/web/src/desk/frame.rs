//! What every page of the desk shows of the person who is signed in.

use crate::form;
use model::DeskFrame;
use service::sign_in::StaffSession;

/// The frame of a page. `query`: of its address, which may say what was done before it.
pub fn frame_of(desk: &StaffSession, query: Option<&str>) -> DeskFrame {
    let done = form::Form::from_query(query);
    DeskFrame {
        name: desk.staff.name.clone(),
        role: desk.staff.role,
        // Behind the session's own part, whose page it is: that holds longer than the session.
        token: format!("{}.{}", desk.token.form_token(), desk.form_owner),
        done: ::desk::done(done.get("done")),
        lane: desk.lane,
    }
}
