//! One binary, so that tests link once.

mod allow;
mod baseline;
mod cli;
mod config;
mod deployment;
mod diff;
mod explain;
mod extras;
mod flows;
mod formats;
mod graph;
mod hostile;
mod nested;
mod policy;
mod registrations;
mod samples;
mod since;
mod transcripts;
