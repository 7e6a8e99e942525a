"use strict";
// The anchor's desk: a part typed in a row counts in the running total instead of the whole, and ticks the row.
(() => {
  const minorOf = (text, digits) => {
    const found = /^\s*(\d{1,15})(?:\.(\d*))?\s*$/.exec(text);
    if (!found) return null;
    const [, whole, rest = ""] = found;
    if (rest.slice(digits).replaceAll("0", "")) return null;
    return String(BigInt(whole + rest.slice(0, digits).padEnd(digits, "0")));
  };
  for (const field of document.querySelectorAll("input[data-part]")) {
    const box = field.closest("tr").querySelector("input[data-minor]");
    if (!box) continue;
    const whole = box.dataset.minor;
    const count = (ticks) => {
      box.dataset.minor = field.value.trim() ? minorOf(field.value, Number(box.dataset.digits)) ?? whole : whole;
      if (ticks && field.value.trim()) box.checked = true;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    };
    field.addEventListener("input", () => count(true));
    if (field.value.trim()) count(false);
  }
})();
