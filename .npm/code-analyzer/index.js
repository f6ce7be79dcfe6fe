"use strict";

const { execFile } = require("node:child_process");
const { existsSync } = require("node:fs");
const path = require("node:path");
const {
  COMMON_TAGS,
  Engine,
  EnginePluginV1,
  LogLevel,
  SeverityLevel,
} = require("@salesforce/code-analyzer-engine-api");

const NAME = "rowlock";
const CONFIDENCES = /^(low|medium|high)$/;
const PAGES = "https://github.com/rowlock/rowlock/blob/main/src/rules";

const SEVERITIES = {
  error: SeverityLevel.High,
  warning: SeverityLevel.Moderate,
  note: SeverityLevel.Info,
};

/** What rowlock reads: without such a file there is no project to look at. */
const READ = /\.(cls|trigger|object|flow|workflow|md|duplicateRule)$|-meta\.xml$/;

class RowlockPlugin extends EnginePluginV1 {
  getAvailableEngineNames() {
    return [NAME];
  }

  describeEngineConfig() {
    return {
      overview: "rowlock: which rows each save locks, and why. See https://github.com/rowlock/rowlock",
      fieldDescriptions: {
        command: {
          descriptionText: "The rowlock program; null for the one that npm installed, or else the one on the PATH",
          valueType: "string",
          defaultValue: null,
        },
        confidence: {
          descriptionText: "The least confidence of violations: low, medium or high",
          valueType: "string",
          defaultValue: "medium",
        },
      },
    };
  }

  async createEngineConfig(_name, values) {
    values.validateContainsOnlySpecifiedKeys(["command", "confidence"]);
    return {
      command: values.extractString("command") ?? null,
      confidence: values.extractString("confidence", "medium", CONFIDENCES),
    };
  }

  async createEngine(_name, config) {
    return new RowlockEngine(config);
  }
}

class RowlockEngine extends Engine {
  constructor({ command, confidence }) {
    super();
    this.command = command ?? installed();
    this.confidence = confidence;
  }

  getName() {
    return NAME;
  }

  async getEngineVersion() {
    const { stdout } = await this.run(["--version"]);
    return stdout.trim().split(" ").pop();
  }

  async describeRules() {
    const rules = await this.json(["rules", "--format", "json"]);
    return rules.map(({ id, severity, summary }) => ({
      name: id,
      severityLevel: SEVERITIES[severity],
      tags: [
        COMMON_TAGS.RECOMMENDED,
        COMMON_TAGS.CATEGORIES.PERFORMANCE,
        COMMON_TAGS.CATEGORIES.ERROR_PRONE,
        COMMON_TAGS.LANGUAGES.APEX,
        COMMON_TAGS.LANGUAGES.XML,
      ],
      description: sentence(summary),
      resourceUrls: [page(id)],
    }));
  }

  async runRules(ruleNames, { workspace }) {
    const targets = new Set(await workspace.getTargetedFiles());
    if (![...targets].some((file) => READ.test(file))) return { violations: [] };

    // A save goes through all of the project, whatever part of it was asked for.
    const paths = workspace.getRawFilesAndFolders();
    this.emitRunRulesProgressEvent(5);
    const check = ["check", ...paths, "--format", "json", "--fail-on", "never", "--confidence", this.confidence];
    const { findings, issues } = await this.json(check);
    for (const { path: file, kind, message } of issues) {
      this.emitLogEvent(LogLevel.Warn, `${file}: ${kind}: ${message}`);
    }
    const wanted = findings.filter(({ rule }) => ruleNames.includes(rule));
    const root = rootOf(paths, findings);
    const violations = wanted.map((finding) => violation(finding, root));
    this.emitRunRulesProgressEvent(100);
    return { violations: violations.filter((it) => targets.has(it.codeLocations[it.primaryLocationIndex].file)) };
  }

  async json(args) {
    const { stdout, stderr } = await this.run(args);
    try {
      return JSON.parse(stdout);
    } catch {
      throw new Error(`rowlock ${args[0]} failed: ${stderr.trim()}`);
    }
  }

  /** Findings and incomplete reports are no errors here: their output says what they are. */
  run(args) {
    const options = { maxBuffer: 2 ** 30, encoding: "utf8" };
    return new Promise((resolve, reject) => {
      execFile(this.command, args, options, (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") reject(new Error(`cannot run ${this.command}: ${error.message}`));
        else resolve({ stdout, stderr });
      });
    });
  }
}

function installed() {
  try {
    return require("rowlock").program();
  } catch {
    return NAME;
  }
}

/** The folder that the paths of findings are relative to: above what was asked for, or that itself. */
function rootOf(paths, findings) {
  const files = new Set(findings.flatMap(({ chain }) => chain.map((step) => step.path)));
  for (let folder = path.resolve(paths[0]); ; folder = path.dirname(folder)) {
    if ([...files].every((file) => existsSync(path.join(folder, file)))) return folder;
    if (folder === path.dirname(folder)) throw new Error(`cannot find the files of the report above ${paths[0]}`);
  }
}

function violation({ rule, message, help, chain }, root) {
  return {
    ruleName: rule,
    message: help ? `${sentence(message)} ${sentence(help)}` : sentence(message),
    codeLocations: chain.map(({ path: file, range: { start, end }, note }) => ({
      file: path.join(root, file),
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
      comment: note,
    })),
    primaryLocationIndex: chain.length - 1,
    resourceUrls: [page(rule)],
  };
}

function page(rule) {
  return `${PAGES}/${rule.replaceAll("-", "_")}.md`;
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

module.exports = { createEnginePlugin: () => new RowlockPlugin() };
