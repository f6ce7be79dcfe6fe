//! One binary, so that tests link once.

mod cli;
mod diff;
mod explain;
mod graph;
mod extras;
mod flows;
mod formats;
mod hostile;
mod registrations;
mod samples;
mod since;
mod transcripts;
