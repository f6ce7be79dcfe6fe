//! One binary, so that tests link once.

mod cli;
mod samples;
