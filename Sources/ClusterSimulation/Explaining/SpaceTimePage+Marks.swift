extension SpaceTimePage {
  /// Draws losses, the chain of causes, marks, names, faults and the overview.
  static let marks = #"""
    function drawLost() {
      if (!shown[4]) return;
      const first = firstAt(lostOnes, t0 - 1, m => m.t0),
        last = firstAt(lostOnes, t1, m => m.t0);
      const step = Math.max(1, Math.ceil((last - first) / 1500)),
        r = last - first > 600 ? 2 : 3.5;
      ctx.strokeStyle = colors["--dead"];
      ctx.lineWidth = 1.2;
      ctx.globalAlpha = last - first > 600 ? .45 : .85;
      ctx.beginPath();
      for (let k = first; k < last; k += step) {
        const m = lostOnes[k],
          dir = Math.sign(m.b - m.a) || 1,
          py = y(m.a),
          px = x(m.t0);
        const ey = py + dir * Math.min(laneHeight * .34, 26),
          ex = px + Math.min(9, Math.max(2, x(m.t1) - px + 4));
        ctx.moveTo(px, py);
        ctx.lineTo(ex, ey);
        ctx.moveTo(ex - r, ey - r);
        ctx.lineTo(ex + r, ey + r);
        ctx.moveTo(ex + r, ey - r);
        ctx.lineTo(ex - r, ey + r);
      }
      ctx.stroke();
      ctx.globalAlpha = 1;
    }

    function drawChain() {
      if (chain.length < 1) return;
      ctx.strokeStyle = colors["--pick"];
      ctx.lineWidth = 2.4;
      ctx.lineJoin = "round";
      ctx.beginPath();
      let begun = false;
      for (const i of chain) {
        if (NODE[i] < 0) break;
        if (begun) ctx.lineTo(x(T[i]), y(NODE[i]));
        else ctx.moveTo(x(T[i]), y(NODE[i]));
        begun = true;
      }
      ctx.stroke();
      const i = chain[0];
      if (NODE[i] < 0) return;
      ctx.beginPath();
      ctx.arc(x(T[i]), y(NODE[i]), 9, 0, 7);
      ctx.stroke();
    }

    function drawMarks() {
      const last = firstAt(marks, t1, m => m.t),
        bins = new Map();
      for (let k = firstAt(marks, t0, m => m.t); k < last; k++) {
        const m = marks[k];
        if (m.n < 0 || (m.shape === "box" && !shown[5])) continue;
        const key = m.n * 1e6 + Math.round(x(m.t) / 11),
          other = bins.get(key);
        if (!other || other.weight < m.weight) bins.set(key, m);
      }
      for (const m of bins.values()) glyph(m, x(m.t), y(m.n));
      if (laneHeight < 52) return;
      // A word beside a mark, where the next one leaves room for it.
      const rows = [];
      ctx.font = font(11, 600);
      ctx.textAlign = "center";
      for (const m of bins.values())(rows[m.n] ||= []).push(m);
      for (const row of rows) {
        if (!row) continue;
        row.sort((a, b) => a.t - b.t);
        let end = -1e9;
        row.forEach((m, k) => {
          const words = m.word.length > 26 ? m.word.slice(0, 25) + "…" : m.word,
            w = ctx.measureText(words).width / 2 + 4,
            px = Math.max(LEFT + w + 2, Math.min(x(m.t), width - w - 2));
          const next = k + 1 < row.length ? x(row[k + 1].t) : 1e9;
          if (px - w < end || next - 5 < px + w) return;
          end = px + w;
          ctx.globalAlpha = .82;
          ctx.fillStyle = colors["--panel"];
          ctx.beginPath();
          ctx.roundRect(px - w, y(m.n) - 25, 2 * w, 15, 4);
          ctx.fill();
          ctx.globalAlpha = 1;
          ctx.fillStyle = colors[m.color];
          ctx.fillText(words, px, y(m.n) - 14);
        });
      }
    }

    function glyph(m, px, py) {
      const c = colors[m.color],
        r = laneHeight > 44 ? 5 : 4;
      ctx.lineWidth = 2;
      ctx.strokeStyle = c;
      ctx.fillStyle = c;
      ctx.beginPath();
      const path = pts => { pts.forEach(([a, b], k) => k ? ctx.lineTo(px + a * r, py + b * r) :
          ctx.moveTo(px + a * r, py + b * r));
        ctx.closePath(); };
      if (m.shape === "ring") { ctx.arc(px, py, r, 0, 7);
        ctx.fillStyle = colors["--panel"];
        ctx.fill();
        ctx.stroke(); } else if (m.shape === "dot") { ctx.arc(px, py, r - .5, 0, 7);
        ctx.fill(); } else if (m.shape === "cross") {
        ctx.arc(px, py, r + .5, 0, 7);
        ctx.fill();
        ctx.strokeStyle = colors["--panel"];
        ctx.lineWidth = 1.6;
        ctx.beginPath();
        ctx.moveTo(px - 2.4, py - 2.4);
        ctx.lineTo(px + 2.4, py + 2.4);
        ctx.moveTo(px + 2.4, py - 2.4);
        ctx.lineTo(px - 2.4, py + 2.4);
        ctx.stroke();
      } else if (m.shape === "box") { ctx.rect(px - r + 1, py - r + 1, 2 * r - 2, 2 * r - 2);
        ctx.fill(); } else if (m.shape === "diamond") { path([
          [0, -1.5],
          [1.5, 0],
          [0, 1.5],
          [-1.5, 0]
        ]);
        ctx.fill(); } else if (m.shape === "crown") {
        path([
          [-1.2, .9],
          [-1.3, -.8],
          [-.5, .1],
          [0, -1.1],
          [.5, .1],
          [1.3, -.8],
          [1.2, .9]
        ]);
        const l = /^(\d+)/.exec(m.word);
        ctx.fillStyle = l ? leaderColor(+l[1]) : colors["--faint"];
        ctx.fill();
      } else if (m.shape === "play") { path([
          [-.9, -1.2],
          [1.3, 0],
          [-.9, 1.2]
        ]);
        ctx.fill(); } else if (m.shape === "stop") { ctx.rect(px - 2, py - r - 3, 4, 2 * r + 6);
        ctx.fill(); } else { for (let k = 0; k < 10; k++) { const a = k * Math.PI / 5 - Math.PI /
            2,
            d = k % 2 ? 5 : 11;
          ctx.lineTo(px + d * Math.cos(a), py + d * Math.sin(a)); } ctx.closePath();
        ctx.fill(); }
    }

    function drawNames() {
      ctx.fillStyle = colors["--panel"];
      ctx.fillRect(0, 0, LEFT, height);
      ctx.strokeStyle = colors["--rule"];
      line(LEFT + .5, 0, LEFT + .5, height, 1);
      ctx.textAlign = "left";
      for (let n = 0; n < nodes; n++) {
        const py = y(n);
        if (py < TOP - 10 || py > height - 8) continue;
        ctx.fillStyle = leaderColor(n);
        ctx.beginPath();
        ctx.roundRect(14, py - 9, 4, 18, 2);
        ctx.fill();
        ctx.fillStyle = colors["--ink"];
        ctx.font = font(13, 600);
        ctx.fillText(n < +head.nodes ? "member " + n : "guest " + n, 24, py + 4.5);
      }
      const below = Math.floor((y(nodes - 1) - (height - 8)) / laneHeight) + 1;
      if (below <= 0) return;
      ctx.fillStyle = colors["--panel"];
      ctx.fillRect(0, height - BOTTOM, LEFT, BOTTOM);
      ctx.fillStyle = colors["--soft"];
      ctx.font = font(11.5);
      ctx.fillText("↓ " + below + " more", 24, height - 9);
    }

    // What was done to the cluster in sight, together what was done at one moment.
    function faultsInSight() {
      const moments = [];
      for (const i of story) {
        if ((KIND[i] !== "action" && KIND[i] !== "failed") || T[i] < t0 || T[i] > t1) continue;
        const last = moments[moments.length - 1];
        if (last && T[last[0]] === T[i] && KIND[last[0]] === KIND[i]) last.push(i);
        else moments.push([i]);
      }
      return moments;
    }

    function drawActions() {
      ctx.fillStyle = colors["--panel"];
      ctx.fillRect(0, 0, width, TOP - 6);
      ctx.strokeStyle = colors["--rule"];
      line(0, TOP - 5.5, width, TOP - 5.5, 1);
      ctx.fillStyle = colors["--soft"];
      ctx.font = font(11.5);
      ctx.textAlign = "left";
      ctx.fillText("faults", 24, 25);
      ctx.save();
      ctx.beginPath();
      ctx.rect(LEFT, 0, width - LEFT, height);
      ctx.clip();
      ctx.font = font(12, 600);
      const ends = [-1e9, -1e9];
      const moments = faultsInSight();
      for (const [i] of moments) {
        const isFailure = KIND[i] === "failed",
          px = x(T[i]),
          color = colors[isFailure ? "--fail" : "--ink"];
        ctx.strokeStyle = color;
        ctx.globalAlpha = isFailure ? .9 : .5;
        ctx.setLineDash(isFailure ? [] : [3, 4]);
        line(Math.round(px) + .5, 12, Math.round(px) + .5, height - BOTTOM, isFailure ? 1.6 : 1);
        ctx.setLineDash([]);
        ctx.globalAlpha = 1;
        ctx.fillStyle = color;
        ctx.beginPath();
        ctx.arc(px, 8, 3.5, 0, 7);
        ctx.fill();
      }
      // Words over all lines; two of a moment at most, the rest as a number.
      for (const moment of moments) {
        const isFailure = KIND[moment[0]] === "failed",
          px = x(T[moment[0]]);
        moment.slice(0, 2).forEach((i, k) => {
          const rest = k ? moment.length - 2 : 0,
            name = isFailure ? "broke" : FIELDS[i],
            words = (name.length > 34 ? name.slice(0, 33) + "…" : name) +
              (rest ? " and " + rest + " more" : "");
          const w = ctx.measureText(words).width + 12,
            left = Math.min(px + 3, width - w);
          const row = ends[0] < left ? 0 : ends[1] < left ? 1 : -1;
          if (row < 0) return;
          ends[row] = left + w;
          ctx.fillStyle = colors["--panel"];
          ctx.fillRect(left, 6 + row * 17, w, 16);
          ctx.fillStyle = colors[isFailure ? "--fail" : "--ink"];
          ctx.textAlign = "left";
          ctx.fillText(words, left + 4, 18 + row * 17);
        });
      }
      ctx.restore();
    }

    function drawOverview() {
      const box = small.parentElement.getBoundingClientRect(),
        w = box.width,
        h = box.height;
      const at = t => LEFT + t / END * (w - LEFT - 12);
      sctx.clearRect(0, 0, w, h);
      for (const s of sides)
        if (!s.whole) {
          sctx.fillStyle = tint(1);
          sctx.fillRect(at(s.t0), 8, Math.max(1, at(s.t1) - at(s.t0)), h - 16);
        }
      const bars = Math.max(60, Math.floor((w - LEFT) / 3));
      if (!drawOverview.bins || drawOverview.bins.length !== bars) {
        const bins = new Float64Array(bars);
        for (let i = 0; i < N; i++) bins[Math.min(bars - 1, Math.floor(T[i] / END * bars))]++;
        drawOverview.bins = bins;
        drawOverview.most = Math.max(1, ...bins);
      }
      sctx.fillStyle = colors["--gossip"];
      sctx.globalAlpha = .75;
      drawOverview.bins.forEach((v, k) => {
        if (v) {
          const bh = Math.sqrt(v / drawOverview.most) * (h - 24);
          sctx.fillRect(at(k / bars * END), h - 12 - bh, Math.max(1, (w - LEFT) / bars - 1),
            bh);
        }
      });
      sctx.globalAlpha = 1;
      for (const i of story) {
        if (KIND[i] !== "action" && KIND[i] !== "failed") continue;
        sctx.fillStyle = colors[KIND[i] === "failed" ? "--fail" : "--ink"];
        sctx.fillRect(at(T[i]), 4, KIND[i] === "failed" ? 3 : 1, h - 12);
      }
      const a = at(t0),
        b = Math.max(at(t1), a + 3);
      sctx.fillStyle = colors["--panel"];
      sctx.globalAlpha = .68;
      sctx.fillRect(LEFT, 0, a - LEFT, h);
      sctx.fillRect(b, 0, w - b, h);
      sctx.globalAlpha = 1;
      sctx.strokeStyle = colors["--accent"];
      sctx.lineWidth = 2;
      sctx.strokeRect(a, 3, b - a, h - 6);
      sctx.fillStyle = colors["--soft"];
      sctx.font = font(11.5);
      sctx.textAlign = "left";
      sctx.fillText("whole run", 24, h / 2 + 4);
    }
    """#
}
