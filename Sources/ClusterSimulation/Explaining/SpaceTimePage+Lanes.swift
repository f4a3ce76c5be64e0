extension SpaceTimePage {
  /// Draws the sides of partitions, the grid, lanes with leaders, and messages.
  static let lanes = #"""
    const canvas = document.getElementById("view"),
      ctx = canvas.getContext("2d");
    const small = document.getElementById("overview"),
      sctx = small.getContext("2d");
    const chips = [
      ["probes", "--probe"],
      ["membership", "--gossip"],
      ["store", "--data"],
      ["streams", "--stream"],
      ["losses", "--dead"],
      ["writes", "--write"]
    ];
    const shown = chips.map(() => true);
    let t0 = 0,
      t1 = END,
      scroll = 0,
      picked = -1,
      chain = [],
      width = 0,
      height = 0,
      laneHeight = 90;
    const LEFT = 106,
      TOP = 50,
      BOTTOM = 26;
    let colors = {};

    function readColors() {
      const style = getComputedStyle(document.documentElement);
      colors = new Proxy({}, { get: (o, k) => o[k] ||= style.getPropertyValue(k).trim() });
    }
    const x = t => LEFT + (t - t0) / (t1 - t0) * (width - LEFT);
    const timeAt = px => t0 + (px - LEFT) / (width - LEFT) * (t1 - t0);
    const y = n => TOP + scroll + (n + .5) * laneHeight;
    const tint = n => colors["--g" + (n % 6)],
      leaderColor = n => colors["--l" + (n % 6)];

    function resize() {
      const ratio = devicePixelRatio || 1;
      for (const c of [canvas, small]) {
        const box = c.parentElement.getBoundingClientRect();
        c.width = Math.max(1, Math.round(box.width * ratio));
        c.height = Math.max(1, Math.round(box.height * ratio));
        c.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
      }
      const box = canvas.parentElement.getBoundingClientRect();
      width = box.width;
      height = box.height;
      laneHeight = Math.max(34, Math.min(150, (height - TOP - BOTTOM) / nodes));
      draw();
    }
    let waiting = false;

    function later() { if (!waiting) { waiting = true;
        requestAnimationFrame(() => { waiting = false;
          draw(); }); } }

    function clampScroll() { scroll = Math.min(0, Math.max(scroll, height - TOP - BOTTOM - nodes *
        laneHeight)); }

    function font(size, weight) { return (weight || 400) + " " + size +
      "px system-ui, sans-serif"; }
    // The first of a sorted list whose end may be in sight.
    function firstAt(list, t, get) {
      let low = 0,
        high = list.length;
      while (low < high) { const m = (low + high) >> 1; if (get(list[m]) < t) low = m + 1;
        else high = m; }
      return low;
    }

    function label(t) {
      const span = t1 - t0;
      return t.toFixed(span > 20 ? 0 : span > 2 ? 1 : span > .2 ? 2 : span > .02 ? 3 : 6) + " s";
    }

    function draw() {
      clampScroll();
      ctx.clearRect(0, 0, width, height);
      ctx.fillStyle = colors["--panel"];
      ctx.fillRect(0, 0, width, height);
      ctx.save();
      ctx.beginPath();
      ctx.rect(LEFT, 0, width - LEFT, height);
      ctx.clip();
      drawSides();
      drawGrid();
      drawLanes();
      drawMessages();
      drawLost();
      drawLeaders();
      drawChain();
      drawMarks();
      drawTimes();
      ctx.restore();
      drawNames();
      drawActions();
      drawOverview();
    }

    function drawSides() {
      for (const s of sides) {
        if (s.whole || s.t1 < t0 || s.t0 > t1) continue;
        const a = Math.max(LEFT, x(s.t0)),
          b = Math.min(width, x(s.t1));
        s.groups.forEach((g, index) => {
          for (const n of g.members) {
            if (n >= nodes) continue;
            ctx.fillStyle = tint(index);
            ctx.fillRect(a, y(n) - laneHeight / 2, b - a, laneHeight);
            if (g.part) hatch(a, y(n) - laneHeight / 2, b - a, laneHeight);
          }
        });
      }
    }

    function hatch(px, py, w, h) {
      ctx.save();
      ctx.beginPath();
      ctx.rect(px, py, w, h);
      ctx.clip();
      ctx.strokeStyle = colors["--lane"];
      ctx.globalAlpha = .35;
      ctx.lineWidth = 1;
      ctx.beginPath();
      for (let d = -h; d < w; d += 9) { ctx.moveTo(px + d, py + h);
        ctx.lineTo(px + d + h, py); }
      ctx.stroke();
      ctx.restore();
    }

    // The moments that have a line and a word.
    function ticks() {
      const wanted = (t1 - t0) / Math.max(2, (width - LEFT) / 110);
      let step = Math.pow(10, Math.floor(Math.log10(wanted)));
      for (const m of [1, 2, 5, 10])
        if (step * m >= wanted) { step *= m; break; }
      const all = [];
      for (let k = Math.ceil(t0 / step); k * step <= t1; k++) all.push(k * step);
      return all;
    }

    function drawGrid() {
      ctx.strokeStyle = colors["--rule"];
      ctx.lineWidth = 1;
      ctx.beginPath();
      for (const t of ticks()) {
        const px = Math.round(x(t)) + .5;
        ctx.moveTo(px, TOP - 4);
        ctx.lineTo(px, height - BOTTOM + 4);
      }
      ctx.stroke();
    }

    // Below the lanes, of which there may be more than there is room for.
    function drawTimes() {
      ctx.fillStyle = colors["--panel"];
      ctx.fillRect(LEFT, height - BOTTOM + 4, width - LEFT, BOTTOM);
      ctx.fillStyle = colors["--soft"];
      ctx.font = font(11.5);
      ctx.textAlign = "center";
      for (const t of ticks()) {
        const px = x(t);
        if (px > LEFT + 18 && px < width - 18) ctx.fillText(label(t), px, height - 9);
      }
    }

    function drawLanes() {
      for (let n = 0; n < nodes; n++) {
        const py = Math.round(y(n)) + .5;
        if (py < TOP - laneHeight || py > height) continue;
        ctx.strokeStyle = colors["--lane"];
        ctx.globalAlpha = .55;
        ctx.setLineDash([2, 5]);
        line(LEFT, py, width, py, 1);
        ctx.setLineDash([]);
        ctx.globalAlpha = 1;
        for (const u of up[n])
          if (u.t1 >= t0 && u.t0 <= t1) line(x(u.t0), py, x(u.t1), py, 2);
        for (const p of pauses[n])
          if (p.t1 >= t0 && p.t0 <= t1) {
            ctx.fillStyle = colors["--faint"];
            ctx.globalAlpha = .35;
            ctx.fillRect(x(p.t0), py - 7, x(p.t1) - x(p.t0), 14);
            ctx.globalAlpha = 1;
          }
      }
    }

    // Over the messages: whom each member takes for the leader.
    function drawLeaders() {
      const h = Math.max(5, Math.min(13, laneHeight * .13));
      for (let n = 0; n < nodes; n++) {
        const top = Math.round(y(n)) + .5 + laneHeight / 2 - h - 4;
        if (top < TOP - laneHeight || top > height) continue;
        for (const l of leads[n]) {
          if (l.t1 < t0 || l.t0 > t1) continue;
          const a = Math.max(LEFT, x(l.t0)),
            b = Math.min(width, x(l.t1));
          ctx.fillStyle = leaderColor(l.leader);
          ctx.globalAlpha = l.sure ? (l.leader === n ? 1 : .55) : .2;
          ctx.fillRect(a, top, Math.max(1, b - a), h);
          ctx.globalAlpha = 1;
          if (h >= 10 && b - a > 74 && l.sure) {
            ctx.font = font(10, 600);
            ctx.textAlign = "left";
            ctx.fillStyle = colors["--panel"];
            ctx.fillText(l.leader === n ? "♛ leads" : "leader " + l.leader, a + 5, top + h - 2.5);
          }
        }
      }
    }

    function line(ax, ay, bx, by, w) { ctx.lineWidth = w;
      ctx.beginPath();
      ctx.moveTo(ax, ay);
      ctx.lineTo(bx, by);
      ctx.stroke(); }
    // Far out, one of many messages stands for its neighbours; near, each has its arrow.
    function drawMessages() {
      const first = firstAt(messages, t0 - slowest, m => m.t0),
        last = firstAt(messages, t1, m => m.t0);
      const count = last - first,
        step = Math.max(1, Math.ceil(count / 6000));
      const perPixel = count / Math.max(1, width),
        alpha = Math.max(.16, Math.min(.95, 1.1 / (1 + perPixel * 1.4)));
      ["--probe", "--gossip", "--data", "--stream"].forEach((color, kind) => {
        if (!shown[kind]) return;
        ctx.strokeStyle = colors[color];
        ctx.globalAlpha = alpha;
        ctx.lineWidth = kind ? 1.3 : 1;
        ctx.beginPath();
        for (let k = first; k < last; k += kind === 3 ? 1 : step) {
          const m = messages[k];
          if (m.kind !== kind || m.t1 < t0) continue;
          const ax = x(m.t0),
            bx = x(m.t1);
          ctx.moveTo(ax, y(m.a));
          ctx.lineTo(bx, y(m.b));
        }
        ctx.stroke();
        if (count < 400) arrows(kind, first, last, colors[color]);
      });
      ctx.globalAlpha = 1;
    }

    function arrows(kind, first, last, color) {
      ctx.fillStyle = color;
      ctx.globalAlpha = .95;
      for (let k = first; k < last; k++) {
        const m = messages[k];
        if (m.kind !== kind) continue;
        const bx = x(m.t1),
          by = y(m.b),
          a = Math.atan2(by - y(m.a), bx - x(m.t0));
        ctx.beginPath();
        ctx.moveTo(bx, by);
        ctx.lineTo(bx - 8 * Math.cos(a - .35), by - 8 * Math.sin(a - .35));
        ctx.lineTo(bx - 8 * Math.cos(a + .35), by - 8 * Math.sin(a + .35));
        ctx.fill();
      }
    }
    """#
}
