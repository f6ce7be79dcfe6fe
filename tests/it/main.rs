//! One binary, so that tests link once.

mod cli;
mod diff;
mod explain;
mod graph;
mod extras;
mod flows;
mod hostile;
mod nested;
mod registrations;
mod samples;
mod since;
mod transcripts;
