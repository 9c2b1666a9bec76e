// Nothing depends on this: it only saves a second look.
"use strict";
// A form that is on its way says so, and is not sent twice from here. The server does it once in any case.
document.addEventListener("submit", function (e) {
  if (e.target.method !== "post") return;
  if (e.target.dataset.sent) { e.preventDefault(); return; }
  e.target.dataset.sent = "1";
  var b = e.target.querySelector("button:not(.plain)");
  if (b) b.setAttribute("aria-busy", "true");
});
// What is wrong is read first.
var wrong = document.querySelector(".summary");
if (wrong) wrong.focus();
// A page from the browser's memory may be old.
var made = Date.now();
window.addEventListener("pageshow", function (e) {
  if (e.persisted && Date.now() - made > 60000) location.reload();
  document.querySelectorAll("form[data-sent]").forEach(function (f) { delete f.dataset.sent; });
});
