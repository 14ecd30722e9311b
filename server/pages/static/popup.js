// Tells the window that opened this page how its flow ended; without one, asks for the six digits.
"use strict";

const result = document.getElementById("result");

function messageOf(data) {
  const message = { source: "invoicebridge", kind: data.kind };
  if (data.kind === "sign-in") {
    message.ticket = data.ticket;
    if (data.code) message.code = data.code;
    return message;
  }
  message.service = data.service;
  message.ok = data.ok === "yes";
  if (data.reason) message.reason = data.reason;
  return message;
}

function show(selector) {
  for (const element of document.querySelectorAll(selector)) element.hidden = false;
}

function tellOpener(data) {
  // To the exact origin of the widget only: any other window that opened this page hears nothing.
  window.opener.postMessage(messageOf(data), data.origin);
  if (data.stay) return;
  window.close();
  window.setTimeout(() => show(".when-told"), 400);
}

if (result && result.dataset.kind) {
  if (window.opener && !window.opener.closed) tellOpener(result.dataset);
  else show(result.dataset.kind === "sign-in" ? ".when-alone" : ".when-told");
}
const heading = document.querySelector("h1");
if (heading) heading.focus();
