extension SpaceTimePage {
  /// Reads the trace: columns of events, messages with both ends, what lasts, marks, the story.
  static let model = #"""
    "use strict";
    const text = document.getElementById("trace").textContent.trim().split("\n");
    const decoded = s => s.includes("\\") ? s.replace(/\\(x3c|\\)/g, (_, c) => c === "x3c" ? "<" :
      "\\") : s;
    const head = Object.fromEntries([...text[0].matchAll(/([\w-]+)=("[^"]*"|\S+)/g)]
      .map(m => [m[1], m[2].replace(/"/g, "")]));
    const seconds = s => { const i = s.indexOf("."); return +s.slice(0, i) + +s.slice(i + 1) /
      1e9; };

    // One array a column: a hundred thousand events take a few megabytes and are gone through quickly.
    const events = [],
      T = [],
      NODE = [],
      CAUSE = [],
      KIND = [],
      FIELDS = [];
    let runHash = "",
      offset = 1;
    for (let i = 1; i < text.length; i++) {
      const line = text[i];
      if (line.startsWith("hash=")) { runHash = line.slice(5); continue; }
      const w = line.split(" ", 5);
      if (w.length < 5) continue;
      if (!T.length) offset = +w[1];
      T.push(seconds(w[0]));
      NODE.push(w[2] === "-" ? -1 : +w[2]);
      CAUSE.push(+w[3]);
      KIND.push(w[4]);
      const start = w[0].length + w[1].length + w[2].length + w[3].length + w[4].length + 5;
      FIELDS.push(decoded(line.slice(start)));
    }
    const N = T.length,
      END = Math.max(N ? T[N - 1] : 1, 0.001);
    const causeOf = i => { const c = CAUSE[i] - offset; return CAUSE[i] > 0 && c >= 0 && c < N ?
        c : -1; };
    const nodes = Math.max(+head.nodes || 1, NODE.reduce((a, b) => Math.max(a, b + 1), 0));

    // Messages: from where and when to where and when. What was sent and never came is lost.
    const messages = [],
      lostOnes = [],
      came = new Map();
    const category = f => /delta|digest|handover/.test(f) ? 2 :
      /members|group|leave|admit|dismiss/.test(f) ? 1 : 0;
    for (let i = 0; i < N; i++) {
      const k = KIND[i];
      if (k === "datagram" || k === "frame") {
        const c = causeOf(i);
        if (c >= 0 && (KIND[c] === "sent" || KIND[c] === "streamed")) {
          messages.push({
            i,
            from: c,
            a: NODE[c],
            b: NODE[i],
            t0: T[c],
            t1: T[i],
            kind: k === "frame" ? 3 : category(FIELDS[i])
          });
          came.set(c, i);
        }
      } else if (k === "lost") {
        const to = /to=(\d+)/.exec(FIELDS[i]),
          c = causeOf(i);
        const from = c >= 0 && KIND[c] === "sent" ? c : i;
        lostOnes.push({ i, a: NODE[i], b: to ? +to[1] : NODE[i], t0: T[from], t1: T[i] });
      }
    }
    messages.sort((x, y) => x.t0 - y.t0);
    const slowest = messages.reduce((a, m) => Math.max(a, m.t1 - m.t0), 0);

    // What lasts: who reached whom, who ran, whom each took for the leader.
    const sides = [],
      up = [],
      leads = [],
      pauses = [];
    for (let n = 0; n < nodes; n++) { up.push([]);
      leads.push([]);
      pauses.push([]); }
    const close = (list, t) => { if (list.length && list[list.length - 1].t1 === null) list[list
        .length - 1].t1 = t; };
    for (let i = 0; i < N; i++) {
      const k = KIND[i],
        n = NODE[i],
        t = T[i];
      if (k === "network") {
        close(sides, t);
        const groups = FIELDS[i].split("|").map(g => ({
          part: g.includes("in part"),
          members: (g.match(/\d+/g) || []).map(Number)
        }));
        sides.push({ t0: t, t1: null, groups, whole: groups.length === 1 && !groups[0].part });
      } else if (k === "started") up[n].push({ t0: t, t1: null, i });
      else if (k === "ended") { close(up[n], t);
        close(leads[n], t);
        close(pauses[n], t); } else if (k === "leader") {
        close(leads[n], t);
        const m = /^(\d+) (\w+)/.exec(FIELDS[i]);
        if (m) leads[n].push({ t0: t, t1: null, leader: +m[1], sure: m[2] === "confirmed", i });
      } else if (k === "action") {
        const m = /^pause (\d+) for (\d+)(\w+)/.exec(FIELDS[i]);
        const unit = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 };
        if (m && pauses[+m[1]]) pauses[+m[1]].push({ t0: t, t1: t + m[2] * unit[m[3]] });
      }
    }
    for (const list of [sides, ...up, ...leads]) close(list, END);

    // Marks: what is drawn on a lane. The weight decides which one stays where there is no room.
    const marks = [],
      story = [];

    function mark(i, shape, color, weight, word) { marks.push({ i, t: T[i], n: NODE[i], shape,
        color, weight, word }); }
    const lastLeader = [];
    for (let i = 0; i < N; i++) {
      const k = KIND[i],
        f = FIELDS[i];
      if (k === "failed") { mark(i, "star", "--fail", 9, f.split(":")[0]);
        story.push(i); } else if (k === "action") story.push(i);
      else if (k === "member") {
        const m = /^(\d+) (\w+) -> (\w+)/.exec(f);
        if (!m) continue;
        if (m[3] === "suspect") mark(i, "ring", "--suspect", 4, m[1] + " silent?");
        else if (m[3] === "dead" || m[3] === "left") mark(i, "cross", "--dead", 6, m[1] + " " + m[
          3]);
        else mark(i, "dot", "--alive", 3, m[1] + " alive");
        if (m[3] !== "alive" || m[2] !== "unknown") story.push(i);
      } else if (k === "leader") {
        const now = f.replace(/ term=.*/, "");
        if (now !== lastLeader[NODE[i]]) { mark(i, "crown", "--accent", 5, f.startsWith(
            "unknown") ? "no leader" : "leader " + now.replace(" confirmed", "").replace(
              " provisional", "?")); if (/confirmed/.test(f)) story.push(i); }
        lastLeader[NODE[i]] = now;
      } else if (k === "wrote") { mark(i, "box", "--write", 3, f); } else if (k === "changed") {
        const both = (f.match(/@/g) || []).length > 1;
        if (both) { mark(i, "diamond", "--conflict", 7, "conflict " + f.split(" ")[0]);
          story.push(i); }
      } else if (k === "started" || k === "ended" || k === "resumed" || k === "refused") {
        mark(i, k === "started" ? "play" : "stop", k === "started" ? "--alive" : "--dead", 5, k);
        story.push(i);
      } else if (k === "event" && /^(partition|finished|ordinal|stalled|recovery|separation)/
        .test(f)) {
        mark(i, "ring", "--suspect", 4, f.replace(/ \w+=.*/, ""));
        story.push(i);
      }
    }
    const failedAt = KIND.indexOf("failed");
    """#
}
