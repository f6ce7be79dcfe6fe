//! Methods and their effects.
