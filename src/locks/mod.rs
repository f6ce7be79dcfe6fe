//! Which rows each save locks.
