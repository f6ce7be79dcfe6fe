"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const findings = [...document.querySelectorAll(".finding")];
  const groups = [...document.querySelectorAll(".group")];
  const shown = document.getElementById("shown");

  const apply = () => {
    const wanted = new FormData(form);
    const severities = wanted.getAll("severity");
    const matches = (finding, name) => !wanted.get(name) || finding.dataset[name] === wanted.get(name);
    for (const finding of findings) {
      finding.hidden = !(severities.includes(finding.dataset.severity) && matches(finding, "rule") && matches(finding, "object"));
    }
    for (const group of groups) {
      const count = group.querySelectorAll(".finding:not([hidden])").length;
      group.hidden = count === 0;
      group.querySelector(".count").textContent = count;
    }
    const count = findings.filter((finding) => !finding.hidden).length;
    const all = findings.length === 1 ? "1 finding" : `${findings.length} findings`;
    shown.textContent = count === findings.length ? all : `${count} of ${all}`;
  };
  const openAll = (open) => findings.filter((finding) => !finding.hidden).forEach((finding) => { finding.open = open; });
  const openTarget = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.classList.contains("finding")) {
      target.open = true;
      target.scrollIntoView();
    }
  };

  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields have their values again only after the event.
  form.addEventListener("reset", () => setTimeout(apply));
  document.getElementById("open").addEventListener("click", () => openAll(true));
  document.getElementById("close").addEventListener("click", () => openAll(false));
  addEventListener("hashchange", openTarget);
  // Of what is closed, older browsers print nothing.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = findings.filter((finding) => !finding.open);
    closed.forEach((finding) => { finding.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((finding) => { finding.open = false; }));
  apply();
  openTarget();
})();
