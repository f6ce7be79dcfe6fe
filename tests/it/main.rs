//! One binary, so that tests link once.

mod allow;
mod baseline;
mod cli;
mod config;
mod deployment;
mod diff;
mod explain;
mod graph;
mod extras;
mod flows;
mod hostile;
mod policy;
mod registrations;
mod samples;
mod since;
mod transcripts;
