// Around textual-serve's terminal: it waits for the font, hears why the socket closed, asks before a page that is in
// use is left, and offers full screen, in which a browser lets go of Ctrl+W and its like.
"use strict";
(() => {
  let open = false;
  let leaving = false;

  // textual.js reads what it should do from the address; only the server decides that here.
  if (location.search) history.replaceState(null, "", location.pathname);

  // A text that looks like an address is still only text.
  window.open = () => null;

  const Socket = WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url) {
      super(url);
      this.addEventListener("open", () => { open = true; });
      this.addEventListener("close", (event) => { open = false; ended(event.code); });
    }

    // What is said before it is open is only the size and the focus, both said again.
    send(said) {
      if (this.readyState === Socket.OPEN) super.send(said);
    }
  };

  function ended(code) {
    const box = document.querySelector("#ended");
    const own = box.querySelector(`[data-code="${Number(code)}"]`) || box.querySelector('[data-code="0"]');
    own.hidden = box.hidden = false;
    box.querySelector("#again").focus();
  }

  window.addEventListener("beforeunload", (event) => {
    if (open && !leaving) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form")) form.addEventListener("submit", () => { leaving = true; });
    const full = document.querySelector("#full-screen");
    full.addEventListener("click", async () => {
      await document.documentElement.requestFullscreen();
      await navigator.keyboard?.lock?.(["KeyW", "KeyT", "KeyN", "Escape"]);
      document.querySelector(".xterm-helper-textarea")?.focus();
    });

    // The size of a cell is measured once, when the terminal is made: not before the font is there.
    const start = window.onload;
    window.onload = null;
    const font = Promise.all([document.fonts.load('16px "Roboto Mono"'), document.fonts.load('bold 16px "Roboto Mono"')]);
    const loaded = new Promise((done) => window.addEventListener("load", done));
    const late = new Promise((done) => setTimeout(done, 2000));
    Promise.all([loaded, Promise.race([font.catch(() => 0), late])]).then(() => {
      start(new Event("load"));
      document.querySelector(".xterm-helper-textarea")?.focus();
    });
  });
})();
