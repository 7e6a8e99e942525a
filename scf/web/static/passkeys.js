"use strict";
// Passkeys: asks the API what the browser needs, lets the device answer, and sends the answer back.
(() => {
  const able = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;
  const token = document.querySelector("meta[name=csrf-token]").content;

  async function call(path, body) {
    const headers = { "X-CSRF-Token": token, "Idempotency-Key": crypto.randomUUID() };
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch("/api/v1" + path, { method: "POST", headers, body: body && JSON.stringify(body) });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail);
    return told;
  }

  async function show() {
    const { options } = await call("/session/passkey/options");
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const answer = await navigator.credentials.get({ publicKey });
    return call("/session/passkey", { answer: answer.toJSON() });
  }

  async function enrol(name) {
    const { options } = await call("/factors/passkeys/options");
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const answer = await navigator.credentials.create({ publicKey });
    return call("/factors/passkeys", { name, answer: answer.toJSON() });
  }

  for (const place of document.querySelectorAll("[data-passkey]")) {
    const said = place.querySelector("[role=alert]");
    if (!able) {
      said.textContent = "This browser is too old for passkeys.";
      continue;
    }
    const button = place.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "";
      try {
        const name = place.querySelector("input");
        if (place.dataset.passkey === "enrol") await enrol(name.value || name.placeholder);
        else await show();
        location.assign(place.dataset.next);
      } catch (error) {
        said.textContent = error.name === "NotAllowedError" ? "The device gave no passkey. Try again." : error.message;
        button.disabled = false;
      }
    });
  }
})();
