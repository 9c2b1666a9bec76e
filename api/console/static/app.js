// Nothing depends on this: it only saves a second look.
"use strict";
// A form that is on its way says so, and is not sent twice from here. The server does it once in any case.
document.addEventListener("submit", function (e) {
  if (e.target.method !== "post") return;
  if (e.target.dataset.sent) { e.preventDefault(); return; }
  e.target.dataset.sent = "1";
  try { sessionStorage.setItem("sent", Date.now()); } catch (x) { /* then pages are asked for again by their age */ }
  var b = e.submitter || e.target.querySelector("button:not(.plain)");
  if (b) b.setAttribute("aria-busy", "true");
});
// What is wrong is read first.
var wrong = document.querySelector(".summary");
if (wrong) wrong.focus();
// A page from the browser's memory may be old, or from before a form was sent.
var made = Date.now();
window.addEventListener("pageshow", function (e) {
  var sent = 0;
  try { sent = Number(sessionStorage.getItem("sent")); } catch (x) { /* none is known */ }
  if (e.persisted && (Date.now() - made > 60000 || sent > made)) location.reload();
  document.querySelectorAll("form[data-sent]").forEach(function (f) { delete f.dataset.sent; });
});
// Two minutes before a session ends, a bar says so. Typing is use, told to the server every five minutes at most.
var bar = document.querySelector(".ends"), ends = made + 1000 * Number(document.body.dataset.seconds), told = made;
function use() {
  told = Date.now();
  fetch("/akun/pakai", { method: "POST" }).then(function (a) {
    if (!a.ok) return;
    ends = Date.now() + 1000 * Number(a.headers.get("X-Session-Seconds"));
    look();
  }, function () { /* the line is down: the bar will say when it matters */ });
}
function look() { bar.hidden = ends - Date.now() > 120000; }
if (bar) {
  setInterval(look, 5000);
  document.addEventListener("input", function () { if (Date.now() - told > 300000) use(); });
  bar.querySelector("button").addEventListener("click", use);
}
