//! Whether two words are nearly spelled alike.

/// Words this short are not guessed at.
pub(crate) const GUESSED_FROM: usize = 4;

// How many typing mistakes a word of this length may have.
pub(crate) fn mistakes(word: &str) -> usize {
    match word.chars().count() {
        ..GUESSED_FROM => 0,
        GUESSED_FROM..=6 => 1,
        _ => 2,
    }
}

// Whether two words differ by at most `most` letters: one more, one less, another one, or two that changed places.
pub(crate) fn is_near(one: &str, other: &str, most: usize) -> bool {
    if most == 0 {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len().abs_diff(b.len()) > most || b.len() < GUESSED_FROM {
        return false;
    }
    distance(&a, &b) <= most
}

// Optimal string alignment, three rows at a time.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && *x == b[j - 1] {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearness_counts_letters() {
        let near = |one: &str, other: &str, most| is_near(one, other, most);
        assert!(near("avdocat", "advocat", 1), "two letters changed places");
        assert!(near("homless", "homeless", 1));
        assert!(!near("homless", "harmless", 1));
        assert!(!near("pa", "pep", 2), "short words are not guessed at");
    }

    // Every word of up to four letters out of three.
    fn short_words() -> Vec<Vec<char>> {
        let mut all = vec![Vec::new()];
        let mut from = 0;
        for _ in 0..4 {
            let to = all.len();
            for at in from..to {
                for letter in ['a', 'b', 'c'] {
                    let mut longer = all[at].clone();
                    longer.push(letter);
                    all.push(longer);
                }
            }
            from = to;
        }
        all
    }

    #[test]
    fn distance_is_the_same_both_ways() {
        let words = short_words();
        assert_eq!(words.len(), 121);
        for x in &words {
            for y in &words {
                let apart = distance(x, y);
                assert_eq!(apart, distance(y, x), "{x:?} {y:?}");
                assert_eq!(apart == 0, x == y, "{x:?} {y:?}");
                assert!(apart <= x.len().max(y.len()), "{x:?} {y:?}");
            }
        }
    }
}
