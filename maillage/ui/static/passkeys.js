// A passkey is added or used (WebAuthn): the page holds the question, this asks the device and posts its answer.
const box = document.getElementById("passkey");
const form = box.querySelector("form");
const status = form.querySelector("[role=status]");
const button = form.querySelector("button");
const question = JSON.parse(box.dataset.question).publicKey;

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function options() {
  const asked = { ...question, challenge: toBytes(question.challenge) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    if (question[name]) asked[name] = question[name].map((key) => ({ ...key, id: toBytes(key.id) }));
  }
  if (question.user) asked.user = { ...question.user, id: toBytes(question.user.id) };
  return { publicKey: asked };
}

function answer(credential) {
  const said = { clientExtensionResults: credential.getClientExtensionResults(), id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: {} };
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) said.response[name] = toText(credential.response[name]);
  }
  return JSON.stringify(said);
}

async function ask() {
  status.textContent = "";
  if (form.elements.name && !form.reportValidity()) return;
  try {
    const credential = box.dataset.how === "register" ? await navigator.credentials.create(options()) : await navigator.credentials.get(options());
    form.elements.credential.value = answer(credential);
    form.submit();
  } catch {
    status.textContent = box.dataset.failed;
  }
}

button.addEventListener("click", ask);
form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
if (box.dataset.how === "prove") ask();
