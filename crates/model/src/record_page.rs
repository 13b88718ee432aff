//! Long records in pages: however much was written to a view, a page of it stays small. The newest come first; within a
//! page the oldest is on top.

use std::ops::Range;

/// Texts on one page of a record, each of at most [`domain::view::MESSAGE_MAX`] characters.
pub const TEXTS: usize = 20;
/// Lines on one page of a record, with a text or without.
pub const LINES: usize = 100;

/// Which page of a record this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordPage {
    /// 0 is the newest.
    pub page: usize,
    /// There is one before it.
    pub has_older: bool,
}

impl RecordPage {
    /// The page before this one in time.
    pub fn older(self) -> Option<usize> {
        self.has_older.then(|| self.page + 1)
    }

    /// The page after this one in time.
    pub fn newer(self) -> Option<usize> {
        self.page.checked_sub(1)
    }
}

/// The part of a record on this page, or on the oldest one there is. `has_text`: of each line, oldest first.
pub fn part(has_text: &[bool], page: usize) -> (Range<usize>, RecordPage) {
    let mut end = has_text.len();
    for at in 0.. {
        let start = start_of(has_text, end);
        if at == page || start == 0 {
            let has_older = start > 0;
            return (
                start..end,
                RecordPage {
                    page: at,
                    has_older,
                },
            );
        }
        end = start;
    }
    (0..0, RecordPage::default())
}

fn start_of(has_text: &[bool], end: usize) -> usize {
    let mut texts = 0;
    let lines = has_text.get(..end).unwrap_or_default().iter().rev();
    let on_it = lines.take(LINES).take_while(|has_text| {
        texts += usize::from(**has_text);
        texts <= TEXTS
    });
    end - on_it.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(has_text: &[bool]) -> Vec<Range<usize>> {
        let mut pages = Vec::new();
        loop {
            let (lines, of) = part(has_text, pages.len());
            assert_eq!(
                (of.page, of.newer()),
                (pages.len(), pages.len().checked_sub(1))
            );
            pages.push(lines);
            match of.older() {
                Some(older) => assert_eq!(older, pages.len()),
                None => return pages,
            }
        }
    }

    #[test]
    fn a_short_record_is_one_page() {
        for has_text in [&[][..], &[true; TEXTS], &[false; LINES]] {
            let (lines, of) = part(has_text, 0);
            assert_eq!((lines.len(), of), (has_text.len(), RecordPage::default()));
        }
    }

    #[test]
    fn every_line_of_a_long_one_is_on_one_page_and_none_is_long() {
        for has_text in [
            vec![true; 110],
            vec![false; 450],
            [true, false, false].repeat(90),
        ] {
            let pages = pages(&has_text);
            assert!(pages.len() > 3);
            let mut end = has_text.len();
            for lines in &pages {
                assert_eq!(lines.end, end);
                let part = &has_text[lines.clone()];
                let texts = part.iter().filter(|has_text| **has_text).count();
                assert!(part.len() <= LINES && texts <= TEXTS && !part.is_empty());
                end = lines.start;
            }
            assert_eq!(end, 0);
            // A page that is not there is the oldest.
            let last = part(&has_text, usize::MAX);
            assert_eq!((last.0.start, last.1.page), (0, pages.len() - 1));
        }
    }
}
