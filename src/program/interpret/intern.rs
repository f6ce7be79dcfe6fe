//! Values by number: equal values are the same number, so that contexts compare in no time.

use rustc_hash::FxHashMap;
use std::hash::Hash;
use std::marker::PhantomData;

/// The number of a `T` in its `Interner<T>`.
pub(super) struct Key<T>(u32, PhantomData<fn() -> T>);

// Derives would ask `T` for what only the number needs.
impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Key<T> {}

impl<T> PartialOrd for Key<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Key<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Key<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u32(self.0);
    }
}

impl<T> std::fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

pub(super) struct Interner<T> {
    all: Vec<T>,
    keys: FxHashMap<T, Key<T>>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Interner { all: Vec::new(), keys: FxHashMap::default() }
    }
}

impl<T: Clone + Eq + Hash> Interner<T> {
    pub(super) fn key(&mut self, value: T) -> Key<T> {
        if let Some(&key) = self.keys.get(&value) {
            return key;
        }
        let key = Key(u32::try_from(self.all.len()).expect("fewer than 2^32 values"), PhantomData);
        self.all.push(value.clone());
        self.keys.insert(value, key);
        key
    }

    /// The key of a value that may be there already, without a copy of it if it is.
    pub(super) fn key_of(&mut self, value: &T) -> Key<T> {
        match self.keys.get(value) {
            Some(&key) => key,
            None => self.key(value.clone()),
        }
    }

    pub(super) fn get(&self, key: Key<T>) -> &T {
        &self.all[key.0 as usize]
    }
}
