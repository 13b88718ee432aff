//! What a view is called at the desk and in the log. It knows nothing but the id.

/// Two words of the receipt list that stand for the sender at the desk. They come from the view's random id, so they
/// tell nothing and need not be kept.
pub fn pseudonym(id: &str) -> String {
    let list = domain::receipt::word_list();
    let number = |range: std::ops::Range<usize>| {
        let bits = id
            .get(range)
            .and_then(|hex| usize::from_str_radix(hex, 16).ok())
            .unwrap_or(0);
        list.get(bits % list.len().max(1))
            .copied()
            .unwrap_or("view")
    };
    format!("{} {}", number(0..6), number(6..12))
}
