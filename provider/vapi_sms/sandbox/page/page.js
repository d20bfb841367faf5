"use strict";

// The page of the sandbox: shows what its feed tells, and asks its control surface as anybody could with curl.
// Whatever others wrote is set as text.
(() => {
  const { element, Numbers } = Drawing;
  const MOST_TEXTS = 100;
  const MOST_ENTRIES = 100;
  const MOST_KEPT = 1000;
  const VENDORS = { twilio: "Twilio", vapi: "Vapi" };
  const at = (id) => document.getElementById(id);
  const said = (tag, name, text) => (text ? element(tag, { class: name, dir: "auto", text }) : null);

  const state = { numbers: new Map(), texts: new Map(), entries: new Map(), happenings: new Map(), picked: null };
  const list = new Numbers(at("numbers"), { grouped: false, most: 25, onpick: (number) => pick(number.number) });

  // --- asking ------------------------------------------------------------------------------------

  function curl(path, body) {
    const url = `${location.origin}${path}`;
    if (body === null) return `curl -s -X POST ${url}`;
    const json = JSON.stringify(body).replaceAll("'", "'\\''");
    return `curl -s ${url} -H 'Content-Type: application/json' -d '${json}'`;
  }

  // Returns what is wrong, or null.
  async function ask(path, body) {
    const headers = { Accept: "application/json", "Content-Type": "application/json" };
    const request = body === null ? { method: "POST" } : { method: "POST", headers, body: JSON.stringify(body) };
    try {
      const answer = await fetch(path, request);
      return answer.ok ? null : (await answer.json()).error;
    } catch (error) {
      return `the sandbox does not answer (${error.message})`;
    }
  }

  // --- the phone ---------------------------------------------------------------------------------

  function text() {
    const chosen = document.querySelector("input[name=sender]:checked").value;
    const asked = { from: chosen || at("other").value.trim(), to: at("to").value.trim(), body: at("body").value };
    return at("picture").checked ? { ...asked, media: ["https://example.com/cat.jpg"] } : asked;
  }

  function failures(told) {
    const found = told.trace.filter((step) => /\berror \d+/.test(step));
    if (told.answeredBy === "nobody" && told.trace.length) found.push(told.trace.at(-1));
    return [...new Set(found)];
  }

  function bubble(told) {
    const picture = told.pictures ? element("span", { class: "picture", text: " [picture]" }) : null;
    const parts = [
      element("p", { class: "meta" }, said("span", "number", told.from), " texts ", said("span", "number", told.to)),
      element("p", { class: "mine", dir: "auto" }, told.body, picture),
    ];
    if (!told.done) return [...parts, element("p", { class: "meta", text: "on its way ..." })];
    const who = told.answeredBy === "nobody" ? "nobody answers" : told.answeredBy;
    const trace = told.trace.map((step) => element("li", { dir: "auto", text: step }));
    return [
      ...parts,
      element("p", { class: told.answeredBy === "nobody" ? "by nobody" : "by", dir: "auto", text: who }),
      said("p", "theirs", told.reply),
      ...failures(told).map((why) => said("p", "failure", why)),
      element("details", {}, element("summary", { text: "how it came to that" }), element("ol", {}, ...trace)),
    ].filter((part) => part !== null);
  }

  function hear(texts) {
    const thread = at("thread");
    const isAtEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60;
    for (const told of texts.slice(-MOST_TEXTS)) {
      const node = state.texts.get(told.n) || element("article", { class: "text" });
      node.replaceChildren(...bubble(told));
      if (!state.texts.has(told.n)) thread.append(node);
      state.texts.set(told.n, node);
    }
    for (const n of [...state.texts.keys()].slice(0, -MOST_TEXTS)) {
      state.texts.get(n).remove();
      state.texts.delete(n);
    }
    at("no-texts").hidden = state.texts.size > 0;
    if (isAtEnd) thread.scrollTop = thread.scrollHeight;
  }

  function drawText() {
    at("text-request").textContent = curl("/_sandbox/texts", text());
  }

  async function send(event) {
    event.preventDefault();
    at("text-trouble").textContent = (await ask("/_sandbox/texts", text())) || "";
  }

  // --- the numbers -------------------------------------------------------------------------------

  function pick(name) {
    state.picked = name;
    at("to").value = name;
    chosen();
  }

  // Who is texted is who things happen to.
  function chosen() {
    list.pick(state.picked);
    at("picked").textContent = state.picked || "no number";
    drawHappenings();
    drawText();
  }

  function typed() {
    const name = at("to").value.trim();
    state.picked = state.numbers.has(name) ? name : null;
    chosen();
  }

  // Tells who does not see the chain move, and who looks elsewhere.
  function tellMoves(numbers) {
    const moved = numbers.filter(({ number, answeredBy }) => {
      const before = state.numbers.get(number);
      return before && before.answeredBy !== answeredBy;
    });
    if (!moved.length) return;
    const { number, answeredBy } = moved[0];
    const others = moved.length > 1 ? `, and ${moved.length - 1} more moved` : "";
    at("moved").textContent = `${number} is answered by ${answeredBy} now${others}`;
  }

  // --- what happens in life ----------------------------------------------------------------------

  function filled(value) {
    if (typeof value === "string") {
      const account = state.numbers.get(state.picked)?.account || "";
      const filledIn = value.replaceAll("{number}", state.picked || "").replaceAll("{account}", account);
      return filledIn.replaceAll("{account_hex}", account.slice(4));
    }
    if (Array.isArray(value)) return value.map(filled);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each)]));
  }

  function happening(told) {
    const button = element("button", { type: "button", text: told.title });
    const node = element("li", {}, button, element("p", { text: told.means }), element("pre"));
    button.addEventListener("click", async () => {
      const { path, body, title } = state.happenings.get(told.title).told;
      const trouble = await ask(path, filled(body));
      at("life-said").textContent = trouble ? `${title}: ${trouble}` : `${title}: asked and done.`;
    });
    at("happenings").append(node);
    return { node, button, told };
  }

  function drawHappenings() {
    for (const one of state.happenings.values()) {
      const { told, button, node } = one;
      if (told.isSwitch) button.setAttribute("aria-pressed", String(told.isOn));
      button.disabled = JSON.stringify(told.body)?.includes("{number}") && !state.picked;
      const body = told.body === null ? "" : `\n${JSON.stringify(filled(told.body))}`;
      node.lastChild.textContent = `POST ${told.path}${body}`;
    }
  }

  function happen(told) {
    for (const each of told) {
      const known = state.happenings.get(each.title) || happening(each);
      state.happenings.set(each.title, { ...known, told: each });
    }
    drawHappenings();
  }

  function drawSwitches(switches, faults) {
    const set = [...Object.entries(switches).map(([name, value]) => `${name}=${JSON.stringify(value)}`), ...faults];
    at("switches").textContent = set.length ? `Set now, unlike the seed: ${set.join(", ")}` : "";
  }

  // --- the journal -------------------------------------------------------------------------------

  function entryParts(told) {
    const carried = Object.entries(told.parameters).map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return `${name}=${text.length > 120 ? `${text.slice(0, 120)}...` : text}`;
    });
    const status = told.status === null ? (told.done ? "no answer" : "...") : String(told.status);
    const number = told.number ? ` (${told.number})` : "";
    const parts = [
      element("span", { class: "time", text: told.time.slice(11, 19) }),
      element("span", { class: `vendor ${told.vendor === "vapi" ? "vapi" : "twilio"}`, text: VENDORS[told.vendor] }),
      element("span", { class: "asked", text: `${told.method} ${told.path}${number}` }),
      element("span", { class: Number(told.status) < 400 ? "status" : "status bad", text: status }),
      said("span", "carried", carried.join(", ")),
      said("span", "failure", [told.fault, told.refused].filter(Boolean).join("; ")),
    ];
    return parts.filter((part) => part !== null).flatMap((part) => [part, " "]);
  }

  const isShown = (told) => told.method !== "GET" || at("reads").checked;

  function journal(entries) {
    const place = at("journal");
    for (const told of entries) {
      const node = state.entries.get(told.n)?.node || null;
      const drawn = isShown(told) ? node || element("li") : null;
      state.entries.set(told.n, { told, node: drawn });
      if (!drawn) continue;
      drawn.replaceChildren(...entryParts(told));
      if (!node) place.prepend(drawn);
    }
    while (place.children.length > MOST_ENTRIES) place.lastChild.remove();
    forgetEntries();
    at("no-journal").hidden = place.children.length > 0;
  }

  function redrawJournal() {
    const known = [...state.entries.values()].map((entry) => entry.told).sort((one, other) => one.n - other.n);
    at("journal").replaceChildren();
    state.entries.clear();
    journal(known);
  }

  // Readings come by the thousand: each kind is kept by itself.
  function forgetEntries() {
    for (const isReading of [true, false]) {
      const kept = [...state.entries].filter(([, { told }]) => (told.method === "GET") === isReading);
      for (const [n] of kept.slice(0, -MOST_KEPT)) state.entries.delete(n);
    }
  }

  // --- the feed ----------------------------------------------------------------------------------

  function whole(told) {
    state.numbers = new Map(told.numbers.map((number) => [number.number, number]));
    for (const known of [state.texts, state.entries]) known.clear();
    for (const id of ["thread", "journal"]) at(id).replaceChildren();
    at("moved").textContent = "";
    list.show(told.numbers);
    // Whoever was quicker has typed a number already.
    if (at("to").value) typed();
    else pick(told.numbers[0]?.number || null);
    change(told);
    at("curl").textContent = `curl -s ${location.origin}/_sandbox/... -H 'Content-Type: application/json' -d '{...}'`;
    at("connection").textContent = "";
  }

  function change(told) {
    const { numbers = [], gone = [], texts = [], journal: entries = [], happenings, switches, faults } = told;
    for (const name of gone) state.numbers.delete(name);
    tellMoves(numbers);
    for (const number of numbers) state.numbers.set(number.number, number);
    if (numbers.length || gone.length) list.change(numbers, gone);
    hear(texts);
    journal(entries);
    if (happenings) happen(happenings);
    if (switches) drawSwitches(switches, faults);
  }

  function listen() {
    const source = new EventSource("/_sandbox/events");
    source.addEventListener("whole", (event) => whole(JSON.parse(event.data)));
    source.addEventListener("change", (event) => change(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      at("connection").textContent = "The sandbox does not answer: it is stopped, or starting. This page goes on by itself.";
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
    });
  }

  at("text").addEventListener("submit", send);
  at("text").addEventListener("input", drawText);
  at("to").addEventListener("input", typed);
  at("other").addEventListener("input", () => {
    document.querySelector("input[name=sender][value='']").checked = true;
    drawText();
  });
  at("reads").addEventListener("change", redrawJournal);
  listen();
})();
