"use strict";
// What the page shows is one snapshot: all members' views at one moment. The latest fifteen minutes of
// them are kept, so that a partition can be looked at again. Nothing is ever set as HTML.
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const KEEP = 900, STALE = 5;
const GLYPH = { green: "●", yellow: "▲", red: "■", unknown: "…" };
const WORD = { green: "green", yellow: "yellow", red: "red" };
let history = [], events = [], shown = null, paused = false, open = null, side = null, cutSide = [];
let lastAnswer = 0, next = null, token = "";

function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) if (child !== null) node.append(child);
  return node;
}
function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  for (const child of children.flat()) node.append(child);
  return node;
}
const text = (id, value) => { if ($(id).textContent !== value) $(id).textContent = value; };
const clock = (ms) => new Date(ms).toLocaleTimeString(undefined, { hour12: false });
const span = (s) => s < 1 ? "under a second" : s < 120 ? Math.round(s) + " s" : s < 7200 ? Math.round(s / 60) + " min"
  : s < 172800 ? Math.round(s / 3600) + " h" : Math.round(s / 86400) + " days";

// ---- What a snapshot means

// Members that answered lately, in groups that see one another: more than one group is a split.
function understand(data) {
  const names = data.views.map((v) => v.name);
  const fresh = new Map();
  for (const v of data.views) if (v.view && !v.error && v.ageSeconds < STALE) fresh.set(v.name, v.view);
  const own = fresh.get(data.member);
  const sees = (a, b) => {
    const row = fresh.get(a)?.members.find((m) => m.name === b);
    return row ? row.state : null;
  };
  const live = (s) => s === "alive" || s === "suspect";
  const group = new Map();
  let groups = [];
  for (const start of names) {
    if (!fresh.has(start) || group.has(start)) continue;
    const members = [start];
    group.set(start, groups.length);
    for (let i = 0; i < members.length; i++) for (const other of names) {
      if (fresh.has(other) && !group.has(other) && live(sees(members[i], other)) && live(sees(other, members[i]))) {
        group.set(other, groups.length);
        members.push(other);
      }
    }
    groups.push(members);
  }
  const state = (name) => {
    if (fresh.has(name)) {
      const said = groups[group.get(name)].filter((m) => m !== name).map((m) => sees(m, name));
      return said.includes("suspect") && !said.includes("alive") ? "suspect" : "alive";
    }
    const said = [...fresh.keys()].map((m) => sees(m, name)).filter(Boolean);
    for (const s of ["alive", "suspect", "left", "dead", "unknown"]) if (said.includes(s)) return s;
    return "unknown";
  };
  const leaders = new Map();
  for (const [name, view] of fresh) if (view.leader === name) leaders.set(name, view.confirmed);
  return { names, fresh, own, sees, live, group, groups, state, leaders, data };
}

// ---- Drawing

function render() {
  const moment = shown ?? history[history.length - 1];
  if (!moment) return;
  const s = understand(moment.data);
  renderBar(s);
  renderBanner(s);
  renderRing(s);
  renderMatrix(s);
  renderStrip(s);
  renderDemo(s);
  if (open) renderDrawer(s);
}

function renderBar(s) {
  const v = s.own, state = v ? v.state : "unknown";
  const pill = $("state");
  if (pill.dataset.state !== state) {
    pill.dataset.state = state;
    pill.querySelector(".glyph").textContent = GLYPH[state];
    pill.querySelector("b").textContent = WORD[state] ?? "unknown";
    text("announce", "The cluster is " + (WORD[state] ?? "unknown") + " as " + s.data.member + " sees it");
    document.title = GLYPH[state] + " Cluster";
  }
  if (!v) return;
  const live = v.members.filter((m) => s.live(m.state)).length;
  text("f-size", live + " of " + v.members.length);
  text("f-leader", v.leader ? (v.confirmed ? "♛ " : "♕ provisionally ") + v.leader : "nobody");
  text("f-keys", v.keys + (v.conflicts ? " · " + v.conflicts + " in conflict" : ""));
  text("f-recovery", v.recovery === "auto" ? "automatic" : "by hand");
  text("f-member", v.member + (v.separated ? " (separated)" : ""));
}

function renderBanner(s) {
  const banner = $("banner");
  let say = null;
  if (s.groups.length > 1) {
    say = ["The cluster is split. ", s.groups.map((g) => g.join(", ")).join("  ‖  ")
      + ". Each side goes on by itself" + (s.leaders.size > 1 ? ", with " + s.leaders.size + " leaders" : "")
      + (s.own?.recovery === "manual" ? "; recovery is by hand." : "; they merge when the network heals.")];
  } else {
    const lost = s.own ? s.own.members.filter((m) => m.state === "dead").map((m) => m.name) : [];
    if (lost.length) say = [lost.length === 1 ? "A member is gone. " : "Members are gone. ", lost.join(", ") + " can't be reached: ended, or cut off."];
  }
  banner.hidden = !say;
  if (say && banner.textContent !== say.join("")) banner.replaceChildren(el("b", {}, say[0]), say[1]);
}

function place(index, count) {
  const angle = -Math.PI / 2 + (2 * Math.PI * index) / count;
  const r = count === 1 ? 0 : 128;
  return [220 + 1.15 * r * Math.cos(angle), 175 + r * Math.sin(angle)];
}

function renderRing(s) {
  const n = s.names.length, at = s.names.map((_, i) => place(i, n)), parts = [];
  const size = n <= 12 ? 15 : n <= 32 ? 9 : 5;
  if (s.groups.length > 1) s.groups.forEach((members, g) => {
    const points = members.map((m) => at[s.names.indexOf(m)]);
    const path = "M" + points.map((p) => p.map((x) => x.toFixed(1)).join(" ")).join("L") + (points.length > 2 ? "Z" : points.length === 1 ? "h.1" : "");
    parts.push(draw("path", { d: path, class: "hull p" + (g % 4) }));
  });
  if (n <= 16) for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) {
    const [a, b] = [s.names[i], s.names[j]];
    const one = s.sees(a, b), two = s.sees(b, a);
    if (one === null && two === null) continue;
    const both = (one === null || s.live(one)) && (two === null || s.live(two));
    const none = (one === null || !s.live(one)) && (two === null || !s.live(two));
    parts.push(draw("line", { x1: at[i][0], y1: at[i][1], x2: at[j][0], y2: at[j][1], class: both ? "edge" : none ? "gone" : "half" }));
  }
  s.names.forEach((name, i) => {
    const state = s.state(name), [x, y] = at[i], k = size / 8;
    const node = draw("g", { class: "member", tabindex: "0", role: "button", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
      "aria-label": name + ", " + state + (s.leaders.has(name) ? ", leader" : "") + ": details" },
      draw("circle", { r: size + 7, class: "halo" }), shape(state, k));
    if (s.leaders.has(name)) node.append(draw("path", { d: "M-8 5-8-4-3.5 0 0-6 3.5 0 8-4 8 5z", class: s.leaders.get(name) ? "crown" : "crown maybe", transform: `translate(0 ${-size - 9}) scale(${Math.max(.7, k * .55)})` }));
    if (n <= 32) {
      const below = draw("text", { y: size + 15 });
      below.textContent = name;
      node.append(below);
      const view = s.fresh.get(name);
      const note = draw("text", { y: size + 27, class: "sub" });
      note.textContent = view ? (state === "alive" ? view.keys + (view.keys === 1 ? " key" : " keys") : state) : state === "alive" ? "not asked" : state;
      node.append(note);
    }
    const show = () => { open = name; $("drawer").hidden = false; render(); $("drawer-close").focus(); };
    node.addEventListener("click", show);
    node.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); show(); } });
    parts.push(node);
  });
  const live = s.names.filter((m) => s.live(s.state(m))).length;
  const focus = document.activeElement?.getAttribute?.("aria-label");
  const svg = draw("svg", { viewBox: "0 0 440 362", role: "group", "aria-label": `${live} of ${n} members are live` + (s.groups.length > 1 ? `, in ${s.groups.length} groups` : "") }, parts);
  $("ring").replaceChildren(svg);
  if (focus?.endsWith(": details")) for (const node of svg.querySelectorAll(".member")) {
    if (node.getAttribute("aria-label").split(",")[0] === focus.split(",")[0]) node.focus({ preventScroll: true });
  }
}

function shape(state, k) {
  const scaled = (node) => { node.setAttribute("transform", `scale(${k})`); return node; };
  switch (state) {
    case "alive": return scaled(draw("circle", { r: 7.5, class: "alive" }));
    case "suspect": return scaled(draw("path", { d: "M0-9 9 0 0 9-9 0z", class: "suspect" }));
    case "dead": return scaled(draw("g", {}, draw("rect", { x: -7, y: -7, width: 14, height: 14, rx: 2, class: "dead" }), draw("path", { d: "M-3-3 3 3M3-3-3 3", class: "cross" })));
    case "left": return scaled(draw("circle", { r: 6.5, class: "left" }));
    default: return scaled(draw("circle", { r: 6.5, class: "unknown" }));
  }
}

function renderMatrix(s) {
  const table = $("matrix"), n = s.names.length, short = n > 8;
  const label = (name) => short ? name.slice(name.lastIndexOf("-") + 1) : name;
  const head = el("tr", {}, el("td", { "data-s": "self" }), s.names.map((name) => el("th", { scope: "col", title: name }, label(name))));
  const rows = s.names.map((name) => {
    const view = s.fresh.get(name), from = s.data.views.find((v) => v.name === name);
    const heard = view ? null : s.own?.heard.find((h) => h.member === name);
    const past = !view && !heard ? from?.view : null;
    const g = s.group.get(name);
    const title = view ? name : heard ? name + ": as it told over the cluster's own protocol" : name + ": " + (from?.error ?? "no view");
    const row = el("tr", { class: view ? "" : "old" },
      el("th", { scope: "row", title }, el("span", { class: "tag" + (g === undefined ? "" : " p" + (g % 4)) }), label(name), past ? " (last seen)" : ""));
    const measured = view?.heard.find((h) => h.member === name)?.cells;
    s.names.forEach((other, j) => {
      let state = "none", say = "", why = "";
      if (name === other) { state = "self"; say = "–"; }
      else if (view || past) {
        const m = (view ?? past).members.find((x) => x.name === other);
        if (m) {
          state = m.state;
          const ms = m.roundTripSeconds === null ? null : m.roundTripSeconds * 1000;
          say = state === "alive" ? (ms === null ? "✓" : ms < 10 ? ms.toFixed(2) : ms.toFixed(0)) : state === "suspect" ? "? suspect" : state === "dead" ? "✕" : state === "left" ? "left" : "·";
          why = name + " takes " + other + " for " + state + (ms === null ? "" : ", round trip " + ms.toFixed(2) + " ms") + (m.heardSecondsAgo === null ? "" : ", heard " + span(m.heardSecondsAgo) + " ago");
          // Others vouch for it, so it counts as alive; but the link between the two is bad.
          if (s.live(m.state) && measured?.[j] === "oneWay") { state = "suspect"; say = "⇢"; why += "; it is heard, and doesn't answer"; }
          if (s.live(m.state) && measured?.[j] === "unheard") { state = "suspect"; say = "⇏"; why += "; others hear it, this member doesn't"; }
        }
      } else if (heard) {
        const cell = heard.cells[j] ?? "unknown";
        state = cell === "unheard" ? "dead" : cell === "oneWay" ? "suspect" : cell === "unknown" ? "unknown" : "alive";
        say = cell === "unheard" ? "✕" : cell === "oneWay" ? "⇢" : cell === "unknown" ? "·" : (Number(cell) / 1000).toFixed(2);
        why = name + " about " + other + ": " + cell;
      }
      row.append(el("td", { "data-s": state, title: why }, say));
    });
    return row;
  });
  table.replaceChildren(el("caption", { class: "unseen" }, "What each member believes of each other"), el("thead", {}, head), el("tbody", {}, rows));
}

function renderStrip(s) {
  const letters = new Map();
  const items = s.names.map((name) => {
    const view = s.fresh.get(name);
    if (!view) return el("li", {}, el("b", {}, "–"), el("span", {}, name), el("small", {}, "not reached"));
    if (!letters.has(view.digest)) letters.set(view.digest, letters.size);
    const at = letters.get(view.digest);
    return el("li", { title: "digest " + view.digest }, el("b", { class: "p" + (at % 4) }, String.fromCharCode(65 + at % 26)), el("span", {}, name),
      el("small", {}, view.keys + (view.keys === 1 ? " key" : " keys") + (view.conflicts ? ", " + view.conflicts + " in conflict" : "")));
  });
  $("strip").replaceChildren(...items);
  text("strip-text", letters.size > 1 ? letters.size + " different contents now." : letters.size === 1 ? "All that answer hold the same." : "");
}

function renderDemo(s) {
  $("demo").hidden = !s.data.demo;
  if (!s.data.demo) return;
  side ??= new Set(s.names.slice(0, Math.max(1, Math.floor(s.names.length / 2))));
  const box = $("sides");
  if (box.children.length !== s.names.length) box.replaceChildren(...s.names.map((name) => el("button", { "data-name": name, onclick: () => { side.has(name) ? side.delete(name) : side.add(name); render(); } }, name)));
  for (const button of box.children) button.setAttribute("aria-pressed", String(side.has(button.dataset.name)));
  $("cut").disabled = side.size === 0 || side.size === s.names.length;
}

function renderDrawer(s) {
  text("drawer-h", open);
  const view = s.fresh.get(open), seen = s.own?.members.find((m) => m.name === open);
  const boot = seen && seen.boot !== "0" ? Number(BigInt(seen.boot) >> 20n) : null;
  const facts = [["State", s.state(open)], ["Address", seen?.address ?? "–"], ["Started", boot ? new Date(boot).toLocaleString() : "–"],
    ["Incarnation", seen?.incarnation ?? "–"],
    ["Round trip", seen?.roundTripSeconds == null ? "–" : (seen.roundTripSeconds * 1000).toFixed(2) + " ms"],
    ["Clock ahead", seen?.clockOffsetSeconds == null ? "–" : (seen.clockOffsetSeconds * 1000).toFixed(0) + " ms"],
    ["Last heard", seen?.heardSecondsAgo == null ? "–" : span(seen.heardSecondsAgo) + " ago"]];
  if (view) facts.push(["Version", view.version], ["Own state", view.state], ["Its leader", (view.leader ?? "nobody") + (view.confirmed ? "" : " (provisional)")],
    ["Term", view.term ?? "–"], ["Ready", view.ready ? "yes" : "no"], ["Separated", view.separated ? "yes" : "no"], ["Uptime", span(view.uptimeSeconds)],
    ["Local health", view.health === 0 ? "well" : "worse by " + view.health + " of 8"], ["Keys", String(view.keys)], ["Digest", view.digest], ["Resolver", view.resolver]);
  else facts.push(["Its own view", s.data.views.find((v) => v.name === open)?.error ?? "not reached"]);
  $("drawer-facts").replaceChildren(...facts.flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v)]));
  const points = history.slice(-120).map((h) => h.data.views.find((v) => v.name === h.data.member)?.view?.members.find((m) => m.name === open)?.roundTripSeconds ?? null);
  const most = Math.max(1e-6, ...points.filter((p) => p !== null));
  let d = "", on = false;
  points.forEach((p, i) => { if (p === null) { on = false; return; } d += (on ? "L" : "M") + ((i * 300) / Math.max(1, points.length - 1)).toFixed(1) + " " + (56 - (p / most) * 50).toFixed(1); on = true; });
  $("spark").replaceChildren(...(d ? [draw("path", { d })] : []));
}

// ---- Timeline

const STORE = new Set(["storeConnected", "storeDisconnected", "storeJoined", "conflict"]);
const MARK = { memberChanged: "◆", leaderChanged: "♛", statusChanged: "●", partitionSuspected: "✂", partitionConfirmed: "✂", partitionHealed: "✚", memberStalled: "⏸", recoveryChanged: "⟲", separationChanged: "⇄", conflict: "⚔", reset: "…" };
const tone = (e) => e.type === "partitionHealed" || (e.type === "statusChanged" && e.state === "green") || (e.type === "memberChanged" && e.member.state === "alive") ? "good"
  : e.level === "warning" || e.level === "error" ? "warning" : e.type === "leaderChanged" ? "note" : "info";

function renderEvents() {
  const until = shown ? shown.at : Infinity, quiet = $("quiet").checked, items = [];
  for (let i = events.length - 1; i >= 0 && items.length < 200; i--) {
    const e = events[i];
    if (e.at > until || (quiet && STORE.has(e.type))) continue;
    const more = Object.entries(e.details ?? {}).filter(([k]) => k !== "boot" && k !== "address").map(([k, v]) => k === "reason" ? v : k + " " + v).join(" · ");
    items.push(el("li", {}, el("time", { datetime: e.time }, clock(e.at)), el("span", { class: tone(e), "aria-hidden": "true" }, MARK[e.type] ?? "·"), el("span", {}, el("span", { class: tone(e) }, e.message), more ? el("small", {}, "  " + more) : "")));
  }
  if (!items.length) items.push(el("li", {}, el("time", {}, ""), el("span", {}, ""), el("span", { class: "info" }, "Nothing has happened yet.")));
  $("events").replaceChildren(...items);
  renderMarks();
}

function renderMarks() {
  const canvas = $("marks"), width = canvas.clientWidth, style = getComputedStyle(document.documentElement);
  canvas.width = width * devicePixelRatio;
  canvas.height = 16 * devicePixelRatio;
  if (history.length < 2) return;
  const paint = canvas.getContext("2d"), first = history[0].at, last = history[history.length - 1].at;
  const probe = el("span");
  document.body.append(probe);
  for (const e of events) {
    if (e.at < first || STORE.has(e.type)) continue;
    probe.className = { good: "alive", warning: "dead", note: "crown" }[tone(e)] ?? "left";
    paint.fillStyle = getComputedStyle(probe).fill === "none" ? style.getPropertyValue("color") : getComputedStyle(probe).fill;
    paint.fillRect((8 + ((e.at - first) / Math.max(1, last - first)) * (width - 16)) * devicePixelRatio - 1, 2 * devicePixelRatio, 2 * devicePixelRatio, 12 * devicePixelRatio);
  }
  probe.remove();
}

function show(index) {
  const live = index >= history.length - 1 && !paused;
  shown = live ? null : history[index];
  const at = $("scrub-at");
  at.textContent = live ? "now" : clock(shown.at);
  $("scrub").setAttribute("aria-valuetext", at.textContent);
  presence();
  render();
  renderEvents();
}

function presence() {
  const late = (Date.now() - lastAnswer) / 1000;
  const mode = !lastAnswer ? "wait" : late > STALE ? "no" : shown ? "past" : "yes";
  $("live").dataset.live = mode;
  text("live-text", mode === "wait" ? "connecting" : mode === "no" ? "stale since " + clock(lastAnswer) : mode === "past" ? "showing " + clock(shown.at) : "live");
}

// ---- Asking

async function ask() {
  try {
    const reply = await fetch("/views", { cache: "no-store", signal: AbortSignal.timeout(4000) });
    if (reply.ok) {
      const data = await reply.json();
      lastAnswer = Date.now();
      history.push({ at: lastAnswer, data });
      if (history.length > KEEP) history.shift();
      const scrub = $("scrub"), atEnd = Number(scrub.value) >= Number(scrub.max) && !paused;
      scrub.max = String(history.length - 1);
      if (atEnd) { scrub.value = scrub.max; shown = null; render(); } else if (open) render();
      renderMarks();
    }
  } catch { /* presence() says since when nothing came */ }
  presence();
  setTimeout(ask, document.hidden ? 5000 : 1000);
}

function listen() {
  const source = new EventSource("/events?after=0");
  const take = (message) => {
    const data = JSON.parse(message.data);
    events.push({ ...data, at: Date.parse(data.time) });
    if (events.length > 2000) events.shift();
    if (!shown) { clearTimeout(take.later); take.later = setTimeout(renderEvents, 60); }
    if (["partitionSuspected", "partitionConfirmed", "partitionHealed", "leaderChanged"].includes(data.type)) text("announce", data.message);
  };
  for (const name of ["memberChanged", "leaderChanged", "statusChanged", "partitionSuspected", "partitionConfirmed", "partitionHealed", "memberStalled", "memberDegraded", "recoveryChanged", "separationChanged",
    "ordinalClaimedTwice", "resolverDiffers", "resolverFailed", "conflict", "clockAhead", "storeJoined", "storeConnected", "storeDisconnected", "storeDiverged", "storageDamaged", "storageFailed", "storageRecovered", "recovered", "packetsRejected", "keyringChanged"]) source.addEventListener(name, take);
  source.addEventListener("reset", () => { events = []; });
}

// ---- Acting

async function change(method, path, body, done, place = "said") {
  const said = $(place);
  said.dataset.ok = "yes";
  said.textContent = "…";
  try {
    const headers = token ? { Authorization: "Bearer " + token } : {};
    const reply = await fetch(path, { method, body, headers, signal: AbortSignal.timeout(8000) });
    if (!reply.ok) {
      const problem = await reply.json().catch(() => ({}));
      throw new Error(problem.detail ?? "The member answered " + reply.status + ".");
    }
    said.textContent = done;
    return true;
  } catch (error) {
    said.dataset.ok = "no";
    said.textContent = error.message;
    return false;
  }
}

function confirmed(title, words, expected) {
  const dialog = $("confirm"), input = $("confirm-in");
  text("confirm-h", title);
  text("confirm-p", words);
  text("confirm-l", "Type " + expected + " to go on");
  input.value = "";
  $("confirm-yes").disabled = true;
  input.oninput = () => { $("confirm-yes").disabled = input.value !== expected; };
  dialog.returnValue = "no";
  dialog.showModal();
  input.focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" && input.value === expected), { once: true }));
}

async function act(name) {
  const host = open && "/hosts/" + encodeURIComponent(open);
  switch (name) {
    case "recover": return change("PUT", "/?recovery=auto", null, "All members are being brought back together.");
    case "manual": return change("PUT", "/?recovery=manual", null, "Healed partitions stay apart until you recover them.");
    case "join": return change("POST", host, null, open + " is being brought back.");
    case "leave": return change("DELETE", host + "?mode=leave", null, open + " separates and runs on alone.");
    case "halt":
      if (await confirmed("Halt " + open + "?", "Its process leaves the cluster and ends. Whoever supervises it may start it anew.", open)) return change("DELETE", host + "?mode=halt", null, open + " is asked to end.");
      return false;
    case "purge":
      if (await confirmed("Delete all keys?", "Every key on every member is deleted. There is no way back.", "purge")) {
        const ok = await change("DELETE", "/keys", null, "All keys are deleted.");
        if (ok) list();
        return ok;
      }
      return false;
    case "put": {
      const key = $("put-key").value;
      if (!key) { $("put-key").focus(); return false; }
      const ok = await change("PUT", "/keys/" + encodeURIComponent(key), $("put-value").value, key + " is written.");
      if (ok) { list(); look(key); }
      return ok;
    }
  }
}

async function list(after) {
  const reply = await fetch("/keys?limit=100&prefix=" + encodeURIComponent($("prefix").value) + (after ? "&after=" + encodeURIComponent(after) : ""));
  if (!reply.ok) return;
  const page = await reply.json();
  const items = page.keys.map((key) => el("li", {}, el("button", { type: "button", onclick: () => look(key) }, key)));
  if (!after) $("keys").replaceChildren();
  $("keys").append(...items);
  if (!$("keys").children.length) $("keys").append(el("li", { class: "hint" }, "No keys."));
  next = page.next;
  $("more").hidden = !next;
}

async function look(key) {
  const reply = await fetch("/keys/" + encodeURIComponent(key) + "?explain");
  const entry = await reply.json();
  if (!reply.ok) { $("entry").replaceChildren(el("p", {}, key + ": " + entry.detail)); return; }
  const shownValue = (x) => x.deleted ? "(deleted)" : x.value ?? "base64: " + x.base64;
  const newest = entry.candidates[entry.candidates.length - 1];
  const many = entry.candidates.length > 1;
  const winner = entry.candidates.filter((c) => c.read).pop();
  const why = !many ? "Written by " + (newest?.member ?? "?") + " at " + (newest ? new Date(newest.time).toLocaleString() : "?") + ". No other write was concurrent with it."
    : entry.candidates.length + " writes of this key had not seen one another. The resolver " + entry.resolver + " "
      + (winner === newest ? "reads the newest, by " + winner.member + "." : winner ? "reads that of " + winner.member + "." : "made another value of them.");
  $("entry").replaceChildren(el("h3", {}, key), el("pre", {}, shownValue(entry)), el("p", { class: "hint" }, why + (entry.expires ? " Ends " + new Date(entry.expires).toLocaleString() + "." : "")),
    ...(many ? [el("ol", { "aria-label": "Candidates, oldest first" }, entry.candidates.map((c) => el("li", { class: c === winner ? "won" : "" }, (c === winner ? "✓ " : "") + (c.member ?? "?") + ", " + c.time.slice(11, 23), el("br"), shownValue(c))))] : []));
}

// ---- Start

$("scrub").addEventListener("input", (e) => show(Number(e.target.value)));
$("pause").addEventListener("click", () => {
  paused = !paused;
  $("pause").setAttribute("aria-pressed", String(paused));
  text("pause", paused ? "Go live" : "Pause");
  if (!paused) $("scrub").value = $("scrub").max;
  show(Number($("scrub").value));
});
$("quiet").addEventListener("change", renderEvents);
$("find").addEventListener("submit", (e) => { e.preventDefault(); list(); });
$("more").addEventListener("click", () => list(next));
$("actions").addEventListener("submit", (e) => e.preventDefault());
$("token").addEventListener("input", (e) => { token = e.target.value; });
for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => act(button.dataset.act));
$("drawer-close").addEventListener("click", () => { $("drawer").hidden = true; open = null; });
document.addEventListener("keydown", (e) => { if (e.key === "Escape" && open && !$("confirm").open) $("drawer-close").click(); });
$("cut").addEventListener("click", () => change("PUT", "/demo/cut?side=" + encodeURIComponent([...side].join(",")), null, "The network is cut: in a few seconds each side takes the other for dead.", "demo-said"));
$("heal").addEventListener("click", () => change("DELETE", "/demo/cut", null, "The network is whole: the sides find each other and merge.", "demo-said"));
addEventListener("resize", renderMarks);
ask();
listen();
list();
