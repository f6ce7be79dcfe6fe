//! One binary, so that tests link once.

mod cli;
mod extras;
mod hostile;
mod samples;
