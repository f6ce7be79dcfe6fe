//! One binary, so that tests link once.

mod cli;
mod diff;
mod explain;
mod extras;
mod hostile;
mod samples;
mod transcripts;
