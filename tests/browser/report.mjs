// Opens an HTML report in a browser as people do: reads it, filters it by clicks and keys, prints it, and looks at it
// in dark, on a narrow screen and without scripts. Needs Node and Chromium, and nothing else: the protocol is spoken
// over pipes.
//
//   node tests/browser/report.mjs REPORT.html [FOLDER]     screenshots and a PDF go to the folder

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [report, folder] = process.argv.slice(2);
const browser = process.env.CHROMIUM ?? "chromium";
const LONGEST = 60_000;

class Browser {
  constructor() {
    this.profile = mkdtempSync(join(tmpdir(), "rowlock-browser-"));
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe"];
    this.process = spawn(browser, [...flags, `--user-data-dir=${this.profile}`], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    this.waiting = new Map();
    this.errors = [];
    this.last = 0;
    let text = "";
    this.process.stdio[4].setEncoding("utf8").on("data", (part) => {
      const messages = (text + part).split("\0");
      text = messages.pop();
      messages.forEach((message) => this.receive(JSON.parse(message)));
    });
  }

  receive({ id, method, params, result, error }) {
    if (method === "Runtime.exceptionThrown") this.errors.push(params.exceptionDetails.text);
    if (method === "Log.entryAdded") this.errors.push(params.entry.text);
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }

  send(method, params = {}) {
    const id = (this.last += 1);
    const message = { id, method, params, ...(this.session && { sessionId: this.session }) };
    this.process.stdio[3].write(JSON.stringify(message) + "\0");
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  async open(url) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    this.session = sessionId;
    for (const domain of ["Page", "Runtime", "Log"]) await this.send(`${domain}.enable`);
    await this.load(url);
  }

  async load(url) {
    await this.send("Page.navigate", { url });
    while ((await this.run("document.readyState")) !== "complete") await new Promise((done) => setTimeout(done, 20));
  }

  async run(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
    return result.value;
  }

  async click(selector) {
    const find = `document.querySelector(${JSON.stringify(selector)})`;
    const { x, y } = await this.run(`(() => {
      ${find}.scrollIntoView({ block: "center" });
      const box = ${find}.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 12) };
    })()`);
    const mouse = { x, y, button: "left", clickCount: 1 };
    await this.send("Input.dispatchMouseEvent", { type: "mousePressed", ...mouse });
    await this.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...mouse });
  }

  async press(key, code, text) {
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", key, code: key, windowsVirtualKeyCode: code, text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key, code: key, windowsVirtualKeyCode: code });
  }

  async screen(width, height, scheme) {
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await this.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  }

  async screenshot(name) {
    if (!folder) return;
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    writeFileSync(join(folder, `${name}.png`), Buffer.from(data, "base64"));
  }

  async close() {
    const gone = new Promise((done) => this.process.once("exit", done));
    this.session = undefined;
    this.send("Browser.close").catch(() => {});
    await gone;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const visible = `[...document.querySelectorAll(".finding")].filter((it) => it.checkVisibility()).length`;

/// The texts whose colours differ too little to be read: less than WCAG's 4.5.
const faint = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return rgb("white");
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const found = new Set();
  for (const element of document.querySelectorAll("body *:not(script)")) {
    if (!hasText(element) || !element.checkVisibility()) continue;
    const [a, b] = [luminance(rgb(getComputedStyle(element).color)), luminance(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.add(element.tagName + "." + element.className + " " + contrast.toFixed(2));
  }
  return [...found];
})()`;

async function filters(page) {
  const total = await page.run(`document.querySelectorAll(".finding").length`);
  assert.ok(total > 1, "a report with findings");
  assert.equal(await page.run(visible), total);
  assert.equal(await page.run(`document.getElementById("filter").checkVisibility()`), true, "scripts show the filter");

  const warnings = await page.run(`document.querySelectorAll("[data-severity=warning]").length`);
  await page.click("input[value=warning]");
  assert.equal(await page.run(visible), total - warnings, "without warnings");
  const told = await page.run(`document.getElementById("shown").textContent`);
  assert.equal(told, `${total - warnings} of ${total} findings`);
  await page.screenshot("filtered");
  await page.click("button[type=reset]");
  await page.run("new Promise((done) => setTimeout(done, 20))");
  assert.equal(await page.run(visible), total, "all again");

  for (const name of ["rule", "object"]) {
    // By keys: the first choice is everything.
    await page.run(`document.querySelector("select[name=${name}]").focus()`);
    await page.press("ArrowDown", 40);
    const value = await page.run(`document.querySelector("select[name=${name}]").value`);
    assert.notEqual(value, "", `keys choose a ${name}`);
    const of = await page.run(`[...document.querySelectorAll(".finding")].filter((it) => it.dataset.${name} === ${JSON.stringify(value)}).length`);
    assert.equal(await page.run(visible), of, `only ${name} ${value}`);
    await page.click("button[type=reset]");
    await page.run("new Promise((done) => setTimeout(done, 20))");
  }
}

async function opens(page) {
  const code = `document.querySelector(".finding pre").checkVisibility()`;
  assert.equal(await page.run(code), false);
  await page.click(".finding > summary");
  assert.equal(await page.run(code), true, "a click shows the code");
  await page.press("Enter", 13, "\r");
  assert.equal(await page.run(code), false, "the summary has the focus, and a key closes it");
  await page.click("#open");
  assert.equal(await page.run(`document.querySelectorAll(".finding:not([open])").length`), 0);
}

async function looks(page) {
  for (const [name, width, height, scheme] of [
    ["light", 1280, 1000, "light"],
    ["dark", 1280, 1000, "dark"],
    ["narrow", 390, 844, "light"],
  ]) {
    await page.screen(width, height, scheme);
    await page.run("scrollTo(0, 0)");
    assert.deepEqual(await page.run(faint), [], `contrast in ${name}`);
    assert.equal(await page.run("document.documentElement.scrollWidth <= innerWidth"), true, `${name} fits`);
    await page.screenshot(name);
  }
  const unnamed = `[...document.querySelectorAll("input, select, button")].filter((it) => !(it.labels?.length || it.textContent.trim())).length`;
  assert.equal(await page.run(unnamed), 0, "everything has a label");
  await page.screen(1280, 1000, "dark");
}

async function print(page) {
  const { data } = await page.send("Page.printToPDF", { printBackground: true });
  const pdf = Buffer.from(data, "base64");
  return { pdf, pages: pdf.toString("latin1").match(/\/Type \/Page\b/g).length };
}

async function prints(page) {
  await page.click("#close");
  const closed = await print(page);
  if (folder) writeFileSync(join(folder, "report.pdf"), closed.pdf);
  await page.click("#open");
  const open = await print(page);
  assert.ok(open.pages > 1, "a report that fills pages");
  assert.equal(closed.pages, open.pages, "what is closed on the screen is printed too");
}

async function withoutScripts(page, url) {
  await page.send("Emulation.setScriptExecutionDisabled", { value: true });
  await page.load(url);
  assert.equal(await page.run(`document.getElementById("filter").checkVisibility()`), false, "no filter without scripts");
  await page.click(".finding > summary");
  assert.equal(await page.run(`document.querySelector(".finding pre").checkVisibility()`), true, "code without scripts");
}

const page = new Browser();
const alarm = setTimeout(() => {
  page.process.kill();
  console.error("the browser does not answer");
  process.exit(1);
}, LONGEST);
let code = 0;
try {
  const url = pathToFileURL(resolve(report)).href;
  await page.open(url);
  await page.screen(1280, 1000, "light");
  await filters(page);
  await opens(page);
  await looks(page);
  await prints(page);
  await withoutScripts(page, url);
  assert.deepEqual(page.errors, [], "nothing on the console");
  console.log(`${report}: read, filtered, opened, printed`);
} catch (error) {
  console.error(error);
  code = 1;
}
clearTimeout(alarm);
await page.close();
process.exit(code);
