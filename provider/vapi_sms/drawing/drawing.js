"use strict";

// Draws who answers numbers, from plain JSON (document.py says of which form). What others wrote becomes text, never
// markup. `Drawing` offers:
//   element(tag, attributes, ...children)   an element; `text` is its text, `onclick` and the like are listened to
//   chain(links, label)                     the links that decide about a text, as an ordered list
//   new Numbers(place, options)             a searchable list in an element: show(all), change(some, gone), pick(number)
//   open()                                  draws what stands in #drawing-data into #drawing
const Drawing = (() => {
  const STATES = { decides: "decides", passes: "passes it on", skipped: "skipped", broken: "broken" };
  const MOST_IN_A_ROW = 4;
  const PROBLEMS = "Something is wrong";

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "text") made.textContent = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== null));
    return made;
  }

  function said(tag, name, text) {
    return text ? element(tag, { class: name, dir: "auto", text }) : null;
  }

  // One text, or several.
  function paragraphs(name, texts) {
    return [texts].flat().map((text) => said("p", name, text));
  }

  function chain(links, label) {
    const drawn = links.map((link) => {
      const state = Object.hasOwn(STATES, link.state) ? link.state : "passes";
      const parts = [
        said("span", "what", link.what),
        said("span", "label", link.label),
        said("span", "detail", link.detail),
        // Why it passes on says it better: a service that answers does not.
        state === "passes" && link.why ? null : element("span", { class: "state", text: STATES[state] }),
        said("span", "why", link.why),
      ];
      // Who hears it, or copies it, needs the spaces.
      return element("li", { class: `link ${state}` }, ...parts.filter(Boolean).flatMap((part) => [part, " "]));
    });
    return element("ol", { class: links.length > MOST_IN_A_ROW ? "chain long" : "chain", "aria-label": label }, ...drawn);
  }

  // Who answers, what is wrong, and the chain: all that changes when a number's routing does.
  function side(number, label) {
    return [
      element(
        "p",
        { class: "answers", "data-kind": number.kind },
        element("span", { class: "dot", "aria-hidden": "true" }),
        element("span", { text: "answered by " }),
        said("strong", "by", number.answeredBy),
      ),
      ...paragraphs("problem", number.problem),
      number.was ? element("p", { class: "was", dir: "auto", text: `until now: ${number.was}` }) : null,
      ...paragraphs("note", number.note),
      chain(number.chain, label),
    ].filter((part) => part !== null);
  }

  function sides(number) {
    const label = `who decides about texts to ${number.number}`;
    if (!number.after) return side(number, label);
    const half = (title, what) =>
      element("div", { class: "side" }, element("h4", { text: title }), ...side(what, `${label}, ${title}`));
    return [element("div", { class: "sides" }, half("now", number), half("after up", number.after))];
  }

  // What tells entries apart: a number that leaves one resource and comes to another stands there twice.
  function key(number) {
    return number.id || number.number;
  }

  // Who answers, with its kind: now, and after `up` where that changes.
  function answers(number) {
    return new Map([number, number.after].filter((one) => one).map((one) => [one.answeredBy, one.kind]));
  }

  // Puts children in this order, and moves none that stands right: what has the focus keeps it.
  function arrange(parent, wanted) {
    let at = parent.firstChild;
    for (const node of wanted) {
      if (node === at) at = at.nextSibling;
      else parent.insertBefore(node, at);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  function count(many, of = "number") {
    return `${many.toLocaleString("en")} ${of}${many === 1 ? "" : "s"}`;
  }

  // How much of each group is drawn: a few of each in half of the room, and then the first groups whole.
  function shares(sizes, room, few = 3) {
    let left = Math.floor(room / 2);
    const take = (wanted) => {
      const taken = Math.min(wanted, left);
      left -= taken;
      return taken;
    };
    const first = sizes.map((size) => take(Math.min(size, few)));
    left += Math.ceil(room / 2);
    return sizes.map((size, at) => first[at] + take(size - first[at]));
  }

  // One number in the list; redrawn in place when its JSON is another one.
  class Card {
    constructor(number, onpick) {
      this.name = element("span", { class: "name", dir: "auto" });
      const text = { class: "number", text: number.number };
      this.button = onpick
        ? element("button", { ...text, type: "button", onclick: () => onpick(this.number) })
        : element("span", text);
      this.body = element("div");
      this.node = element("li", { class: "card" }, element("h3", {}, this.button, " ", this.name), this.body);
      this.draw(number);
    }

    draw(number) {
      if (number === this.number) return;
      if (this.number) this.node.classList.add("moved");
      this.number = number;
      this.name.textContent = number.name || "";
      this.body.replaceChildren(...sides(number));
    }
  }

  class Numbers {
    constructor(place, { grouped = true, most = 50, onpick = null } = {}) {
      Object.assign(this, { grouped, most, onpick, room: most, only: null, picked: null, due: false });
      this.all = new Map();
      this.words = new Map();
      this.cards = new Map();
      this.sections = new Map();
      this.field = element("input", { type: "search", autocomplete: "off", spellcheck: "false" });
      this.field.addEventListener("input", () => this.begin());
      this.status = element("p", { class: "count", role: "status" });
      this.legend = element("div", { class: "legend", role: "group", "aria-label": "Only those answered by" });
      this.groups = element("div");
      this.more = element("button", { type: "button", class: "more", onclick: () => this.further() });
      const search = element("label", { class: "search" }, element("span", { text: "Search" }), this.field);
      place.append(search, this.legend, this.status, this.groups, this.more);
    }

    show(numbers) {
      this.all = new Map(numbers.map((number) => [key(number), number]));
      this.words.clear();
      this.soon();
    }

    change(numbers, gone = []) {
      for (const name of gone) this.all.delete(name);
      for (const number of numbers) {
        this.all.set(key(number), number);
        this.words.delete(key(number));
      }
      this.soon();
    }

    pick(name) {
      this.picked = name;
      this.soon();
    }

    begin() {
      this.room = this.most;
      this.soon();
    }

    further() {
      this.room += 2 * this.most;
      this.soon();
    }

    // Many changes make one drawing.
    soon() {
      if (this.due) return;
      this.due = true;
      requestAnimationFrame(() => {
        this.due = false;
        this.draw();
      });
    }

    draw() {
      const focused = document.activeElement;
      const found = [...this.all.values()].filter((number) => this.isFound(number));
      this.drawLegend();
      const shown = new Map();
      const sections = new Map();
      const groups = this.grouping(found);
      const rooms = shares(groups.map(([, numbers]) => numbers.length), this.room);
      for (const [at, [title, numbers]] of groups.entries()) {
        const drawn = numbers.slice(0, rooms[at]).map((number) => this.card(number, shown));
        if (drawn.length) sections.set(title, this.section(title, numbers, drawn));
      }
      this.cards = shown;
      this.sections = sections;
      arrange(this.groups, [...sections.values()].map((section) => section.node));
      const left = found.length - shown.size;
      this.more.hidden = left === 0;
      this.more.textContent = `Show more (${left.toLocaleString("en")} left)`;
      const status = found.length === this.all.size ? count(found.length) : `${count(found.length)} of ${this.all.size}`;
      if (this.status.textContent !== status) this.status.textContent = status;
      if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    }

    isFound(number) {
      if (this.only !== null && !answers(number).has(this.only)) return false;
      const asked = this.field.value.trim().toLowerCase();
      return asked.split(/\s+/).every((word) => this.wordsOf(number).includes(word));
    }

    wordsOf(number) {
      if (!this.words.has(key(number))) {
        const told = (one) => [one.answeredBy, one.problem, one.note, ...one.chain.flatMap((link) => [link.what, link.label, link.detail])];
        const all = [number.number, number.name, number.group, ...told(number), ...(number.after ? told(number.after) : [])];
        this.words.set(key(number), all.join(" ").toLowerCase());
      }
      return this.words.get(key(number));
    }

    grouping(found) {
      if (!this.grouped) return [["", found]];
      const groups = new Map();
      for (const number of found) {
        const title = number.problem || number.after?.problem ? PROBLEMS : number.group || number.answeredBy;
        if (!groups.has(title)) groups.set(title, []);
        groups.get(title).push(number);
      }
      // What is wrong, then what changes, then all that goes on as it is; the largest groups first.
      const rank = ([title, numbers]) => (title === PROBLEMS ? 0 : numbers.some((number) => number.after) ? 1 : 2);
      const order = (one, other) => rank(one) - rank(other) || other[1].length - one[1].length;
      return [...groups].sort((one, other) => order(one, other) || one[0].localeCompare(other[0]));
    }

    section(title, numbers, drawn) {
      let section = this.sections.get(title);
      if (!section) {
        const heading = element("h2");
        const list = element("ul", { class: "cards" });
        const parts = this.grouped ? [heading, list] : [list];
        section = { heading, list, node: element("section", { class: title === PROBLEMS ? "wrong" : null }, ...parts) };
      }
      section.heading.textContent = `${title} (${numbers.length.toLocaleString("en")})`;
      arrange(section.list, drawn);
      return section;
    }

    card(number, shown) {
      const card = this.cards.get(key(number)) || new Card(number, this.onpick);
      card.draw(number);
      if (this.onpick) card.button.setAttribute("aria-pressed", String(number.number === this.picked));
      shown.set(key(number), card);
      return card.node;
    }

    // Who answers how many; each a switch that shows these alone. Of very many the largest are told.
    drawLegend() {
      const counts = new Map();
      for (const number of this.all.values()) {
        for (const [by, kind] of answers(number)) {
          const entry = counts.get(by) || { kind, many: 0 };
          entry.many += 1;
          counts.set(by, entry);
        }
      }
      if (this.only !== null && !counts.has(this.only)) this.only = null;
      const largest = [...counts].sort((one, other) => other[1].many - one[1].many).slice(0, 12);
      const before = new Map([...this.legend.children].map((node) => [node.dataset.by, node]));
      const buttons = largest.map(([by, { kind, many }]) => {
        const node = before.get(by) || this.legendButton(by);
        node.dataset.kind = kind;
        node.setAttribute("aria-pressed", String(by === this.only));
        node.lastChild.textContent = `${by}: ${many.toLocaleString("en")}`;
        return node;
      });
      arrange(this.legend, buttons);
      this.legend.hidden = counts.size < 2;
    }

    legendButton(by) {
      const toggle = () => {
        this.only = this.only === by ? null : by;
        this.begin();
      };
      const dot = element("span", { class: "dot", "aria-hidden": "true" });
      const name = element("span", { dir: "auto" });
      return element("button", { type: "button", class: "legend-entry", "data-by": by, onclick: toggle }, dot, name);
    }
  }

  function open() {
    const { numbers, grouped } = JSON.parse(document.getElementById("drawing-data").textContent);
    const list = new Numbers(document.getElementById("drawing"), { grouped });
    list.show(numbers);
    return list;
  }

  return { element, chain, Numbers, open };
})();
