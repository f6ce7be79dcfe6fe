// Builds the npm packages: one for each program that is there, one that picks among them, and the engine for Code
// Analyzer. All have the version of Cargo.toml.
//
//   node .npm/build.mjs PROGRAMS OUT     PROGRAMS has a folder a platform: linux-x64/rowlock, win32-x64/rowlock.exe, …

import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PLATFORMS = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-x64"];

const here = dirname(fileURLToPath(import.meta.url));
const [programs, out] = process.argv.slice(2);
const version = readFileSync(join(here, "../Cargo.toml"), "utf8").match(/^version = "(.+)"$/m)[1];

const read = (name) => JSON.parse(readFileSync(join(here, name, "package.json"), "utf8"));
const write = (folder, manifest) => writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);

function platformPackage(platform, main) {
  const [os, cpu] = platform.split("-");
  const file = os === "win32" ? "rowlock.exe" : "rowlock";
  const folder = join(out, platform);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(programs, platform, file), join(folder, file));
  chmodSync(join(folder, file), 0o755);
  const { license, repository } = main;
  const name = `@rowlock/${platform}`;
  write(folder, { name, version, description: `rowlock for ${platform}`, license, repository, os: [os], cpu: [cpu], files: [file, "LICENSE-*"] });
}

function builtFrom(name, manifest) {
  const folder = join(out, name);
  cpSync(join(here, name), folder, { recursive: true });
  write(folder, { ...manifest, version });
}

const main = read("rowlock");
const there = readdirSync(programs);
const unknown = there.filter((platform) => !PLATFORMS.includes(platform));
if (unknown.length) throw new Error(`no such platforms: ${unknown.join(", ")}`);
there.forEach((platform) => platformPackage(platform, main));
const optionalDependencies = Object.fromEntries(PLATFORMS.map((platform) => [`@rowlock/${platform}`, version]));
builtFrom("rowlock", { ...main, optionalDependencies });
const engine = read("code-analyzer");
builtFrom("code-analyzer", { ...engine, dependencies: { ...engine.dependencies, rowlock: version } });
for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) {
  readdirSync(out).forEach((name) => copyFileSync(join(here, "..", licence), join(out, name, licence)));
}
