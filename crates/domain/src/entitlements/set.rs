//! A set of values of a short closed list.

/// A set of values of one of those lists, which are short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Set<T>(u64, std::marker::PhantomData<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set(0, std::marker::PhantomData)
    }
}

/// Something with a place in its list.
pub(super) trait Listed: Copy + 'static {
    /// Every value.
    const LIST: &'static [Self];
    /// Where this one stands.
    fn place(self) -> u32;
}

macro_rules! listed {
    ($($name:ty),+) => {
        $(impl $crate::entitlements::set::Listed for $name {
            const LIST: &'static [Self] = &<$name>::ALL;
            fn place(self) -> u32 { self as u32 }
        })+
    };
}

pub(super) use listed;

impl<T: Listed> Set<T> {
    pub(super) fn of(value: T) -> Set<T> {
        let mut set = Set::default();
        set.add(value);
        set
    }

    pub(super) fn add(&mut self, value: T) {
        self.0 |= 1 << value.place();
    }

    pub(super) fn add_all(&mut self, other: Set<T>) {
        self.0 |= other.0;
    }

    pub(super) fn has(self, value: T) -> bool {
        self.0 & (1 << value.place()) != 0
    }

    /// The one value in it, if it has exactly one.
    pub(super) fn only(self) -> Option<T> {
        if self.0.count_ones() != 1 {
            return None;
        }
        self.iter().next()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = T> {
        T::LIST
            .iter()
            .copied()
            .filter(move |value| self.has(*value))
    }
}
