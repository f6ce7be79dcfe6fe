//! One binary, so that tests link once.

mod cli;
mod hostile;
mod samples;
