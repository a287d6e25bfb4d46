/** Where passkeys of this installation are good: the portal's own address and no other. */
export interface PasskeyPlace {
  readonly origin: string;
  /** The address's host: what passkeys are bound to. */
  readonly host: string;
}

/** From the portal's public address. */
export function passkeyPlace(publicUrl: string): PasskeyPlace {
  const { origin, hostname } = new URL(publicUrl);
  return { origin, host: hostname };
}

/** Two for each person: one in use and a spare. */
export const PASSKEY_SLOTS = [1, 2] as const;

/** What its owner calls a passkey; null when nothing readable was typed. */
export function readPasskeyLabel(text: string | null): string | null {
  const label = (text ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();
  return label.length >= 1 && label.length <= 40 ? label : null;
}
