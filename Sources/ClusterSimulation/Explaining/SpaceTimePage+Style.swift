extension SpaceTimePage {
  /// The look: two palettes, one grid.
  static let style = #"""
    :root{color-scheme:light dark;
    --bg:#fbfaf7;--panel:#ffffff;--ink:#1c1f24;--soft:#515964;--faint:#a3a9b2;--rule:#e3e1da;
      --lane:#c9c7bf;
    --accent:#2456c9;--probe:#9aa3b0;--gossip:#4a7dd9;--data:#0b8f79;--stream:#8455c7;
    --suspect:#c77700;--dead:#c2293a;--alive:#196326;--write:#0b8f79;--conflict:#b3219c;
      --fail:#a3182a;
    --pick:#111418;--g0:#dfe9fb;--g1:#fbe6d6;--g2:#e2f2e1;--g3:#f3e2f4;--g4:#f7efcf;--g5:#dff1f3;
    --l0:#2f6fde;--l1:#d06b1f;--l2:#2c8f4d;--l3:#9a4fb5;--l4:#a38108;--l5:#12889a;
      --shadow:#0000001f}
    @media (prefers-color-scheme:dark){:root:not([data-theme=light]){
    --bg:#14161a;--panel:#1b1e24;--ink:#e8e9ec;--soft:#a2aab6;--faint:#6b7280;--rule:#2b2f37;
      --lane:#454b56;
    --accent:#7ea6ff;--probe:#6f7886;--gossip:#6f9bf0;--data:#37c3a9;--stream:#b18bf0;
    --suspect:#f0a83c;--dead:#ff6b74;--alive:#63c777;--write:#37c3a9;--conflict:#f274dc;
      --fail:#ff6b74;
    --pick:#ffffff;--g0:#1d2a44;--g1:#3d2a1b;--g2:#1d3424;--g3:#37233b;--g4:#37311a;--g5:#17353a;
    --l0:#6f9ff5;--l1:#f0955a;--l2:#5fc07c;--l3:#c98be0;--l4:#d3b544;--l5:#4fc0d0;
      --shadow:#00000066}}
    :root[data-theme=dark]{color-scheme:dark;
    --bg:#14161a;--panel:#1b1e24;--ink:#e8e9ec;--soft:#a2aab6;--faint:#6b7280;--rule:#2b2f37;
      --lane:#454b56;
    --accent:#7ea6ff;--probe:#6f7886;--gossip:#6f9bf0;--data:#37c3a9;--stream:#b18bf0;
    --suspect:#f0a83c;--dead:#ff6b74;--alive:#63c777;--write:#37c3a9;--conflict:#f274dc;
      --fail:#ff6b74;
    --pick:#ffffff;--g0:#1d2a44;--g1:#3d2a1b;--g2:#1d3424;--g3:#37233b;--g4:#37311a;--g5:#17353a;
    --l0:#6f9ff5;--l1:#f0955a;--l2:#5fc07c;--l3:#c98be0;--l4:#d3b544;--l5:#4fc0d0;
      --shadow:#00000066}
    :root[data-theme=light]{color-scheme:light}
    *{box-sizing:border-box}
    html,body{height:100%;margin:0}
    body{display:grid;grid-template:auto auto 1fr auto/minmax(0,1fr) minmax(260px,340px);
      background:var(--bg);
    color:var(--ink);
      font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
    header{grid-column:1/3;display:flex;flex-wrap:wrap;gap:4px 18px;align-items:baseline;
    padding:12px 18px 8px}
    h1{font-size:19px;font-weight:650;margin:0;letter-spacing:-.01em}
    header .facts{color:var(--soft);font-variant-numeric:tabular-nums}
    .verdict{border-radius:99px;padding:2px 11px;font-weight:600;font-size:13px}
    .verdict.good{background:color-mix(in srgb,var(--alive) 16%,transparent);color:var(--alive)}
    .verdict.bad{background:color-mix(in srgb,var(--fail) 16%,transparent);color:var(--fail)}
    #broken{grid-column:1/3;margin:0 18px 8px;padding:8px 12px;border-radius:8px;
      border-left:4px solid var(--fail);
    background:color-mix(in srgb,var(--fail) 9%,transparent)}
    nav{grid-column:1/3;display:flex;flex-wrap:wrap;gap:6px 8px;align-items:center;
      padding:0 18px 10px}
    nav .gap{flex:1}
    button,.chip,input[type=search]{font:inherit;font-size:13px;color:var(--ink);
      background:var(--panel);
    border:1px solid var(--rule);border-radius:7px;padding:3px 10px;min-height:30px}
    button{cursor:pointer}
    button:hover,.chip:hover{border-color:var(--accent)}
    .chip{display:inline-flex;gap:7px;align-items:center;cursor:pointer;user-select:none}
    .chip input{appearance:none;margin:0;width:11px;height:11px;border-radius:3px;
      border:2px solid var(--c);cursor:pointer}
    .chip input:checked{background:var(--c)}
    .chip:has(input:not(:checked)){color:var(--soft)}
    :focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    main{grid-column:1;grid-row:3;position:relative;min-height:0;min-width:0;
      border-top:1px solid var(--rule);background:var(--panel)}
    main canvas{position:absolute;inset:0;width:100%;height:100%;display:block;cursor:grab;
      touch-action:none}
    main canvas.dragging{cursor:grabbing}
    main canvas:focus-visible{outline-offset:-2px}
    #tip{position:absolute;pointer-events:none;max-width:420px;padding:7px 10px;border-radius:8px;
    background:var(--panel);border:1px solid var(--rule);box-shadow:0 4px 18px var(--shadow);
      font-size:12.5px;
    display:none;z-index:2;overflow-wrap:anywhere}
    #tip b{font-weight:600}
    #tip span{color:var(--soft);font-variant-numeric:tabular-nums}
    aside{grid-column:2;grid-row:3/5;min-height:0;display:grid;
      grid-template-rows:auto fit-content(46%) auto 1fr;border-top:1px solid var(--rule);
      border-left:1px solid var(--rule);
    background:var(--bg)}
    aside h2{font-size:11.5px;font-weight:650;letter-spacing:.06em;text-transform:uppercase;
    color:var(--soft);margin:0;padding:11px 14px 6px;background:var(--bg)}
    ol{list-style:none;margin:0;padding:0 8px 10px}
    li button{display:grid;grid-template-columns:62px 1fr;gap:8px;width:100%;text-align:left;
      border:0;background:none;
    padding:3px 6px;border-radius:6px;min-height:0;line-height:1.4}
    li button:hover{background:color-mix(in srgb,var(--accent) 9%,transparent)}
    li button[aria-current=true]{background:color-mix(in srgb,var(--accent) 17%,transparent)}
    li time{color:var(--soft);font-variant-numeric:tabular-nums;text-align:right}
    li .dot{display:inline-block;width:8px;height:8px;border-radius:50%;margin-right:7px;
      background:var(--c)}
    li.act .dot{border-radius:2px}
    li.act button{font-weight:600}
    li small{color:var(--soft);font-size:12px;overflow-wrap:anywhere}
    #detail{padding:0 14px 12px;border-bottom:1px solid var(--rule);overflow:auto;
      overflow-wrap:anywhere}
    #story{overflow:auto}
    #detail p.what{font-weight:600;font-size:15px}
    #detail ol{padding:0;margin:0 -6px}
    #detail p{margin:3px 0}
    #detail code{font:12px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    #detail .none{color:var(--soft)}
    #map{grid-column:1;grid-row:4;position:relative;height:62px;border-top:1px solid var(--rule);
      background:var(--panel)}
    #map canvas{position:absolute;inset:0;width:100%;height:100%;touch-action:none;
      cursor:ew-resize}
    dialog{border:1px solid var(--rule);border-radius:12px;background:var(--panel);
      color:var(--ink);
    box-shadow:0 12px 48px var(--shadow);padding:18px 24px;max-width:560px}
    dialog::backdrop{background:#0006}
    dialog dl{display:grid;grid-template-columns:auto 1fr;gap:5px 16px;margin:10px 0}
    dialog .signs dt{font-size:15px;text-align:center}
    dialog dt{font:12.5px ui-monospace,SFMono-Regular,Menlo,monospace;color:var(--accent)}
    dialog dd{margin:0}
    .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    @media (max-width:820px){body{grid-template:auto auto minmax(300px,1fr) auto 40vh/1fr}
    header,nav,#broken{grid-column:1}aside{grid-column:1;grid-row:5;border-left:0}}
    @media (prefers-reduced-motion:no-preference){#tip{transition:opacity .1s}}
    """#
}
