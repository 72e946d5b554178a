// Search and filters over window.TOOLS. Only textContent is ever set: a tool's words stay words.
"use strict";
(() => {
  const STEP = 25;
  const WORDS = { APPROVED: "approved", CLEAN: "clean, not tried", INCOMPLETE: "incomplete", BLOCKED: "blocked" };
  const tools = window.TOOLS;
  const at = (id) => document.getElementById(id);
  const fields = ["q", "verdict", "kind", "without", "host", "type", "signer", "undeclared", "changed"].filter(at);
  const value = (id) => { const e = at(id); return !e ? "" : e.type === "checkbox" ? e.checked : e.value.trim(); };
  let found = [], shown = 0;

  function tests() {
    const words = value("q").toLowerCase().split(/\s+/).filter(Boolean);
    const [verdict, kind, without, type, signer] = ["verdict", "kind", "without", "type", "signer"].map(value);
    const host = value("host").toLowerCase();
    return [
      words.length && ((t) => words.every((w) => t.text.includes(w))),
      verdict && ((t) => t.verdict === verdict),
      kind && ((t) => (kind === "pure" ? !t.kinds.length && !t.open : t.kinds.includes(kind))),
      without && ((t) => !t.kinds.includes(without)),
      host && ((t) => t.hosts.some((h) => h.toLowerCase().includes(host))),
      type && ((t) => t.types.includes(type)),
      signer && ((t) => t.signers.includes(signer)),
      value("undeclared") && ((t) => t.undeclared),
      value("changed") && ((t) => t.changed),
    ].filter(Boolean);
  }

  function element(tag, text, name) {
    const e = document.createElement(tag);
    if (text) e.textContent = text;
    if (name) e.className = name;
    return e;
  }

  function line(tool) {
    const li = element("li"), link = element("a", tool.name), list = element("ul", "", "effects");
    link.href = tool.page;
    li.append(link, element("span", WORDS[tool.verdict], "verdict " + tool.verdict.toLowerCase()));
    if (tool.summary) li.append(element("p", tool.summary));
    li.append(element("p", tool.path, "place"));
    for (const effect of tool.effects) list.append(element("li", effect));
    if (tool.open) list.append(element("li", tool.open + " unresolved"));
    if (!list.childNodes.length) list.append(element("li", "no effects"));
    li.append(list);
    return li;
  }

  function more(focus) {
    const part = document.createDocumentFragment(), first = shown;
    for (const tool of found.slice(shown, shown + STEP)) part.append(line(tool));
    at("list").append(part);
    shown = Math.min(shown + STEP, found.length);
    at("more").hidden = shown >= found.length;
    if (focus) at("list").children[first].querySelector("a").focus();
  }

  function search() {
    const wanted = tests();
    found = wanted.length ? tools.filter((t) => wanted.every((test) => test(t))) : tools;
    shown = 0;
    at("list").replaceChildren();
    at("count").textContent = found.length.toLocaleString("en") + " of " + tools.length.toLocaleString("en") + " tools";
    more(false);
    remember();
  }

  function remember() {
    const hash = new URLSearchParams(fields.map((f) => [f, value(f)]).filter(([, v]) => v)).toString();
    history.replaceState(null, "", hash ? "#" + hash : location.pathname);
  }

  function recall() {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const f of fields) {
      const e = at(f);
      if (e.type === "checkbox") e.checked = given.get(f) === "true"; else e.value = given.get(f) || "";
    }
    search();
  }

  let waiting = 0;
  at("filters").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 60); });
  at("filters").addEventListener("submit", (event) => { event.preventDefault(); search(); });
  at("more").addEventListener("click", () => more(true));
  at("clear").addEventListener("click", () => { at("filters").reset(); search(); at("q").focus(); });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); at("q").focus(); }
  });
  window.addEventListener("hashchange", recall);
  recall();
})();
