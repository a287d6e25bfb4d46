// Passkeys: asks the browser for one and sends its answer with the form around it. A place is an element with the
// options of the portal (data-passkey to prove one, data-passkey-new to make one), hidden until this script finds that
// the browser can; in it a field named "passkey" and a button. Without this script there is password and number.
const can = Boolean(window.PublicKeyCredential && navigator.credentials);
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
const listed = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function prove(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
  const { id, type, rawId, response } = await navigator.credentials.get({ publicKey });
  return {
    id,
    type,
    rawId: text(rawId),
    response: {
      authenticatorData: text(response.authenticatorData),
      clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature),
      ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
    },
  };
}

async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
  };
  const { id, type, rawId, response } = await navigator.credentials.create({ publicKey });
  return {
    id,
    type,
    rawId: text(rawId),
    response: {
      attestationObject: text(response.attestationObject),
      clientDataJSON: text(response.clientDataJSON),
      transports: response.getTransports?.() ?? [],
    },
  };
}

function listen(place, ask) {
  const button = place.querySelector('[data-passkey-press]');
  const field = place.querySelector('input[name="passkey"]');
  const trouble = place.querySelector('[data-passkey-error]');
  place.hidden = false;
  button.addEventListener('click', async () => {
    if (trouble) trouble.hidden = true;
    button.disabled = true;
    try {
      field.value = JSON.stringify(await ask());
      const form = place.closest('form');
      form.requestSubmit(form.querySelector('button[type="submit"]'));
    } catch {
      if (trouble) trouble.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}

if (can) {
  for (const place of document.querySelectorAll('[data-passkey]')) listen(place, () => prove(JSON.parse(place.dataset.passkey)));
  for (const place of document.querySelectorAll('[data-passkey-new]')) listen(place, () => make(JSON.parse(place.dataset.passkeyNew)));
  for (const without of document.querySelectorAll('[data-no-passkey]')) without.hidden = true;
}
