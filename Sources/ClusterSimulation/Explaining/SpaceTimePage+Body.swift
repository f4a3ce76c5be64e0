extension SpaceTimePage {
  /// The parts of the page: head, controls, diagram, story, overview, and the signs and keys.
  static let body = #"""
    <header><h1 id="name"></h1><span id="verdict" class="verdict"></span><span id="facts"
      class="facts"></span></header>
    <nav aria-label="View">
    <button id="fit" title="Show the whole run (0)">Whole run</button>
    <button id="out" title="Zoom out (-)" aria-label="Zoom out">−</button>
    <button id="in" title="Zoom in (+)" aria-label="Zoom in">+</button>
    <button id="prev" title="The story's event before this (p)">‹ Previous</button>
    <button id="next" title="The story's next event (n)">Next ›</button>
    <button id="fault" title="What broke (f)">Failure</button>
    <span id="chips" role="group" aria-label="What is shown"></span>
    <span class="gap"></span>
    <input id="find" type="search" placeholder="Find: leader 2, k3, #4711" aria-label="Find an
      event (/)" size="24">
    <button id="theme" title="Light or dark (d)" aria-label="Light or dark">◐</button>
    <button id="ask" title="Keys (?)" aria-label="Keys">?</button>
    </nav>
    <main><canvas id="view" tabindex="0" role="application" aria-roledescription="space-time
      diagram"
    aria-label="Members as lanes, time from left to right. Arrow keys move, plus and minus zoom,
      n and p go through the story."></canvas>
    <div id="tip" role="status"></div></main>
    <aside aria-label="Story"><h2>Selected</h2><div id="detail"><p class="none">Nothing yet:
      click an event, or press n.</p></div>
    <h2 id="storyTitle">Story</h2><ol id="story"></ol></aside>
    <div id="map"><canvas id="overview" aria-hidden="true"></canvas></div>
    <p id="said" class="hidden" aria-live="polite"></p>
    <dialog id="keys" aria-label="Signs and keys"><b>Signs</b><dl class="signs">
    <dt>▶ ❘</dt><dd>its process starts; ends</dd><dt>○</dt><dd>suspects a member</dd>
    <dt>⊗</dt><dd>takes a member for dead</dd><dt>●</dt><dd>takes a member for alive again</dd>
    <dt>♛</dt><dd>sees another leader; the ribbon under a lane has the colour of the leader that
      it sees</dd>
    <dt>■</dt><dd>writes</dd><dt>◆</dt><dd>holds a conflict: two writes of which neither had seen
      the other</dd>
    <dt>✕</dt><dd>a message that was lost, or cut</dd><dt>▒</dt><dd>members of one colour reach
      each other; hatched: in part</dd>
    </dl><b>Keys</b><dl>
    <dt>← →</dt><dd>move in time (with Shift: a whole window)</dd><dt>↑ ↓</dt><dd>scroll the
      lanes</dd>
    <dt>+ −</dt><dd>zoom; also the wheel, at the pointer</dd><dt>0</dt><dd>the whole run</dd>
    <dt>n p</dt><dd>next and previous event of the story</dd><dt>w</dt><dd>go to what caused the
      selected event</dd>
    <dt>f</dt><dd>to the failure</dd><dt>1 to 6</dt><dd>show or hide a
      kind</dd><dt>/</dt><dd>find</dd>
    <dt>d</dt><dd>light or dark</dd><dt>Esc</dt><dd>select nothing</dd></dl>
    <form method="dialog"><button autofocus>Close</button></form></dialog>
    """#
}
