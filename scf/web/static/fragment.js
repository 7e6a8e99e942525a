"use strict";
// A mailed link carries its token behind the #, which no server and no log sees: it is moved into the form here.
(() => {
  const token = location.hash.slice(1);
  const input = document.querySelector("[data-fragment]");
  if (!token || !input) return;
  history.replaceState(null, "", location.pathname);
  input.value = token;
  if (input.dataset.fragment === "send") input.form.requestSubmit();
  else input.closest(".field").hidden = true;
})();
