// Builds the npm packages with one program, installs them as people do, and uses them: `npx rowlock`, and the engine
// in the real Code Analyzer.
//
//   node .npm/test.mjs PROGRAM SAMPLE

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [program, sample] = process.argv.slice(2).map((path) => resolve(path));
const folder = mkdtempSync(join(tmpdir(), "rowlock-npm-"));
const npm = (args, cwd) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], shell: process.platform === "win32" });

function install() {
  const platform = `${process.platform}-${process.arch}`;
  mkdirSync(join(folder, "programs", platform), { recursive: true });
  copyFileSync(program, join(folder, "programs", platform, process.platform === "win32" ? "rowlock.exe" : "rowlock"));
  execFileSync("node", [join(here, "build.mjs"), join(folder, "programs"), join(folder, "packages")]);
  const tarballs = readdirSync(join(folder, "packages")).map((name) => {
    const [packed] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], join(folder, "packages", name)));
    assert.ok(packed.files.some((file) => file.path === "LICENSE-MIT"), `${packed.name} has its licence`);
    return join(folder, packed.filename);
  });
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true }));
  // Only the package of this platform is there to be had: the others are not published yet.
  npm(["install", "--no-audit", "--no-fund", "--omit=optional", "@salesforce/code-analyzer-core@0.52.0", ...tarballs], project);
  return project;
}

function usesNpx(project) {
  const npx = (args) => spawnSync("npx", ["--no-install", "rowlock", ...args], { cwd: project, encoding: "utf8", shell: process.platform === "win32" });
  const found = npx(["check", sample, "--format", "json"]);
  assert.equal(found.status, 1, found.stderr);
  assert.ok(JSON.parse(found.stdout).findings.length > 0);
  assert.equal(npx(["check", sample, "--fail-on", "never"]).status, 0);
  assert.equal(npx(["check", "--nonsense"]).status, 2);
  assert.equal(npx(["check", join(folder, "nowhere")]).status, 3);
  return JSON.parse(found.stdout).findings;
}

async function usesCodeAnalyzer(project, findings) {
  const load = createRequire(join(project, "package.json"));
  const { CodeAnalyzer, CodeAnalyzerConfig, EventType, LogLevel, OutputFormat } = load("@salesforce/code-analyzer-core");
  const { createEnginePlugin } = load("@rowlock/code-analyzer-engine");
  const analyzer = new CodeAnalyzer(CodeAnalyzerConfig.withDefaults());
  const errors = [];
  analyzer.onEvent(EventType.LogEvent, (event) => event.logLevel === LogLevel.Error && errors.push(event.message));
  await analyzer.addEnginePlugin(createEnginePlugin());
  assert.deepEqual(analyzer.getEngineNames(), ["rowlock"], errors.join("\n"));
  const fields = Object.keys(analyzer.getEngineConfigDescription("rowlock").fieldDescriptions).sort();
  assert.deepEqual(fields, ["command", "confidence", "disable_engine"]);

  const workspace = await analyzer.createWorkspace([sample]);
  const rules = await analyzer.selectRules(["rowlock"], { workspace });
  const listed = rules.getRulesFor("rowlock").map((rule) => rule.getName());
  const own = JSON.parse(execFileSync(program, ["rules", "--format", "json"], { encoding: "utf8" })).map((rule) => rule.id);
  assert.deepEqual(listed.toSorted(), own.toSorted(), "all rules are listed");

  const results = await analyzer.run(rules, { workspace });
  assert.deepEqual(errors, []);
  const violations = results.getViolations();
  assert.equal(violations.length, findings.length, "as many violations as findings");
  const names = (list, name) => list.map(name).toSorted();
  assert.deepEqual(names(violations, (it) => it.getRule().getName()), names(findings, (it) => it.rule));
  for (const violation of violations) {
    const location = violation.getPrimaryLocation();
    const finding = findings.find((it) => join(sample, it.path) === location.getFile() && it.range.start.line === location.getStartLine());
    assert.ok(finding, `${location.getFile()}:${location.getStartLine()} is the place of a finding`);
    assert.ok(violation.getCodeLocations().length >= 1);
  }
  const sarif = JSON.parse(results.toFormattedOutput(OutputFormat.SARIF));
  assert.equal(sarif.runs.flatMap((run) => run.results).length, findings.length, "in its SARIF");
  const html = results.toFormattedOutput(OutputFormat.HTML);
  assert.ok(findings.every((finding) => html.includes(finding.rule)), "in its HTML");

  const one = await analyzer.selectRules([findings[0].rule], { workspace });
  const few = (await analyzer.run(one, { workspace })).getViolations();
  assert.ok(few.length > 0 && few.every((it) => it.getRule().getName() === findings[0].rule), "only the rules that are asked for");

  const target = join(sample, findings[0].path);
  const part = await analyzer.createWorkspace([sample], [target]);
  const there = (await analyzer.run(rules, { workspace: part })).getViolations();
  assert.ok(there.length > 0 && there.every((it) => it.getPrimaryLocation().getFile() === target), "only in the files that are asked for");

  const nothing = await analyzer.createWorkspace([project], [join(project, "package.json")]);
  assert.equal((await analyzer.run(rules, { workspace: nothing })).getViolations().length, 0, "nothing to read is no error");
  assert.deepEqual(errors, []);
}

try {
  const project = install();
  const findings = usesNpx(project);
  await usesCodeAnalyzer(project, findings);
  console.log("npm: packed, installed, run by npx, and run by Code Analyzer");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
