extension SpaceTimePage {
  /// Selecting, moving, zooming, finding, by pointer and by keyboard.
  static let hands = #"""
    const $ = id => document.getElementById(id);
    const sentence = i => {
      const f = FIELDS[i],
        n = NODE[i];
      switch (KIND[i]) {
        case "action":
          return f;
        case "failed":
          return "broke: " + f;
        case "member":
          return n + " takes " + f.replace(/ boot=.*/, "").replace(/^(\d+) (\w+) -> (\w+)/,
            "$1 for $3 (was $2)");
        case "leader":
          return n + " sees leader " + f.replace(/ term=.*/, "");
        case "changed": {
          const count = (f.match(/@/g) || []).length;
          return n + (count > 1 ? ` holds a conflict of ${count} writes of ` : " holds ") + f
            .split(" ")[0];
        }
        case "started":
          return n + " starts";
        case "ended":
          return n + "'s process ends";
        case "resumed":
          return n + " goes on";
        case "event":
          return n + ": " + f;
        case "wrote":
          return n + " writes " + f;
        case "network":
          return "reach: " + f;
        case "woken":
          return n + "'s timer is due";
        case "datagram":
          return n + " gets a datagram " + f;
        case "sent":
          return n + " sends " + f;
        case "lost":
          return "lost from " + n + " " + f;
        default:
          return (n < 0 ? "" : n + " ") + KIND[i] + (f ? " " + f : "");
      }
    };
    const colorOf = i => ({
      action: "--ink",
      failed: "--fail",
      changed: "--conflict",
      leader: "--accent",
      started: "--alive",
      ended: "--dead"
    })[KIND[i]] || (/-> (dead|left)|finished/.test(FIELDS[i]) ? "--dead" :
      /-> suspect|suspected|stalled/.test(FIELDS[i]) ? "--suspect" : KIND[i] === "wrote" ?
      "--write" :
      /^(datagram|sent|woken|frame|streamed)$/.test(KIND[i]) ? "--probe" : KIND[i] === "lost" ?
      "--dead" : "--alive");
    const stamp = i => T[i].toFixed(T[i] < 1000 ? 3 : 1);

    function row(i) {
      const li = document.createElement("li"),
        b = document.createElement("button"),
        t = document.createElement("time");
      const s = document.createElement("span"),
        dot = document.createElement("span");
      if (KIND[i] === "action" || KIND[i] === "failed") li.className = "act";
      t.textContent = stamp(i);
      dot.className = "dot";
      dot.style.setProperty("--c", "var(" + colorOf(i) + ")");
      s.append(dot, sentence(i));
      b.append(t, s);
      b.onclick = () => pick(i, true);
      b.dataset.i = i;
      li.append(b);
      return li;
    }
    // A long story is shown in pieces: what is near the selected event, or its beginning.
    let storyFrom = -1;

    function showStory(around) {
      const at = Math.max(0, Math.min(around - 150, story.length - 300));
      if (at !== storyFrom) {
        storyFrom = at;
        const piece = story.slice(at, at + 300);
        $("story").replaceChildren(...piece.map(row));
        $("storyTitle").textContent = "Story" + (story.length > 300 ?
          ` (${at + 1} to ${at + piece.length} of ${story.length})` : "");
      }
      for (const b of $("story").querySelectorAll("button")) {
        const is = +b.dataset.i === picked;
        b.setAttribute("aria-current", is);
        if (is) b.scrollIntoView({ block: "nearest" });
      }
    }

    function causes(i) { const list = [i]; while (list.length < 400) { const c = causeOf(list[list
          .length - 1]); if (c < 0) break;
        list.push(c); } return list; }

    function pick(i, move) {
      picked = i;
      chain = i < 0 ? [] : causes(i);
      const detail = $("detail");
      detail.replaceChildren();
      const p = (words, code) => { const e = document.createElement("p"),
          c = document.createElement(code ? "code" : "span");
        c.textContent = words;
        e.append(c);
        detail.append(e); };
      if (i < 0) { p("Nothing: click an event, or press n.");
        later();
        showStory(0); return; }
      p(sentence(i));
      detail.firstChild.className = "what";
      p(`${T[i].toFixed(9)} #${i + offset} ${NODE[i] < 0 ? "-" : NODE[i]} ${CAUSE[i]} ${KIND[i]} ${FIELDS[i]}`,
        true);
      if (chain.length > 1) {
        p("because of, latest first:");
        const ol = document.createElement("ol"),
          rest = chain.slice(1);
        let shown = 0;
        while (rest.length && shown < 14) {
          const c = rest.shift(),
            li = row(c);
          let since = c,
            count = 1;
          shown++;
          // A timer that was set by the one before it: many in a row say no more than the first.
          while (KIND[c] === "woken" && rest.length && KIND[rest[0]] === "woken" && NODE[rest[
            0]] === NODE[c]) { since = rest.shift();
            count++; }
          if (count > 1) li.querySelector("span").lastChild.textContent =
            `${NODE[c]}'s timers, ${count} in a row since ${stamp(since)}`;
          ol.append(li);
        }
        detail.append(ol);
        if (rest.length) p(
          `and ${rest.length}${chain.length >= 400 ? " or more" : ""} before that`);
      } else p("The scenario began so: nothing caused it.");
      $("said").textContent = stamp(i) + " seconds: " + sentence(i);
      if (move && (T[i] < t0 || T[i] > t1)) center(T[i]);
      else if (move && t1 - t0 > 12) center(T[i], 6);
      showStory(Math.max(0, firstAt(story, i, s => s)));
      later();
    }

    function center(t, span) { const w = Math.min(span || t1 - t0, END);
      setWindow(t - w / 2, t + w / 2); }

    function setWindow(a, b) {
      const span = Math.min(Math.max(b - a, 2e-6), END * 1.02);
      a = Math.max(-END * .01, Math.min(a, END * 1.01 - span));
      t0 = a;
      t1 = a + span;
      later();
    }

    function zoom(factor, at) { const c = at === undefined ? (t0 + t1) / 2 : at;
      setWindow(c - (c - t0) * factor, c + (t1 - c) * factor); }

    function step(d) {
      let k = picked < 0 ? (d > 0 ? firstAt(story, 0, i => T[i] - t0 < 0 ? -1 : 0) : story
        .length) : firstAt(story, picked, s => s);
      if (picked >= 0) k = d > 0 ? (story[k] === picked ? k + 1 : k) : k - 1;
      else if (d < 0) k -= 1;
      if (k >= 0 && k < story.length) pick(story[k], true);
    }
    // What lies under the pointer: a mark first, then a message.
    function under(px, py) {
      let best = -1,
        far = 13;
      for (let k = firstAt(marks, timeAt(px - 14), m => m.t); k < marks.length && x(marks[k].t) <
        px + 14; k++) {
        const m = marks[k],
          d = Math.hypot(x(m.t) - px, y(m.n) - py) - m.weight * .3;
        if (m.n >= 0 && d < far) { far = d;
          best = m.i; }
      }
      if (py < TOP)
        for (const i of story)
          if (KIND[i] === "action" && Math.abs(x(T[i]) - px) < 9) best = i;
      if (best >= 0) return best;
      far = 5;
      const first = firstAt(messages, timeAt(px) - slowest, m => m.t0),
        last = Math.min(first + 4000, firstAt(messages, timeAt(px + 4), m => m.t0));
      for (let k = first; k < last; k++) {
        const m = messages[k];
        if (!shown[m.kind] || m.t1 < timeAt(px - 4)) continue;
        const ax = x(m.t0),
          ay = y(m.a),
          bx = x(m.t1),
          by = y(m.b),
          l = (bx - ax) ** 2 + (by - ay) ** 2;
        const s = l ? Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) /
          l)) : 0;
        const d = Math.hypot(ax + s * (bx - ax) - px, ay + s * (by - ay) - py);
        if (d < far) { far = d;
          best = m.i; }
      }
      return best;
    }
    let drag = null;
    canvas.addEventListener("pointerdown", e => { drag = { px: e.offsetX, py: e.offsetY, t0, t1,
        scroll, moved: false };
      canvas.setPointerCapture(e.pointerId); });
    canvas.addEventListener("pointermove", e => {
      const tip = $("tip");
      if (drag) {
        const dx = e.offsetX - drag.px,
          dy = e.offsetY - drag.py;
        if (Math.abs(dx) + Math.abs(dy) > 4) { drag.moved = true;
          canvas.classList.add("dragging"); }
        if (drag.moved) { const d = dx / (width - LEFT) * (drag.t1 - drag.t0);
          setWindow(drag.t0 - d, drag.t1 - d);
          scroll = drag.scroll + dy; }
        tip.style.display = "none";
        return;
      }
      const i = under(e.offsetX, e.offsetY);
      canvas.style.cursor = i >= 0 ? "pointer" : "";
      if (i < 0) { tip.style.display = "none"; return; }
      tip.replaceChildren(Object.assign(document.createElement("b"), { textContent: sentence(
            i).slice(0, 220) }), document.createElement("br"),
        Object.assign(document.createElement(
        "span"), { textContent: `${T[i].toFixed(6)} s, #${i + offset}` + (came.has(
                causeOf(i)) ?
              `, under way ${((T[i] - T[causeOf(i)]) * 1e3).toFixed(3)} ms` : "") }));
      tip.style.display = "block";
      tip.style.left = Math.min(e.offsetX + 14, width - tip.offsetWidth - 8) + "px";
      tip.style.top = Math.min(e.offsetY + 14, height - tip.offsetHeight - 8) + "px";
    });
    canvas.addEventListener("pointerup", e => { if (drag && !drag.moved) pick(under(e.offsetX, e
        .offsetY), false);
      drag = null;
      canvas.classList.remove("dragging"); });
    canvas.addEventListener("pointerleave", () => { $("tip").style.display = "none"; });
    canvas.addEventListener("dblclick", e => zoom(.4, timeAt(e.offsetX)));
    canvas.addEventListener("wheel", e => {
      e.preventDefault();
      if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) { const d = (e.deltaX || e
          .deltaY) / width * (t1 - t0);
        setWindow(t0 + d, t1 + d); } else zoom(Math.exp(Math.max(-60, Math.min(60, e
        .deltaY)) * .006), timeAt(e.offsetX));
    }, { passive: false });
    const overviewTime = e => (e.offsetX - LEFT) / (small.clientWidth - LEFT - 12) * END;
    small.addEventListener("pointerdown", e => { small.setPointerCapture(e.pointerId);
      center(overviewTime(e)); });
    small.addEventListener("pointermove", e => { if (e.buttons) center(overviewTime(e)); });

    function find(words) {
      const w = words.trim().toLowerCase();
      if (!w) return;
      const number = /^#?(\d{2,})$/.exec(w);
      if (number && N && +number[1] >= offset && +number[1] < offset + N) return pick(+number[1] -
        offset, true);
      for (let k = 1; k <= N; k++) { const i = (Math.max(picked, -1) + k) % N; if ((sentence(i) +
            " " + KIND[i]).toLowerCase().includes(w)) return pick(i, true); }
      $("said").textContent = "nothing found";
    }

    function setTheme() {
      const root = document.documentElement,
        dark = matchMedia("(prefers-color-scheme: dark)").matches;
      const now = root.dataset.theme || (dark ? "dark" : "light");
      root.dataset.theme = now === "dark" ? "light" : "dark";
      readColors();
      draw();
    }
    document.addEventListener("keydown", e => {
      if (e.target === $("find")) { if (e.key === "Enter") find($("find").value); if (e
          .key === "Escape") { $("find").value = "";
          canvas.focus(); } return; }
      if (e.ctrlKey || e.metaKey || e.altKey || $("keys").open) return;
      const span = t1 - t0,
        by = e.shiftKey ? span : span / 8;
      const keys = {
        ArrowLeft: () => setWindow(t0 - by, t1 - by),
        ArrowRight: () => setWindow(t0 + by, t1 + by),
        ArrowUp: () => { scroll += 40;
          later(); },
        ArrowDown: () => { scroll -= 40;
          later(); },
        "+": () => zoom(.6),
        "=": () => zoom(.6),
        "-": () => zoom(1 / .6),
        "0": () => setWindow(-END * .01, END * 1.01),
        n: () => step(1),
        p: () => step(-1),
        w: () => { if (picked >= 0 && causeOf(picked) >= 0) pick(causeOf(picked), true); },
        f: () => { if (failedAt >= 0) pick(failedAt, true); },
        "/": () => $("find").focus(),
        d: setTheme,
        "?": () => $("keys").showModal(),
        Escape: () => pick(-1, false)
      };
      if (/^[1-6]$/.test(e.key)) { $("chip" + (e.key - 1)).click(); return; }
      if (keys[e.key]) { e.preventDefault();
        keys[e.key](); }
    });
    chips.forEach(([name, color], k) => {
      const l = document.createElement("label"),
        c = document.createElement("input");
      l.className = "chip";
      l.style.setProperty("--c", "var(" + color + ")");
      c.type = "checkbox";
      c.checked = true;
      c.id = "chip" + k;
      c.onchange = () => { shown[k] = c.checked;
        later(); };
      l.append(c, name);
      $("chips").append(l, " ");
    });
    $("fit").onclick = () => setWindow(-END * .01, END * 1.01);
    $("in").onclick = () => zoom(.6);
    $("out").onclick = () => zoom(1 / .6);
    $("next").onclick = () => step(1);
    $("prev").onclick = () => step(-1);
    $("ask").onclick = () => $("keys").showModal();
    $("theme").onclick = setTheme;
    $("fault").onclick = () => pick(failedAt, true);
    $("fault").hidden = failedAt < 0;
    $("find").addEventListener("search", () => find($("find").value));
    $("name").textContent = head.scenario;
    document.title = head.scenario + ", seed " + head.seed;
    $("verdict").textContent = failedAt < 0 ? "passed" : "broke";
    $("verdict").classList.add(failedAt < 0 ? "good" : "bad");
    $("facts").textContent =
      `seed ${head.seed} · ${head.nodes} members · ${END.toFixed(1)} s · ${N.toLocaleString("en")} events · ` +
      `${messages.length.toLocaleString("en")} messages, ${lostOnes.length.toLocaleString("en")} lost` +
      (runHash ? ` · hash ${runHash}` : "");
    if (failedAt >= 0) {
      const b = document.createElement("p");
      b.id = "broken";
      b.textContent =
        `${stamp(failedAt)} s${NODE[failedAt] < 0 ? "" : ", member " + NODE[failedAt]}: ${FIELDS[failedAt]}`;
      document.querySelector("header").append(b);
      b.style.flexBasis = "100%";
      b.style.margin = "4px 0 0";
    }
    readColors();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColors();
      draw(); });
    setWindow(-END * .01, END * 1.01);
    showStory(0);
    new ResizeObserver(resize).observe(document.querySelector("main"));
    resize();
    """#
}
