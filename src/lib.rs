//! rowlock finds which rows each Salesforce save locks, and why. The modules stand in reading order:
//! each uses only those before it.
#![allow(dead_code, reason = "being built")]

mod analysis;
mod apex;
mod base;
mod cli;
mod error;
mod facts;
mod finding;
mod locks;
mod marks;
mod metadata;
mod output;
mod policy;
mod program;
mod project;
mod rules;
mod schema;
#[cfg(test)]
mod tidy;

/// Runs the command line.
pub fn main() -> std::process::ExitCode {
    cli::run()
}
