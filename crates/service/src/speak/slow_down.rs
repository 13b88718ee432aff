//! The wait page: a short wait, then a simple question, before a send from a place with very many.

use super::validate::first_errors;
use crate::rate_limit::{Challenge, Limits, NetworkBucket};
use crate::{ActError, App};
use domain::view::Safe;
use model::SpeakAnswers;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use vault::random;
use vault::tokens::{self, Token};
use zeroize::Zeroize;

/// What the wait page carries: it is good for one ticket, from a moment on.
#[derive(Clone, Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
struct ChallengeToken {
    tag: [u8; 32],
    from: i64,
    question: u8,
    right: u8,
}

impl Token for ChallengeToken {
    const KIND: &'static [u8] = b"pledge pass 1";
    const SECONDS: i64 = tokens::TICKET_SECONDS;
}

/// What a sender is asked for before this can be sent.
#[derive(Clone, Debug)]
pub struct SlowDown {
    /// Sealed: from when on it can be sent, and what the right answer is.
    pub pass: String,
    /// The name of the question's words, and the place (from 0) where the right answer stands among three.
    pub question: Option<(&'static str, u8)>,
    /// It was pressed too soon.
    pub early: bool,
    /// The answer was not the right one.
    pub wrong: bool,
    /// How long to wait.
    pub seconds: i64,
}

/// The questions, by the name of their words.
const QUESTIONS: [&str; 3] = ["one", "two", "three"];

/// Answers of each: the right one and two others.
const OPTIONS: u8 = 3;

impl App {
    /// What has to be done before this can be sent; `None` when it can be sent now. `pass` and `picked` come from the
    /// wait page, if it was shown.
    pub async fn throttle_challenge(
        &self,
        place: Option<NetworkBucket>,
        ticket: &str,
        answers: &SpeakAnswers,
        pass: &str,
        picked: &str,
    ) -> Result<Option<SlowDown>, ActError> {
        let now = self.clock.unix_seconds();
        let urgent = Safe::from_id(&answers.safe).is_some_and(Safe::to_safety_lane);
        let challenge = self.limits.challenge(place, now, urgent);
        if challenge == Challenge::Free || first_errors(answers).is_some() {
            return Ok(None);
        }
        let Ok(opened) = self.ticket_words(ticket) else {
            return Ok(None);
        };
        // Pressed again after the answer got lost: nothing new is stored, so nothing is asked.
        if self.store.view_by_tag(&opened.tag).await?.is_some() {
            return Ok(None);
        }
        let known: Option<ChallengeToken> = tokens::open_token(&self.keys, now, pass)
            .ok()
            .filter(|pass: &ChallengeToken| pass.tag == opened.tag);
        let early = known.as_ref().is_some_and(|pass| now < pass.from);
        let right = known
            .as_ref()
            .is_some_and(|pass| picked == pass.right.to_string());
        let asked = !picked.is_empty();
        if known.is_some() && !early && (challenge == Challenge::Wait || right) {
            return Ok(None);
        }
        let pass = match &known {
            // The wait goes on from where it began.
            Some(pass) if early => pass.clone(),
            _ => self.new_challenge_token(opened.tag, now),
        };
        let question = (challenge == Challenge::Question).then(|| {
            let name = QUESTIONS
                .get(usize::from(pass.question))
                .copied()
                .unwrap_or("one");
            (name, pass.right)
        });
        Ok(Some(SlowDown {
            pass: tokens::seal_token(&self.keys, &*self.random, now, &pass),
            question,
            early,
            wrong: known.is_some() && !early && asked && !right,
            seconds: self.limits.pause(),
        }))
    }

    fn new_challenge_token(&self, tag: [u8; 32], now: i64) -> ChallengeToken {
        let [question, right]: [u8; 2] = random::bytes(&*self.random);
        ChallengeToken {
            tag,
            from: now + self.limits.pause(),
            question: question % 3,
            right: right % OPTIONS,
        }
    }

    /// The place of an address.
    pub fn network_bucket(&self, address: IpAddr) -> NetworkBucket {
        self.limits
            .bucket(&*self.random, self.clock.unix_seconds(), address)
    }

    /// The place of a request of which nobody knows where it comes from.
    pub fn bucket_of_nobody(&self) -> NetworkBucket {
        Limits::bucket_of_nobody(&*self.random)
    }
}
