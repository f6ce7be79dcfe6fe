#!/usr/bin/env node
"use strict";

const { spawnSync } = require("node:child_process");
const { constants } = require("node:os");
const { program } = require("..");

// What could not be analysed; rowlock's own code for it.
const COULD_NOT_ANALYSE = 3;

function main() {
  const { status, signal, error } = spawnSync(program(), process.argv.slice(2), { stdio: "inherit" });
  if (error) throw error;
  return signal ? 128 + constants.signals[signal] : status;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = COULD_NOT_ANALYSE;
}
