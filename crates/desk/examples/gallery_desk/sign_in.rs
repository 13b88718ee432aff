//! Sample pages of signing in and of one's own account.

use super::{error, who};
use crate::Gallery;
use domain::role::Role;
use model::{
    CodePage, DeskFrame, FieldError, OwnSession, PasswordPage, RecoveryCodesPage, SecondFactorPage,
    SessionsPage, SignInPage,
};
use std::io;

/// The way to the desk, the second factor and sessions.
pub(super) fn pages(gallery: &Gallery) -> io::Result<()> {
    gallery.page("sign-in", || desk::sign_in(SignInPage::default()))?;
    gallery.page("sign-in-wrong", || {
        desk::sign_in(SignInPage {
            name: "a.coordinator".into(),
            wrong: true,
            wait_seconds: 240,
            timed_out: true,
            kept: "sealed".into(),
        })
    })?;
    gallery.page("password", || desk::password(password(false, vec![])))?;
    gallery.page("password-errors", || {
        desk::password(password(
            true,
            vec![
                error("old", "error.password.old"),
                error("new", "error.password.short"),
                error("again", "error.password.again"),
            ],
        ))
    })?;
    gallery.page("code", || desk::code(CodePage::default()))?;
    gallery.page("code-wrong", || {
        desk::code(CodePage {
            wrong: true,
            wait_seconds: 8,
            sample: Some(Some("123456".into())),
            ..CodePage::default()
        })
    })?;
    gallery.page("second-factor", || {
        desk::second_factor(second_factor(None, vec![]))
    })?;
    gallery.page("second-factor-again", || {
        desk::second_factor(second_factor(
            Some(who(Role::Safety)),
            vec![
                error("code", "error.code.set-up"),
                error("password", "error.proof.wrong"),
            ],
        ))
    })?;
    gallery.page("recovery-codes", || {
        desk::recovery_codes(RecoveryCodesPage {
            codes: vec!["abcd-efgh-ijkl-mnop-qrst-uvwx".into(); 10],
        })
    })?;
    gallery.page("sessions", || desk::sessions(sessions()))?;
    gallery.page("home", || desk::home(who(Role::Admin)))?;
    Ok(())
}

fn password(must_change: bool, errors: Vec<FieldError>) -> PasswordPage {
    PasswordPage {
        desk: (!must_change).then(|| who(Role::Speakerbox)),
        token: "token".into(),
        errors,
    }
}

fn second_factor(desk: Option<DeskFrame>, errors: Vec<FieldError>) -> SecondFactorPage {
    SecondFactorPage {
        desk,
        token: "token".into(),
        groups: "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567".into(),
        address: "otpauth://totp/Pledge:sample?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".into(),
        qr_code: "<svg viewBox=\"0 0 9 9\"><path d=\"M1 1h7v7h-7z\"/></svg>".into(),
        field: "sealed".into(),
        codes_left: 7,
        errors,
    }
}

fn sessions() -> SessionsPage {
    let session = |began_minutes, this, half| OwnSession {
        id: "0123".into(),
        began_minutes,
        seen_minutes: began_minutes / 10,
        this,
        half,
    };
    SessionsPage {
        desk: who(Role::Safety),
        sessions: vec![
            session(5, true, false),
            session(61, false, true),
            session(400, false, false),
        ],
    }
}
