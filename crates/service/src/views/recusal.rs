//! Who is recused from a view, beyond the rules of their role.

use crate::sign_in::StaffSession;
use crate::{ActError, App};
use store::{AccessChange, LastReader, StaffRow, ViewRow};

impl App {
    /// Whether somebody may open a view: by the rules of their role, and because this person is not recused from it.
    pub(crate) async fn may_open(&self, staff: &StaffRow, row: &ViewRow) -> Result<bool, ActError> {
        let by_role = row.life.visible_to(staff.role);
        Ok(by_role && !self.store.recused(&staff.id).await?.contains(&row.id))
    }

    /// "This is about me or somebody close to me": hands a view back. This person cannot open it again.
    pub async fn recuse_self(&self, desk: &StaffSession, id: &str) -> Result<(), ActError> {
        let row = self.view_for(desk, id, "step-aside").await?;
        self.keep_away(desk, "step-aside", &row, &desk.staff.id)
            .await
    }

    /// Recuses somebody from a view, by the name they sign in with.
    pub async fn recuse(&self, desk: &StaffSession, id: &str, name: &str) -> Result<(), ActError> {
        let row = self.view_for(desk, id, "keep-away").await?;
        if !desk.staff.role.sees_safety_lane() {
            self.audit_denied(desk, "keep-away", id).await?;
            return Err(ActError::Forbidden);
        }
        let staff = self.store.staff_by_name(name.trim()).await?;
        // The committee never opens a view, but the text that is approved of it.
        let would_read = |staff: &StaffRow| {
            row.life.visible_to(staff.role) || staff.role.sees_meetings() || staff.role.sees_queue()
        };
        let staff = staff
            .filter(|staff| staff.id != desk.staff.id && would_read(staff))
            .ok_or(ActError::Field("name", "error.away.name"))?;
        self.keep_away(desk, "keep-away", &row, &staff.id).await
    }

    // Somebody else must be left who can open it; the store looks at that in the commit that keeps this person away.
    async fn keep_away(
        &self,
        desk: &StaffSession,
        action: &'static str,
        row: &ViewRow,
        staff: &str,
    ) -> Result<(), ActError> {
        let store = self.by(desk, action, Some(&row.id));
        match store.recuse(&row.id, staff, LastReader::Stays).await? {
            AccessChange::Done => Ok(()),
            AccessChange::LastReader => Err(ActError::Field("page", "error.away.last")),
        }
    }
}
