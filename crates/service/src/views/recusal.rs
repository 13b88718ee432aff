//! Who is recused from a view, beyond the rules of their role.

use crate::sign_in::StaffSession;
use crate::{ActError, App};
use store::{StaffRow, ViewRow};

impl App {
    /// Whether somebody may open a view: by the rules of their role, and because this person is not recused from it.
    pub(crate) async fn may_open(&self, staff: &StaffRow, row: &ViewRow) -> Result<bool, ActError> {
        let by_role = row.life.visible_to(staff.role);
        Ok(by_role && !self.store.recused(&staff.id).await?.contains(&row.id))
    }

    /// "This is about me or somebody close to me": hands a view back. This person cannot open it again.
    pub async fn recuse_self(&self, desk: &StaffSession, id: &str) -> Result<(), ActError> {
        let row = self.view_for(desk, id, "step-aside").await?;
        if !self.others_can_open(&row, &desk.staff.id).await? {
            return Err(ActError::Field("page", "error.away.last"));
        }
        let store = self.by(desk, "step-aside", Some(id));
        Ok(store.recuse(id, &desk.staff.id).await?)
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
        if !self.others_can_open(&row, &staff.id).await? {
            return Err(ActError::Field("page", "error.away.last"));
        }
        let store = self.by(desk, "keep-away", Some(id));
        Ok(store.recuse(id, &staff.id).await?)
    }

    // Whether anybody but this person can open a view.
    async fn others_can_open(&self, row: &ViewRow, without: &str) -> Result<bool, ActError> {
        for staff in self.store.all_staff().await? {
            let is_other = staff.id != without && self.may_open(&staff, row).await?;
            if is_other && self.is_reader(&staff).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
