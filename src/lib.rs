//! rowlock finds which rows each Salesforce save locks, and why. The modules stand in reading order:
//! each uses only those before it.

mod base;
mod error;
mod project;
mod metadata;
mod apex;
mod facts;
mod known;
mod schema;
mod program;
mod locks;
mod analysis;
mod stats;
mod finding;
#[cfg(test)]
mod marks;
mod rules;
mod config;
mod policy;
mod query;
mod output;
mod cli;
#[cfg(test)]
mod tidy;

/// Runs the command line.
pub fn main() -> std::process::ExitCode {
    cli::run()
}
