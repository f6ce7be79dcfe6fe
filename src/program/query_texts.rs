//! Queries in strings, each read once: the same text comes up in many contexts and transactions.

use crate::apex::ir::{Body, Query};
use crate::apex::read_query;
use crate::base::Span;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A query with the body that holds its binds; nothing for what is no query.
type Read = Option<Arc<(Body, Query)>>;

#[derive(Default)]
pub(super) struct QueryTexts(Mutex<FxHashMap<(Span, String), Read>>);

impl QueryTexts {
    /// A text as a query that stands at a place.
    pub(super) fn read(&self, text: String, site: Span) -> Read {
        let key = (site, text);
        // Whatever a thread has read that then panicked elsewhere is right.
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return known.clone();
        }
        let read = read_query(&key.1, site).map(Arc::new);
        lock().insert(key, read.clone());
        read
    }
}
